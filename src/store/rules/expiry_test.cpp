// SPDX-License-Identifier: Apache-2.0
#include "store/rules/expiry.hpp"

#include "store/rules/life.hpp"
#include "support/facts.hpp"

namespace tidings::store::rules {

namespace {

using namespace tidings::test;

class ExpiryRules : public RulesTest {
protected:
    ExpiryRules()
    {
        change_account([](Account& it) { it.prepaid = true; });
        facts.balances.set(account.key, 1);
    }
    void expire(const NewMessage& message)
    {
        Expire item({key(message)});
        carry_out(item);
    }
    std::int64_t balance() { return *facts.balances.find(account.key); }
};

TEST_F(ExpiryRules, WhatStillWaitedCostsNothing)
{
    NewMessage due = text(), later = scheduled(std::chrono::days(2));
    accept(due);
    EXPECT_EQ(balance(), 0);
    clock.advance(24h);
    expire(due);
    EXPECT_EQ(code(due), Code::expired_before_submission);
    EXPECT_EQ(row(due).queue, std::nullopt);
    EXPECT_EQ(reported(), std::vector{Code::expired_before_submission});
    EXPECT_EQ(balance(), 1);
    accept(later);
    expire(later);
    EXPECT_EQ(code(later), Code::expired_before_submission);
}

TEST_F(ExpiryRules, WhatACarrierMayHaveIsNotGivenBack)
{
    NewMessage message = text();
    accept(message);
    Batch now = batch();
    hold(now, row(message), clock.now(), "in doubt on carrier");
    row(message).link = link;
    expire(message);
    EXPECT_EQ(code(message), Code::expired_at_carrier);
    EXPECT_EQ(balance(), 0);
}

TEST_F(ExpiryRules, WhatACarrierHasEndsWithoutAReceipt)
{
    NewMessage message = text();
    accept(message);
    Batch now = batch();
    advance(now, row(message), {clock.now(), Code::submitted, {}});
    expire(message);
    EXPECT_EQ(code(message), Code::expired_at_carrier);
    EXPECT_EQ(last_step(message), "no receipt came");
    EXPECT_EQ(balance(), 0);
}

}  // namespace

}  // namespace tidings::store::rules
