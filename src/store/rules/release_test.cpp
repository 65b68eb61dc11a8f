// SPDX-License-Identifier: Apache-2.0
#include "store/rules/release.hpp"

#include "store/rules/hours.hpp"
#include "support/facts.hpp"

namespace tidings::store::rules {

namespace {

using namespace tidings::test;
using std::chrono::days;

class ReleaseRules : public RulesTest {
protected:
    // By the clock of the test; an account's zone is UTC.
    void set_clock(std::chrono::hours time_of_day)
    {
        clock.set(base::Time(std::chrono::floor<days>(clock.now()) + days(1) + time_of_day));
    }
    void keep_hours()
    {
        change_account([](Account& it) { it.hours = message::Hours::account; });
    }
    void release(const NewMessage& message)
    {
        ReleaseScheduled item({key(message)});
        carry_out(item);
    }
    // When it leaves, as its queue has it.
    base::Time leaves(const NewMessage& message)
    {
        return base::Time(std::chrono::milliseconds(row(message).seq));
    }
};

TEST_F(ReleaseRules, WhatIsReleasedMeetsTheRulesOfThatDay)
{
    NewMessage goes = scheduled(days(3)), stays = scheduled(days(3));
    accept({goes, stays});
    clock.advance(days(3));
    release(goes);
    EXPECT_EQ(code(goes), Code::processing);
    EXPECT_EQ(row(goes).sender, our_number);
    EXPECT_EQ(effects.due.size(), 1u);
    facts.listings.set({account.key, handset}, {});
    release(stays);
    EXPECT_EQ(code(stays), Code::destination_blocked);
}

TEST_F(ReleaseRules, OfTheSameReleasedAtOnceTheSecondIsADuplicate)
{
    change_account([](Account& it) { it.duplicate_window = 24h; });
    NewMessage one = scheduled(1h), two = scheduled(2h);
    accept({one, two});
    clock.advance(2h);
    ReleaseScheduled item({key(one), key(two)});
    carry_out(item);
    EXPECT_EQ(code(one), Code::processing);
    EXPECT_EQ(code(two), Code::duplicate);
}

TEST_F(ReleaseRules, ARejectedOneGetsItsCreditsBack)
{
    change_account([](Account& it) { it.prepaid = true; });
    facts.balances.set(account.key, 1);
    NewMessage message = scheduled(1h);
    accept(message);
    EXPECT_EQ(*facts.balances.find(account.key), 0);
    clock.advance(1h);
    facts.listings.set({account.key, handset}, {});
    release(message);
    EXPECT_EQ(*facts.balances.find(account.key), 1);
}

TEST_F(ReleaseRules, OutsideTheHoursOfTodayItWaitsOnceMore)
{
    NewMessage message = scheduled(days(1));
    accept(message);
    keep_hours();
    set_clock(20h);
    release(message);
    EXPECT_EQ(status(message), Status::scheduled);
    EXPECT_EQ(row(message).queue, Queue::timed);
    EXPECT_EQ(leaves(message), clock.now() + 12h);
    EXPECT_TRUE(effects.due.empty());
}

TEST_F(ReleaseRules, WhenTheHoursChangeWhatWaitsMovesThereAndBack)
{
    set_clock(20h);
    NewMessage message = scheduled(days(1));
    accept(message);
    base::Time wanted = leaves(message);
    auto look_again = [&] {
        PostponeAgain item({key(message)});
        carry_out(item);
    };
    keep_hours();
    look_again();
    EXPECT_EQ(leaves(message), wanted + 12h);
    change_account([](Account& it) { it.hours = message::Hours::off; });
    look_again();
    EXPECT_EQ(leaves(message), wanted);
    EXPECT_EQ(last_step(message), "waits for its time");
    std::string trace = row(message).trace;
    look_again();
    EXPECT_EQ(row(message).trace, trace);
}

TEST_F(ReleaseRules, WhatWasPutBackIsDueAgainAfterItsPauseWhateverTheWallClockShows)
{
    NewMessage message = text();
    accept(message);
    pause_shift = -1h;  // somebody set the clock forward
    PutBack back({key(message)}, clock.now() + 5min);
    carry_out(back);
    EXPECT_EQ(row(message).queue, Queue::retry);
    EXPECT_EQ(leaves(message), clock.now() + 5min - 1h);
    EXPECT_TRUE(effects.reports.empty());
    ReleaseRetries again({key(message)});
    carry_out(again);
    EXPECT_EQ(row(message).queue, Queue::due);
    EXPECT_EQ(effects.due.size(), 1u);
}

TEST_F(ReleaseRules, WhatEndedMeanwhileIsNotPutBack)
{
    NewMessage message = text();
    accept(message);
    row(message).queue.reset();
    PutBack back({key(message), MessageKey{account.key, ids.next()}}, clock.now());
    carry_out(back);
    EXPECT_EQ(row(message).queue, std::nullopt);
}

}  // namespace

}  // namespace tidings::store::rules
