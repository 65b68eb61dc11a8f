// SPDX-License-Identifier: Apache-2.0
#include "store/rules/replies.hpp"

#include "message/limits.hpp"
#include "support/carrier_facts.hpp"

namespace tidings::store::rules {

namespace {

using namespace tidings::test;
using std::chrono::days;

class ReplyRules : public CarrierRulesTest {
protected:
    using CarrierRulesTest::receive;
    Inbound part(const std::string& content, std::uint8_t sequence, std::uint8_t total)
    {
        Inbound inbound = reply(content);
        inbound.part = text::PartOf{.reference = 7, .total = total, .sequence = sequence};
        return inbound;
    }
    // Those of the last batch.
    std::vector<std::string> contents() const
    {
        std::vector<std::string> found;
        for (const NewReply& made : effects.replies) found.push_back(made.reply.content);
        return found;
    }
    // Which message the handset answers, when it says something now.
    std::optional<base::Uuid> answered()
    {
        receive(reply("answer"));
        return effects.replies.empty() ? std::nullopt : effects.replies[0].reply.message;
    }
    void own_number() { settings.put(Number{our_number, account.key}); }
    void deliver_late_parts()
    {
        DeliverLateParts item({{link, {our_number, handset}, 7, 3}});
        carry_out(item);
    }
};

using Contents = std::vector<std::string>;

// ---- whose it is

TEST_F(ReplyRules, AReplyAnswersTheMessageOfItsThreadAndIsToldToItsReceivers)
{
    NewMessage message = text("question");
    message.submission.callback_url = "https://example.com/hook";
    message.submission.metadata = {{"key", "value"}};
    message.submission.source = "+" + std::string(our_number);
    submit(message, {"1"});
    receive(reply("answer"));

    ASSERT_EQ(effects.replies.size(), 1u);
    const message::Reply& got = effects.replies[0].reply;
    EXPECT_EQ(got.message, message.id);
    EXPECT_EQ(got.content, "answer");
    EXPECT_EQ(got.source, "+" + std::string(handset));
    EXPECT_EQ(got.destination, "+" + std::string(our_number));
    EXPECT_EQ(got.metadata, message.submission.metadata);
    EXPECT_EQ(got.account, "MyAccount");
    ASSERT_EQ(effects.callbacks.size(), 1u);
    const Callback& callback = effects.due_callbacks.at(0).item;
    EXPECT_EQ(callback.url, "https://example.com/hook");
    EXPECT_EQ(callback.original, "question");
    EXPECT_EQ(callback.reply->id, got.id);
}

TEST_F(ReplyRules, TheNewestMessageIsAnsweredForAsLongAsItLives)
{
    submit({"1"});
    clock.advance(days(1));
    NewMessage newest = submit({"2"});
    EXPECT_EQ(answered(), newest.id);
    clock.advance(days(45));
    EXPECT_EQ(answered(), newest.id);
    clock.advance(1ms);
    EXPECT_EQ(answered(), std::nullopt);
    EXPECT_EQ(effects.unmatched_replies.size(), 1u);
}

TEST_F(ReplyRules, ANumberThatManyUseBelongsToItsLastMessageForAWeek)
{
    settings.put(Number{our_number, {}});
    NewMessage message = submit({"1"});
    clock.advance(days(7));
    EXPECT_EQ(answered(), message.id);
    clock.advance(1ms);
    EXPECT_EQ(answered(), std::nullopt);
}

TEST_F(ReplyRules, AHandsetMayBeFasterThanItsCarriersAnswer)
{
    NewMessage message = text();
    accept(message);
    take(message);
    EXPECT_EQ(answered(), message.id);
    record(change(message, Code::invalid_destination));
    EXPECT_EQ(answered(), std::nullopt) << "it never left";
}

TEST_F(ReplyRules, AReplyMeetsItsMessageInTheBatchInWhichThatIsSubmitted)
{
    NewMessage old = submit({"1"}), fresh = text();
    clock.advance(1s);
    accept(fresh);
    Record record({change(fresh, Code::submitted, {"2"})});
    AddInbound inbound(link, {reply("answer")});
    carry_out_together({&record, &inbound});
    ASSERT_EQ(effects.replies.size(), 1u);
    EXPECT_EQ(effects.replies[0].reply.message, fresh.id);
}

TEST_F(ReplyRules, WithoutAMessageItGoesToTheOwnerOfTheNumber)
{
    own_number();
    receive(reply("hello"));
    ASSERT_EQ(effects.replies.size(), 1u);
    EXPECT_EQ(effects.replies[0].account, account.key);
    EXPECT_EQ(effects.replies[0].reply.message, std::nullopt);
    EXPECT_EQ(effects.replies[0].reply.destination, "+" + std::string(our_number));
}

TEST_F(ReplyRules, AShortCodeHasNoPlus)
{
    settings.put(Number{"12345", account.key});
    Inbound inbound = reply("hello");
    inbound.destination = "12345";
    receive(inbound);
    EXPECT_EQ(effects.replies.at(0).reply.destination, "12345");
}

TEST_F(ReplyRules, AReplyOfNobodyIsKeptForTheOperator)
{
    receive(reply("who are you?"));
    EXPECT_TRUE(effects.replies.empty());
    ASSERT_EQ(effects.unmatched_replies.size(), 1u);
    EXPECT_EQ(effects.unmatched_replies[0].link, link);
    EXPECT_EQ(effects.unmatched_replies[0].inbound.content, "who are you?");
    EXPECT_EQ(effects.log.at(0).text,
              "reply from 61491…156 to 61491…110 belongs to no account; kept as unmatched");
}

TEST_F(ReplyRules, AnMmsStaysOneOnlyForAnAccountThatGetsThem)
{
    own_number();
    Inbound picture = reply("look");
    picture.format = message::Format::mms;
    picture.attachments = {{.content_type = "image/jpeg", .content = "bytes", .original_name = "a.jpg"}};
    receive(picture);
    EXPECT_EQ(effects.replies.at(0).reply.format, message::Format::sms);
    EXPECT_TRUE(effects.replies[0].attachments.empty());
    change_account([](Account& it) { it.features.set(Feature::inbound_mms); });
    picture.fingerprint = base::sha256("another");
    receive(picture);
    EXPECT_EQ(effects.replies.at(0).reply.format, message::Format::mms);
    EXPECT_EQ(effects.replies[0].attachments, picture.attachments);
}

// ---- what comes again

TEST_F(ReplyRules, WhatIsDeliveredAgainChangesNothing)
{
    own_number();
    Inbound inbound = reply("answer");
    receive({inbound, inbound});
    EXPECT_EQ(contents(), Contents{"answer"});
    EXPECT_EQ(effects.seen.size(), 1u);
    clock.advance(23h);
    inbound.received_at = clock.now();
    receive(inbound);
    EXPECT_TRUE(effects.replies.empty());
    EXPECT_TRUE(effects.seen.empty());
}

TEST_F(ReplyRules, WhatIsOddAboutAReplyStandsInTheTraceOfItsMessage)
{
    NewMessage message = submit({"1"});
    Inbound odd = reply("00ff");
    odd.oddity = "a reply came as data";
    receive(odd);
    EXPECT_EQ(steps_of(row(message)).back().what, "a reply came as data");
}

TEST_F(ReplyRules, AnAcknowledgementWithoutATextIsNoReply)
{
    own_number();
    Inbound nothing = reply("");
    nothing.is_wordless = true;
    nothing.oddity = "the handset acknowledges";
    receive(nothing);
    EXPECT_TRUE(effects.replies.empty());
    EXPECT_EQ(effects.unmatched_replies.size(), 1u);
    NewMessage message = submit({"1"});
    nothing.fingerprint = base::sha256("another");
    receive(nothing);
    EXPECT_TRUE(effects.replies.empty() && effects.unmatched_replies.empty());
    EXPECT_EQ(steps_of(row(message)).back().what, "the handset acknowledges");
}

// ---- parts

TEST_F(ReplyRules, PartsInAnyOrderMakeOneReply)
{
    NewMessage message = submit({"1"});
    receive(part("c", 3, 3));
    receive(part("a", 1, 3));
    receive(part("A", 1, 3));
    EXPECT_TRUE(effects.replies.empty());
    receive(part("b", 2, 3));
    EXPECT_EQ(contents(), Contents{"Abc"});
    EXPECT_EQ(effects.replies[0].reply.message, message.id);
}

TEST_F(ReplyRules, PartsMeetInOneBatchAndAreNeverWritten)
{
    own_number();
    receive({part("b", 2, 2), part("a", 1, 2)});
    EXPECT_EQ(contents(), Contents{"ab"});
    for (const ReplyName& name : effects.reply_parts) {
        EXPECT_TRUE(facts.reply_parts.find(name)->by_sequence.empty());
        EXPECT_FALSE(facts.reply_parts.find(name)->removes_rows);
    }
}

TEST_F(ReplyRules, AReferenceMayComeRoundAgain)
{
    own_number();
    receive({part("a", 1, 2), part("b", 2, 2), part("d", 2, 2)});
    EXPECT_EQ(contents(), Contents{"ab"});
    receive(part("c", 1, 2));
    EXPECT_EQ(contents(), Contents{"cd"});
}

TEST_F(ReplyRules, PartsOfDifferentHandsetsDoNotMix)
{
    own_number();
    Inbound stranger = part("x", 1, 2);
    stranger.source = "61491570157";
    receive({stranger, part("b", 2, 2)});
    EXPECT_TRUE(effects.replies.empty());
    receive(part("a", 1, 2));
    EXPECT_EQ(contents(), Contents{"ab"});
}

TEST_F(ReplyRules, WhatMissesPartsIsDeliveredWithoutThem)
{
    NewMessage message = submit({"1"});
    receive({part("c", 3, 3), part("a", 1, 3)});
    clock.advance(parts_window);
    deliver_late_parts();
    EXPECT_EQ(contents(), Contents{"ac"});
    EXPECT_EQ(effects.replies[0].reply.received_at, clock.now());
    EXPECT_EQ(effects.replies[0].reply.message, message.id);
    EXPECT_EQ(effects.log.at(0).text, "a reply from 61491…156 misses parts; delivered without them");
}

TEST_F(ReplyRules, PartsMakeNoLongerTextThanAReplyMayHave)
{
    own_number();
    std::string half;
    for (int i = 0; i < 10'000; ++i) half += "é";
    receive({part("x" + half, 1, 2), part(half, 2, 2)});
    EXPECT_EQ(effects.replies.at(0).reply.content.size(), message::reply_content_max - 1)
        << "whole characters";
}

TEST_F(ReplyRules, PartsBecomeTextTogether)
{
    own_number();
    Inbound high = part("\xD8\x3D", 1, 2), low = part(std::string("\xDE\0", 2), 2, 2);
    high.coding.charset = low.coding.charset = text::Charset::ucs2;
    receive(low);
    receive(high);
    EXPECT_EQ(contents(), Contents{"😀"});
}

TEST_F(ReplyRules, ReferencesOf8And16BitsAreDifferentOnes)
{
    own_number();
    Inbound wide = part("x", 1, 2);
    wide.part->is_wide = true;
    receive({wide, part("b", 2, 2)});
    EXPECT_TRUE(effects.replies.empty());
    receive(part("a", 1, 2));
    EXPECT_EQ(contents(), Contents{"ab"});
}

TEST_F(ReplyRules, PartsThatCannotBeWaitLikeOthers)
{
    own_number();
    receive({part("a", 0, 0), part("b", 9, 2)});
    EXPECT_TRUE(effects.replies.empty());
}

}  // namespace

}  // namespace tidings::store::rules
