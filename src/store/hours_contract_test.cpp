// SPDX-License-Identifier: Apache-2.0
// Messages that wait for the hours of their account, over days and the nights in which clocks change.
#include "support/store_contract.hpp"

namespace tidings::test {

namespace {

using message::Hours;

base::Time at(std::string_view text) { return base::parse_iso(text).value(); }

class WaitingStore : public StoreContract {
protected:
    void set_hours(Hours hours, const std::string& zone = "Australia/Sydney")
    {
        auto edit = [&](store::Account& it) {
            it.hours = hours;
            it.zone = zone;
        };
        ASSERT_TRUE(run(store->change_account(account, edit)));
    }
    // Accepts a message at that time, and looks when it leaves.
    std::string leaves(std::string_view time)
    {
        clock.set(at(time));
        store::NewMessage message = text("waits");
        accept(message);
        if (status(message) == Status::enroute) return base::to_iso(clock.now());
        base::Time shown = shown_time(message).value();
        clock.set(shown - 1ms);
        release();
        EXPECT_EQ(status(message), Status::scheduled) << base::to_iso(shown);
        clock.set(shown);
        release();
        EXPECT_EQ(status(message), Status::enroute) << base::to_iso(shown);
        EXPECT_EQ(shown_time(message), shown) << "also when it has left";
        return base::to_iso(shown);
    }
    std::optional<base::Time> shown_time(const store::NewMessage& message)
    {
        return run(store->find(account, message.id)).value().submission.scheduled;
    }
    store::NewMessage to(const std::string& destination)
    {
        store::NewMessage message = text("to " + destination);
        message.submission.destination = destination;
        return message;
    }
};

TEST_P(WaitingStore, WhatComesAtNightLeavesInTheMorning)
{
    set_hours(Hours::account);
    EXPECT_EQ(leaves("2026-04-04T06:59:59.999Z"), "2026-04-04T06:59:59.999Z");
    EXPECT_EQ(leaves("2026-04-04T08:30:00Z"), "2026-04-04T22:00:00.000Z") << "clocks are put back that night";
    EXPECT_EQ(leaves("2026-10-03T08:30:00Z"), "2026-10-03T21:00:00.000Z") << "and forward";
    EXPECT_EQ(leaves("2026-10-04T07:00:00Z"), "2026-10-04T21:00:00.000Z");
    set_hours(Hours::account, "Europe/London");
    EXPECT_EQ(leaves("2027-03-28T00:30:00Z"), "2027-03-28T07:00:00.000Z");
}

TEST_P(WaitingStore, WithoutHoursNothingWaits)
{
    EXPECT_EQ(leaves("2026-04-04T20:00:00Z"), "2026-04-04T20:00:00.000Z");
}

TEST_P(WaitingStore, AScheduledTimeAtNightIsPutOffToTheMorning)
{
    set_hours(Hours::account, "UTC");
    store::NewMessage by_day = text("by day"), by_night = text("by night");
    by_day.submission.scheduled = at("2026-01-15T09:30:00Z");
    by_night.submission.scheduled = at("2026-01-15T23:30:00Z");
    accept({by_day, by_night});
    EXPECT_EQ(shown_time(by_day), at("2026-01-15T09:30:00Z"));
    EXPECT_EQ(shown_time(by_night), at("2026-01-16T08:00:00Z"));
    clock.set(at("2026-01-16T07:59:59.999Z"));
    release();
    EXPECT_EQ(status(by_day), Status::scheduled) << "its hour went by unused, and now it is night";
    clock.advance(1ms);
    release();
    EXPECT_EQ(take_due(2), (std::vector<std::string>{"by day", "by night"}));
}

TEST_P(WaitingStore, TheMorningsMessagesLeaveInTheOrderInWhichTheyCame)
{
    set_hours(Hours::account, "UTC");
    std::vector<std::string> contents;
    for (int i = 0; i < 30; ++i) {
        contents.push_back("message " + std::to_string(i));
        accept(text(contents.back()));
        clock.advance(13s);
    }
    restart();
    clock.set(at("2026-01-15T08:00:00Z"));
    release();
    EXPECT_EQ(take_due(30), contents);
}

TEST_P(WaitingStore, WhatWaitsCanBeCancelled)
{
    set_hours(Hours::account, "UTC");
    store::NewMessage message = text("waits");
    accept(message);
    EXPECT_TRUE(run(store->cancel(account, message.id)));
    clock.advance(24h);
    release();
    EXPECT_EQ(status(message), Status::cancelled);
    clock.set(at("2026-01-16T12:00:00Z"));
    expect_nothing_due();
}

TEST_P(WaitingStore, WhatWouldLeaveAtItsExpiryOrLaterExpiresThen)
{
    set_hours(Hours::account, "UTC");
    store::NewMessage in_time = text("in time"), late = text("late");
    in_time.submission.expiry = at("2026-01-15T08:00:00.001Z");
    late.submission.expiry = at("2026-01-15T08:00:00Z");
    accept({in_time, late});
    clock.set(at("2026-01-15T07:59:59.999Z"));
    release();
    EXPECT_EQ(status(late), Status::scheduled);
    clock.advance(1ms);
    release();
    EXPECT_EQ(status(late), Status::expired);
    EXPECT_EQ(status(in_time), Status::enroute);
    EXPECT_EQ(codes(), (std::vector{Code::expired_before_submission, Code::processing}));
}

TEST_P(WaitingStore, ANewZoneMovesWhatWaits)
{
    set_hours(Hours::account, "UTC");
    store::NewMessage message = text("waits"), scheduled = text("scheduled");
    scheduled.submission.scheduled = at("2026-01-15T09:30:00Z");
    accept({message, scheduled});
    set_hours(Hours::account, "Europe/Helsinki");
    restart();
    release();
    EXPECT_EQ(shown_time(message), at("2026-01-15T06:00:00Z"));
    EXPECT_EQ(shown_time(scheduled), at("2026-01-15T09:30:00Z"));
    set_hours(Hours::account, "America/New_York");
    release();
    EXPECT_EQ(shown_time(message), at("2026-01-15T13:00:00Z"));
    EXPECT_EQ(shown_time(scheduled), at("2026-01-15T13:00:00Z"));
    set_hours(Hours::off);
    release();
    EXPECT_EQ(status(message), Status::enroute);
    EXPECT_EQ(status(scheduled), Status::scheduled);
    EXPECT_EQ(shown_time(scheduled), at("2026-01-15T09:30:00Z"));
}

TEST_P(WaitingStore, ANewZoneMovesWhatWaitsHoweverMuchItIs)
{
    set_hours(Hours::account, "UTC");
    store::AccountKey other = add_account("Other");
    constexpr int count = 1'200;  // more than two batches
    std::vector<store::NewMessage> messages;
    for (int i = 0; i < count; ++i) messages.push_back(text("waits"));
    for (int from = 0; from < count; from += 400)
        accept({messages.begin() + from, messages.begin() + from + 400});
    store::NewMessage of_other = text("of another account");
    of_other.submission.scheduled = at("2026-01-15T07:00:00Z");
    run(store->accept(other, {of_other}));
    set_hours(Hours::account, "America/New_York");
    release();
    for (const auto& message : messages) ASSERT_EQ(shown_time(message), at("2026-01-15T13:00:00Z"));
    set_hours(Hours::account, "Europe/Helsinki");
    release();
    for (const auto& message : messages) ASSERT_EQ(shown_time(message), at("2026-01-15T06:00:00Z"));
    EXPECT_EQ(run(store->find(other, of_other.id))->submission.scheduled, at("2026-01-15T07:00:00Z"));
}

TEST_P(WaitingStore, HoursThatBeginLaterHoldWhatWasScheduledBefore)
{
    store::NewMessage message = text("scheduled");
    message.submission.scheduled = at("2026-01-15T20:00:00Z");
    accept(message);
    set_hours(Hours::account, "UTC");
    clock.set(at("2026-01-15T20:00:00Z"));
    release();
    EXPECT_EQ(status(message), Status::scheduled);
    EXPECT_EQ(shown_time(message), at("2026-01-16T08:00:00Z"));
}

TEST_P(WaitingStore, TheHoursMayBeThoseOfTheRecipient)
{
    set_hours(Hours::recipient, "UTC");
    clock.set(at("2026-06-01T12:00:00Z"));
    store::NewMessage sydney = to("+61491570156"), london = to("+447400123456"), perth = to("+61891234567");
    store::NewMessage toll_free = to("+18005550123");
    accept({sydney, london, perth, toll_free});
    EXPECT_EQ(shown_time(sydney), at("2026-06-01T22:00:00Z"));
    EXPECT_EQ(status(london), Status::enroute);
    EXPECT_EQ(shown_time(perth), at("2026-06-02T00:00:00Z")) << "or Adelaide: the number does not tell";
    EXPECT_EQ(status(toll_free), Status::enroute)
        << "its zones have no hours in common, so the account's count";
}

TEST_P(WaitingStore, APrepaidAccountPaysForWhatWaitsAndGetsItBackWhenItIsCancelled)
{
    set_hours(Hours::account, "UTC");
    run(store->set_credits(account, 3));
    store::NewMessage message = text("waits");
    message.cost = 3;
    accept(message);
    EXPECT_EQ(run(store->credits(account)), 0);
    EXPECT_TRUE(run(store->cancel(account, message.id)));
    EXPECT_EQ(run(store->credits(account)), 3);
}

TEST_P(WaitingStore, TellsInATraceWhyAMessageWaits)
{
    set_hours(Hours::account, "UTC");
    store::NewMessage message = text("waits");
    accept(message);
    clock.set(at("2026-01-15T08:00:00Z"));
    release();
    EXPECT_EQ(run(store->trace(message.id))->steps,
              (std::vector<store::Step>{
                  {at("2026-01-15T00:00:00Z"), Code::none,
                   "waits for the account's hours, until 2026-01-15T08:00:00.000Z"},
                  {at("2026-01-15T08:00:00Z"), Code::processing, "from 61491570110"},
              }));
}

TEST_P(WaitingStore, APreviewTellsWhatWouldBeAndChangesNothing)
{
    set_hours(Hours::account, "UTC");
    run(store->set_credits(account, 3));
    store::NewMessage good = text("good"), dear = text("dear"), late = text("late");
    good.cost = 3;
    dear.cost = 4;
    late.submission.expiry = at("2026-01-15T08:00:00Z");
    auto previews = run(store->preview(account, {good, dear, late}));
    ASSERT_EQ(previews.size(), 3u);
    EXPECT_EQ(previews[0].leaves_at, at("2026-01-15T08:00:00Z"));
    EXPECT_EQ(previews[0].sender, "61491570110");
    EXPECT_EQ(previews[0].code, std::nullopt);
    EXPECT_EQ(previews[1].code, Code::usage_threshold);
    EXPECT_EQ(previews[2].code, Code::expired_before_submission);
    EXPECT_FALSE(run(store->find(account, good.id)));
    EXPECT_EQ(run(store->credits(account)), 3);
}

INSTANTIATE_TEST_SUITE_P(Store, WaitingStore, testing::ValuesIn(store_kinds), name_of);

}  // namespace

}  // namespace tidings::test
