// SPDX-License-Identifier: Apache-2.0
#include "message/limits.hpp"
#include "support/store_contract.hpp"

namespace tidings::test {

namespace {

class ReplyStore : public StoreContract {
protected:
    store::Inbound part(const std::string& content, std::uint8_t sequence, std::uint8_t total)
    {
        store::Inbound inbound = reply(content);
        inbound.part = text::PartOf{.reference = 7, .total = total, .sequence = sequence};
        return inbound;
    }
    message::Reply only_reply()
    {
        auto replies = run(store->replies(account));
        EXPECT_EQ(replies.size(), 1u);
        return replies.at(0);
    }
};

using Contents = std::vector<std::string>;

TEST_P(ReplyStore, AnswersTheMessageOfItsThread)
{
    store::NewMessage message = text("question");
    message.submission.callback_url = "https://example.com/hook";
    message.submission.metadata = {{"key", "value"}};
    submit(message, {"1"});
    clock.advance(5s);
    receive(reply("answer"));

    message::Reply got = only_reply();
    EXPECT_EQ(got.message, message.id);
    EXPECT_EQ(got.content, "answer");
    EXPECT_EQ(got.source, "+61491570156");
    EXPECT_EQ(got.destination, "+61491570110");
    EXPECT_EQ(got.received_at, clock.now());
    EXPECT_EQ(got.callback_url, "https://example.com/hook");
    EXPECT_EQ(got.metadata, message.submission.metadata);
    EXPECT_EQ(got.account, "MyAccount");
}

TEST_P(ReplyStore, AListOfLargeOnesIsShorterAndTheRestComesAfterTheirConfirmation)
{
    store::NewMessage message = text("question");
    message.submission.metadata = {{"key", std::string(400'000, 'x')}};
    submit(message, {"1"});
    for (const char* content : {"1", "2", "3", "4", "5"}) receive(reply(content));
    std::vector<std::size_t> sizes;
    for (auto list = run(store->replies(account)); !list.empty(); list = run(store->replies(account))) {
        sizes.push_back(list.size());
        std::vector<base::Uuid> ids;
        for (const message::Reply& one : list) ids.push_back(one.id);
        run(store->confirm_replies(account, ids));
    }
    EXPECT_EQ(sizes, (std::vector<std::size_t>{2, 2, 1}));
}

TEST_P(ReplyStore, AnswersTheNewestMessageAlsoAfterARestart)
{
    submit(text("old"), {"1"});
    clock.advance(1s);
    store::NewMessage newest = submit(text("new"), {"2"});
    restart();
    receive(reply("first"));
    receive(reply("second"));
    auto replies = run(store->replies(account));
    ASSERT_EQ(replies.size(), 2u);
    EXPECT_EQ(replies[0].message, newest.id);
    EXPECT_EQ(replies[1].message, newest.id);
    EXPECT_EQ(replies[1].content, "second");
}

TEST_P(ReplyStore, MayOvertakeTheCarriersAnswer)
{
    store::NewMessage message = text("question");
    accept(message);
    auto due = run(store->take_due(1));
    receive(reply("while it stands among what is due"));
    run(store->hand_over(link, due));
    run(store->take_for(link, 1));
    receive(reply("while the link has it"));
    restart();
    receive(reply("after a crash"));
    auto replies = run(store->replies(account));
    ASSERT_EQ(replies.size(), 3u);
    for (const message::Reply& got : replies) EXPECT_EQ(got.message, message.id) << got.content;
}

TEST_P(ReplyStore, NamesNoDestinationWhenTheMessageNamedNoSource)
{
    store::NewMessage message = text("from the default number");
    message.submission.source.clear();
    submit(message, {"1"});
    receive(reply("answer"));
    EXPECT_EQ(only_reply().message, message.id);
    EXPECT_EQ(only_reply().destination, "");
}

TEST_P(ReplyStore, WithoutAMessageGoesToTheOwnerOfTheNumber)
{
    ASSERT_TRUE(run(store->add_number({.number = "61491570110", .account = account})));
    receive(reply("hello"));
    message::Reply got = only_reply();
    EXPECT_EQ(got.message, std::nullopt);
    EXPECT_EQ(got.destination, "+61491570110");
    EXPECT_EQ(got.callback_url, "");
    EXPECT_EQ(got.account, "MyAccount");
    EXPECT_EQ(run(store->counts()).callbacks, 0u);
}

TEST_P(ReplyStore, ToAShortCodeHasNoPlus)
{
    ASSERT_TRUE(run(store->add_number({.number = "12345", .account = account})));
    store::Inbound inbound = reply("hello");
    inbound.destination = "12345";
    receive(inbound);
    EXPECT_EQ(only_reply().destination, "12345");
}

TEST_P(ReplyStore, OfNobodyIsCountedAndKept)
{
    submit(text("question"), {"1"});
    store::Inbound elsewhere = reply("from elsewhere");
    elsewhere.source = "61491570157";
    receive(elsewhere);
    EXPECT_TRUE(reply_contents().empty());
    restart();
    EXPECT_EQ(run(store->counts()).unmatched_replies, 1u);
}

TEST_P(ReplyStore, OfNobodyIsListedNewestFirst)
{
    EXPECT_TRUE(run(store->unmatched_replies(2)).empty());
    store::Inbound inbound = reply("");
    for (const char* content : {"first", "second", "third"}) {
        inbound = reply(content);
        inbound.destination = "61491570199";
        receive(inbound);
        clock.advance(1s);
    }
    restart();
    auto listed = run(store->unmatched_replies(2));
    ASSERT_EQ(listed.size(), 2u);
    EXPECT_EQ(listed[0].content, "third");
    EXPECT_EQ(listed[0].link, "carrier");
    EXPECT_EQ(listed[0].source, inbound.source);
    EXPECT_EQ(listed[0].destination, "61491570199");
    EXPECT_EQ(listed[0].received_at, inbound.received_at);
    EXPECT_EQ(listed[1].content, "second");
}

TEST_P(ReplyStore, DeliveredAgainIsRecognised)
{
    submit(text("question"), {"1"});
    store::Inbound inbound = reply("answer");
    receive(inbound);
    restart();
    clock.advance(23h);
    release();
    inbound.received_at = clock.now();
    receive(inbound);
    EXPECT_EQ(reply_contents(), Contents{"answer"});
}

TEST_P(ReplyStore, AFingerprintIsForgottenAfterADay)
{
    submit(text("question"), {"1"});
    store::Inbound inbound = reply("yes");
    receive(inbound);
    clock.advance(24h);
    release();
    receive(inbound);
    EXPECT_EQ(reply_contents(), (Contents{"yes", "yes"}));
}

TEST_P(ReplyStore, PartsInAnyOrderMakeOneReply)
{
    store::NewMessage message = submit(text("question"), {"1"});
    receive(part("c", 3, 3));
    receive(part("a", 1, 3));
    receive(part("A", 1, 3));
    restart();
    EXPECT_TRUE(reply_contents().empty());
    receive(part("b", 2, 3));
    EXPECT_EQ(reply_contents(), Contents{"Abc"});
    EXPECT_EQ(only_reply().message, message.id);
}

TEST_P(ReplyStore, APartDeliveredAgainAfterTheReplyMakesNoSecond)
{
    submit(text("question"), {"1"});
    store::Inbound first = part("a", 1, 2);
    receive(first);
    receive(part("b", 2, 2));
    receive(first);
    clock.advance(11min);
    release();
    EXPECT_EQ(reply_contents(), Contents{"ab"});
}

TEST_P(ReplyStore, PartsOfDifferentHandsetsDoNotMix)
{
    ASSERT_TRUE(run(store->add_number({.number = "61491570110", .account = account})));
    store::Inbound stranger = part("x", 1, 2);
    stranger.source = "61491570157";
    receive(stranger);
    receive(part("b", 2, 2));
    EXPECT_TRUE(reply_contents().empty());
    receive(part("a", 1, 2));
    EXPECT_EQ(reply_contents(), Contents{"ab"});
}

TEST_P(ReplyStore, MissingPartsAreWaitedForTenMinutes)
{
    submit(text("question"), {"1"});
    receive(part("c", 3, 3));
    receive(part("a", 1, 3));
    clock.advance(10min - 1ms);
    release();
    EXPECT_TRUE(reply_contents().empty());
    clock.advance(1ms);
    release();
    EXPECT_EQ(reply_contents(), Contents{"ac"});
    EXPECT_EQ(only_reply().received_at, clock.now());
}

TEST_P(ReplyStore, PartsMakeNoLongerTextThanAReplyMayHave)
{
    submit(text("question"), {"1"});
    std::string half;
    for (int i = 0; i < 10'000; ++i) half += "é";
    receive(part("x" + half, 1, 2));
    receive(part(half, 2, 2));
    EXPECT_EQ(only_reply().content.size(), message::reply_content_max - 1) << "whole characters";
}

TEST_P(ReplyStore, PartsKeepTheirCodingWhileTheyWait)
{
    submit(text("question"), {"1"});
    store::Inbound high = part("\xD8\x3D", 1, 4), low = part(std::string("\xDE\0", 2), 2, 4);
    high.coding.charset = low.coding.charset = text::Charset::ucs2;
    store::Inbound turkish = part("\x1B", 3, 4), letter = part("i", 4, 4);
    turkish.coding = letter.coding = {.charset = text::Charset::gsm7, .languages = {1, 1}};
    for (const store::Inbound& one : {low, turkish, high}) receive(one);
    restart();
    receive(letter);
    EXPECT_EQ(reply_contents(), Contents{"😀ı"});
}

TEST_P(ReplyStore, ReferencesOf8And16BitsAreDifferentOnes)
{
    submit(text("question"), {"1"});
    store::Inbound wide = part("x", 1, 2);
    wide.part->is_wide = true;
    receive(wide);
    receive(part("b", 2, 2));
    restart();
    EXPECT_TRUE(reply_contents().empty());
    receive(part("a", 1, 2));
    EXPECT_EQ(reply_contents(), Contents{"ab"});
    clock.advance(11min);
    release();
    EXPECT_EQ(reply_contents(), (Contents{"ab", "x"}));
}

TEST_P(ReplyStore, PartsThatCannotBeDoNoHarm)
{
    submit(text("question"), {"1"});
    receive(part("a", 0, 0));
    receive(part("b", 9, 2));
    clock.advance(11min);
    release();
    EXPECT_EQ(reply_contents().size(), 2u);
}

TEST_P(ReplyStore, ListsTheOldestHundredThatAreNotConfirmed)
{
    submit(text("question"), {"1"});
    std::vector<store::Inbound> many;
    for (int i = 0; i < 120; ++i) many.push_back(reply(std::to_string(i)));
    run(store->add_inbound(link, many));
    auto first = run(store->replies(account));
    ASSERT_EQ(first.size(), store::list_max);
    EXPECT_EQ(first[0].content, "0");
    EXPECT_EQ(first[99].content, "99");

    std::vector<base::Uuid> confirmed;
    for (const auto& one : first) confirmed.push_back(one.id);
    run(store->confirm_replies(account, confirmed));
    run(store->confirm_replies(account, confirmed));
    EXPECT_EQ(reply_contents().size(), 20u);
    EXPECT_EQ(reply_contents()[0], "100");
}

TEST_P(ReplyStore, OnlyTheOwnerConfirms)
{
    submit(text("question"), {"1"});
    receive(reply("answer"));
    auto other = add_account("Other");
    run(store->confirm_replies(other, {only_reply().id}));
    EXPECT_EQ(reply_contents().size(), 1u);
    EXPECT_TRUE(run(store->replies(other)).empty());
}

INSTANTIATE_TEST_SUITE_P(Store, ReplyStore, testing::ValuesIn(store_kinds), name_of);

}  // namespace

}  // namespace tidings::test
