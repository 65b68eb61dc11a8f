// SPDX-License-Identifier: Apache-2.0
#include "store/rules/life.hpp"

#include "support/facts.hpp"

namespace tidings::store::rules {

namespace {

using namespace tidings::test;

class LifeRules : public RulesTest {
protected:
    LifeRules() { accept(message); }

    bool move_to(Code to)
    {
        effects.clear();
        Batch now = batch();
        return advance(now, row(message), {clock.now(), to, "a test"});
    }
    void pay(std::int64_t credits)
    {
        change_account([](Account& it) { it.prepaid = true; });
        row(message).debited = credits;
    }

    NewMessage message = text();
};

TEST_F(LifeRules, AStepThatIsAllowedIsTracedAndReported)
{
    row(message).unsaved = {};
    clock.advance(1h);
    EXPECT_TRUE(move_to(Code::submitted));
    EXPECT_EQ(last_step(message), "a test");
    EXPECT_EQ(row(message).progress.changed_at, clock.now());
    EXPECT_TRUE(row(message).unsaved.life);
    ASSERT_EQ(effects.reports.size(), 1u);
    EXPECT_EQ(effects.reports[0].message, message.id);
    EXPECT_EQ(effects.reports[0].created_at, clock.now());
}

TEST_F(LifeRules, AStepBackwardsDoesNothing)
{
    move_to(Code::delivered);
    row(message).unsaved = {};
    EXPECT_FALSE(move_to(Code::submitted));
    EXPECT_EQ(code(message), Code::delivered);
    EXPECT_TRUE(effects.reports.empty());
    EXPECT_FALSE(row(message).unsaved.any());
}

TEST_F(LifeRules, TheEndTakesAMessageOutOfItsQueue)
{
    EXPECT_TRUE(row(message).queue);
    move_to(Code::rejected_by_carrier);
    EXPECT_FALSE(row(message).queue);
}

TEST_F(LifeRules, OnlyWhatNeverReachedACarrierIsGivenBack)
{
    pay(2);
    move_to(Code::rejected_by_carrier);
    EXPECT_TRUE(effects.credits.empty());

    facts.balances.set(account.key, 100);
    message = text();
    accept(message);
    ASSERT_EQ(code(message), Code::processing);
    row(message).debited = 2;
    move_to(Code::no_route);
    EXPECT_EQ(effects.credits.at(account.key), 2);
}

TEST_F(LifeRules, WhatIsGivenBackPaysForTheNextOfTheBatch)
{
    pay(1);
    facts.balances.set(account.key, 0);
    effects.clear();
    Batch now = batch();
    MessageRow next = row_of(account.key, text());
    EXPECT_FALSE(debit(now, next, 1));
    give_back_credits(now, row(message));
    EXPECT_TRUE(debit(now, next, 1));
    EXPECT_EQ(next.debited, 1);
    EXPECT_EQ(effects.credits.at(account.key), 0);
}

TEST_F(LifeRules, WhoeverIsNotPrepaidPaysNothing)
{
    Batch now = batch();
    MessageRow next = row_of(account.key, text());
    EXPECT_TRUE(debit(now, next, 1'000'000));
    EXPECT_EQ(next.debited, 0);
    EXPECT_TRUE(effects.credits.empty());
}

TEST_F(LifeRules, WhatBecomesDueStandsBehindWhatIs)
{
    std::int64_t before = row(message).seq;
    NewMessage next = text();
    next.priority = message::Priority::high;
    accept(next);
    EXPECT_GT(row(next).seq, before);
    EXPECT_EQ(row(next).queue, lane_in(Queue::due, message::Priority::high));
}

TEST_F(LifeRules, WhatIsHeldOnceMoreKeepsItsCodeAndSaysWhy)
{
    Batch now = batch();
    hold(now, row(message), clock.now(), "one");
    clock.advance(1h);
    Batch later = batch();
    hold(later, row(message), clock.now(), "two");
    EXPECT_EQ(code(message), Code::held);
    EXPECT_EQ(last_step(message), "held: two");
    EXPECT_EQ(row(message).seq, clock.now().time_since_epoch().count());
}

TEST_F(LifeRules, WhatACarrierHasIsNotHeld)
{
    move_to(Code::submitted);
    row(message).queue.reset();
    Batch now = batch();
    hold(now, row(message), clock.now(), "too late");
    EXPECT_EQ(code(message), Code::submitted);
    EXPECT_EQ(row(message).queue, std::nullopt);
}

TEST_F(LifeRules, ALinkThatWasNeverNamedHasAWordOfItsOwn)
{
    EXPECT_EQ(surroundings().link_name(link), "carrier");
    EXPECT_EQ(surroundings().link_name(LinkKey{9}), "no link");
}

}  // namespace

}  // namespace tidings::store::rules
