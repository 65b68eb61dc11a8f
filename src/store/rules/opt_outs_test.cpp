// SPDX-License-Identifier: Apache-2.0
#include "store/rules/opt_outs.hpp"

#include "support/carrier_facts.hpp"

namespace tidings::store::rules {

namespace {

using namespace tidings::test;
using message::Wish;

class OptOutRules : public CarrierRulesTest {
protected:
    OptOutRules()
    {
        change_account([](Account& it) {
            it.features.set(Feature::opt_out);
            it.opt_out_confirmation = "You get no more messages.";
        });
    }

    Wish say(const std::string& content)
    {
        receive(reply(content));
        return effects.replies.at(0).reply.wish;
    }
    // Messages that left in the last batch.
    std::vector<std::string> sent() const
    {
        std::vector<std::string> contents;
        for (const auto& due : effects.due) contents.push_back(due.item.content);
        return contents;
    }
    void make_prepaid(std::int64_t credits)
    {
        change_account([](Account& it) { it.prepaid = true; });
        facts.balances.set(account.key, credits);
    }
};

using Contents = std::vector<std::string>;

TEST_F(OptOutRules, StopKeepsLaterMessagesFromTheHandsetUntilItSaysStart)
{
    submit({"1"});
    EXPECT_EQ(say("Stop!"), Wish::opt_out);
    clock.advance(std::chrono::days(30));
    EXPECT_EQ(accept(text()), Code::destination_blocked);
    EXPECT_EQ(say("start"), Wish::opt_in);
    ASSERT_EQ(effects.listings.size(), 1u);
    EXPECT_EQ(effects.listings[0].kind, ListingChange::Kind::remove);
    EXPECT_EQ(accept(text()), Code::processing);
}

TEST_F(OptOutRules, TheHandsetIsToldOnceFromTheNumberThatItWroteTo)
{
    submit({"1"});
    say("STOP");
    ASSERT_EQ(sent(), Contents{"You get no more messages."});
    EXPECT_EQ(effects.due[0].item.sender, our_number);
    EXPECT_EQ(effects.due[0].item.destination, handset);
    clock.advance(1h);
    say("STOP");
    EXPECT_TRUE(sent().empty());
}

TEST_F(OptOutRules, ANationalNumberIsOfTheCountryOfTheAccount)
{
    settings.put(Number{our_number, account.key});
    change_account([](Account& it) { it.country = "AU"; });
    Inbound stop = reply("STOP");
    stop.source = "0491570156";
    receive(stop);
    EXPECT_EQ(effects.replies.at(0).reply.source, "+" + std::string(handset));
    ASSERT_EQ(effects.due.size(), 1u);
    EXPECT_EQ(effects.due[0].item.destination, handset);
    EXPECT_EQ(accept(text()), Code::destination_blocked);
}

TEST_F(OptOutRules, TwiceInOneBatchIsToldOnceToo)
{
    submit({"1"});
    receive({reply("STOP"), reply("STOP")});
    EXPECT_EQ(sent().size(), 1u);
}

TEST_F(OptOutRules, WhoComesBackAndGoesAgainIsToldAgain)
{
    submit({"1"});
    receive({reply("STOP"), reply("START"), reply("STOP")});
    EXPECT_EQ(sent().size(), 2u);
    EXPECT_EQ(accept(text()), Code::destination_blocked);
}

TEST_F(OptOutRules, ItIsPaidForAndNotSentByWhoCannot)
{
    make_prepaid(2);
    NewMessage message = text();
    submit(message, {"1"});
    say("STOP");
    EXPECT_EQ(sent().size(), 1u);
    EXPECT_EQ(*facts.balances.find(account.key), 0);
    say("START");
    say("STOP");
    EXPECT_TRUE(sent().empty());
    EXPECT_EQ(accept(text()), Code::destination_blocked);
}

TEST_F(OptOutRules, AWishMayComeInParts)
{
    submit({"1"});
    Inbound first = reply("ST"), second = reply("OP");
    first.part = text::PartOf{.reference = 7, .total = 2, .sequence = 1};
    second.part = text::PartOf{.reference = 7, .total = 2, .sequence = 2};
    receive(first);
    receive(second);
    EXPECT_EQ(effects.replies.at(0).reply.wish, Wish::opt_out);
    EXPECT_EQ(sent().size(), 1u);
}

TEST_F(OptOutRules, WhatOnlySoundsLikeItIsForAPersonToJudge)
{
    submit({"1"});
    EXPECT_EQ(say("Don't send me this"), Wish::perhaps_opt_out);
    EXPECT_TRUE(effects.listings.empty());
    EXPECT_EQ(accept(text()), Code::processing);
}

TEST_F(OptOutRules, AnAccountWithoutTheFeatureHeedsThemItself)
{
    change_account([](Account& it) { it.features.set(Feature::opt_out, false); });
    submit({"1"});
    EXPECT_EQ(say("STOP"), Wish::none);
    EXPECT_TRUE(effects.listings.empty());
    EXPECT_TRUE(sent().empty());
}

// The reply is its submit's, whose account nobody had thought of when the batch was loaded.
TEST_F(OptOutRules, OfAnAccountThatTheBatchRevealsTheListAloneIsKept)
{
    make_prepaid(10);
    settings.put(Number{our_number, {}});
    NewMessage message = text();
    accept(message);
    facts.listings.clear();
    facts.balances.clear();
    Record record({change(message, Code::submitted, {"1"})});
    AddInbound inbound(link, {reply("STOP")});
    carry_out_together({&record, &inbound});
    EXPECT_EQ(effects.replies.at(0).reply.message, message.id);
    EXPECT_EQ(effects.listings.size(), 1u);
    EXPECT_TRUE(sent().empty());
}

}  // namespace

}  // namespace tidings::store::rules
