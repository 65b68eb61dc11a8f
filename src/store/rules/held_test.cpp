// SPDX-License-Identifier: Apache-2.0
#include "store/rules/held.hpp"

#include "store/rules/life.hpp"
#include "support/facts.hpp"

namespace tidings::store::rules {

namespace {

using namespace tidings::test;
using Decision = DecideHeld::Decision;

class HeldRules : public RulesTest {
protected:
    HeldRules()
    {
        change_account([](Account& it) { it.hold_patterns = {message::Pattern("prize")}; });
    }
    NewMessage held()
    {
        NewMessage message = text("a prize");
        EXPECT_EQ(accept(message), Code::held);
        return message;
    }
    base::Result<void> decide(const NewMessage& message, Decision decision)
    {
        DecideHeld item(key(message), decision);
        return carry_out(item).result;
    }
};

TEST_F(HeldRules, WhatIsReleasedIsNotHeldOnceMoreByTheSamePattern)
{
    NewMessage message = held();
    EXPECT_TRUE(decide(message, Decision::release));
    EXPECT_EQ(code(message), Code::processing);
    EXPECT_EQ(effects.due.size(), 1u);
}

TEST_F(HeldRules, WhatIsReleasedMeetsAllOtherRulesOfThatDay)
{
    NewMessage message = held();
    clock.advance(std::chrono::days(2));
    facts.listings.set({account.key, handset}, {});
    EXPECT_TRUE(decide(message, Decision::release));
    EXPECT_EQ(code(message), Code::destination_blocked);
}

TEST_F(HeldRules, WhatIsInDoubtOnALinkGoesOutAsItIs)
{
    NewMessage message = text();
    accept(message);
    Batch now = batch();
    hold(now, row(message), clock.now(), "in doubt on carrier");
    row(message).link = link;
    facts.listings.set({account.key, handset}, {});
    EXPECT_TRUE(decide(message, Decision::release));
    EXPECT_EQ(row(message).queue, Queue::due);
    EXPECT_EQ(row(message).link, LinkKey{});
}

TEST_F(HeldRules, WhatIsDroppedEndsAndGivesItsCreditsBack)
{
    change_account([](Account& it) { it.prepaid = true; });
    facts.balances.set(account.key, 1);
    NewMessage message = held();
    EXPECT_EQ(*facts.balances.find(account.key), 0);
    EXPECT_TRUE(decide(message, Decision::drop));
    EXPECT_EQ(code(message), Code::dropped);
    EXPECT_EQ(row(message).queue, std::nullopt);
    EXPECT_EQ(*facts.balances.find(account.key), 1);
}

TEST_F(HeldRules, OneDecisionIsAllThereIs)
{
    NewMessage message = held();
    EXPECT_TRUE(decide(message, Decision::drop));
    EXPECT_EQ(decide(message, Decision::release).error(), base::errc::not_held);
    EXPECT_EQ(decide(text(), Decision::drop).error(), base::errc::not_found);
}

}  // namespace

}  // namespace tidings::store::rules
