// SPDX-License-Identifier: Apache-2.0
#include "relay/pace.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <vector>

namespace tidings::relay {

namespace {

using namespace std::chrono_literals;
using base::Moment;

constexpr Moment start{1'000'000'000s};

// A link that always has something to send, and its carrier, which answers 20 ms later.
struct Busy {
    explicit Busy(std::uint32_t rate) : pace(rate) {}

    // Lets time pass; gives how many submits the carrier took. It throttles what is more than `limit` within
    // a sliding second, and tells its congestion if there is one.
    std::size_t run(std::chrono::milliseconds time, std::size_t limit = 1'000'000,
                    std::uint32_t congestion = 0)
    {
        std::size_t before = taken.size();
        for (Moment end = now + time; now < end; now += 1ms) {
            while (!waiting.empty() && now - waiting.front().sent >= 20ms) {
                if (waiting.front().throttled) pace.throttled(waiting.front().sent, now);
                if (congestion) pace.congested(congestion, waiting.front().sent, now);
                waiting.pop_front();
            }
            for (int window = 0; window < 100 && pace.next(now) <= now; ++window) submit(limit);
        }
        return taken.size() - before;
    }

    // The most that left within any time so long.
    std::size_t most_within(std::chrono::milliseconds time) const
    {
        std::size_t most = 0;
        for (std::size_t first = 0, last = 0; last < sent.size(); ++last) {
            while (sent[last] - sent[first] >= time) ++first;
            most = std::max(most, last - first + 1);
        }
        return most;
    }

    Pace pace;
    Moment now = start;
    std::vector<Moment> sent, taken;
    std::size_t throttles = 0;

private:
    struct Submit {
        Moment sent;
        bool throttled;
    };

    void submit(std::size_t limit)
    {
        while (!second.empty() && now - second.front() >= 1s) second.pop_front();
        bool throttled = second.size() >= limit;
        throttles += throttled;
        waiting.push_back({now, throttled});
        sent.push_back(now);
        pace.submitted(now);
        if (throttled) return;
        second.push_back(now);
        taken.push_back(now);
    }

    std::deque<Submit> waiting;
    std::deque<Moment> second;  // what the carrier took within it
};

}  // namespace

TEST(Pace, SpreadsSubmitsEvenly)
{
    for (std::uint32_t rate : {1u, 7u, 50u, 333u, 1'000u, 3'000u}) {
        Busy link(rate);
        EXPECT_NEAR(link.run(60s), rate * 60, rate / 50.0 + 1) << rate;
        EXPECT_LE(link.most_within(1s), rate + rate / 100 + 1) << rate;
        EXPECT_LE(link.most_within(100ms), rate / 10 + rate / 100 + 1) << rate;
    }
}

TEST(Pace, WithoutARateDoesNotLimit)
{
    Pace pace(0);
    for (int i = 0; i < 100'000; ++i) {
        EXPECT_EQ(pace.next(start), start);
        pace.submitted(start);
    }
    EXPECT_EQ(pace.rate(start), std::nullopt);
    EXPECT_EQ(pace.ready_max(start, 200), 200u);
}

TEST(Pace, WhatALateTimerMissedIsNotABurst)
{
    Pace pace(100);
    pace.submitted(start);
    Moment late = start + 5s;
    int burst = 0;
    for (; pace.next(late) <= late; ++burst) pace.submitted(late);
    EXPECT_LE(burst, 2);
}

TEST(Pace, ThrottlingPausesHalvesAndRecoversWithinFifteenSeconds)
{
    Busy link(100);
    link.run(10s);
    link.pace.throttled(link.sent.back(), link.now);
    EXPECT_EQ(link.run(999ms), 0u);
    EXPECT_NEAR(*link.pace.rate(link.now), 50, 1);
    EXPECT_NEAR(link.run(2s), 100, 10);
    link.run(13s);
    EXPECT_EQ(link.pace.rate(link.now), 100);
    EXPECT_NEAR(link.run(10s), 1'000, 10);
}

TEST(Pace, AnswersToWhatWasSentBeforeTheSlowdownSayNothingNew)
{
    Pace pace(100);
    for (int i = 0; i < 10; ++i) pace.submitted(start + i * 10ms);
    for (int i = 0; i < 10; ++i) pace.throttled(start + i * 10ms, start + 200ms + i * 50ms);
    EXPECT_EQ(pace.rate(start + 1s), 50);
    EXPECT_EQ(pace.next(start + 1s), start + 1'200ms);
    pace.throttled(start + 1'200ms, start + 1'300ms);
    EXPECT_NEAR(*pace.rate(start + 2s), 25, 0.2);
}

TEST(Pace, NeverFallsBelowOneASecond)
{
    Pace pace(5);
    Moment now = start;
    for (int i = 0; i < 20; ++i) {
        now = pace.next(now + 1ms);
        pace.submitted(now);
        pace.throttled(now, now);
    }
    EXPECT_EQ(pace.rate(now), 1);
}

TEST(Pace, FindsWhatACarrierTakesThatTakesLess)
{
    for (std::size_t limit : {2u, 10u, 40u, 90u}) {
        Busy link(100);
        link.run(60s, limit);
        link.throttles = 0;
        std::size_t taken = link.run(600s, limit);
        EXPECT_GE(taken, limit * 600 * 6 / 10) << limit;
        EXPECT_LE(link.throttles, 120 + taken / 20) << limit;
        EXPECT_GE(link.run(60s), 60 * limit) << limit;
        link.run(60s);
        EXPECT_EQ(link.pace.rate(link.now), 100) << limit;
    }
}

TEST(Pace, LinkWithoutARateIsSlowedDownFromWhatItSent)
{
    Busy link(0);
    EXPECT_EQ(link.run(1s), 100'000u);
    link.pace.throttled(link.sent.back(), link.now);
    EXPECT_NEAR(*link.pace.rate(link.now), 50'000, 1'000);

    Pace quiet(0);
    quiet.submitted(start);
    quiet.throttled(start, start + 20ms);
    EXPECT_EQ(quiet.rate(start + 20ms), 10);
    EXPECT_EQ(quiet.next(start + 20ms), start + 1'020ms);
    EXPECT_GT(*quiet.rate(start + 120s), 1'000);
    EXPECT_EQ(quiet.rate(start + 180s), std::nullopt);
}

TEST(Pace, CongestionEasesHoldsOrPauses)
{
    Busy easy(100);
    easy.run(10s, 1'000'000, 50);
    EXPECT_EQ(easy.pace.rate(easy.now), 100);

    Busy nearing(100);
    nearing.run(10s, 1'000'000, 95);
    double eased = *nearing.pace.rate(nearing.now);
    EXPECT_GT(eased, 40);
    EXPECT_LT(eased, 75);
    EXPECT_GT(nearing.run(1s, 1'000'000, 95), 30u);  // no pause
    nearing.run(5s, 1'000'000, 85);
    eased = *nearing.pace.rate(nearing.now);
    nearing.run(10s, 1'000'000, 85);
    EXPECT_NEAR(*nearing.pace.rate(nearing.now), eased, 0.5);
    nearing.run(30s, 1'000'000, 20);
    EXPECT_EQ(nearing.pace.rate(nearing.now), 100);

    Busy full(100);
    full.run(5s);
    full.pace.congested(100, full.sent.back(), full.now);
    EXPECT_EQ(full.run(999ms), 0u);
    EXPECT_NEAR(*full.pace.rate(full.now), 50, 1);
    full.pace.congested(101, full.now, full.now);
    EXPECT_NEAR(*full.pace.rate(full.now), 50, 1);
}

TEST(Pace, HoldsReadyWhatLeavesWithinATenthOfASecond)
{
    EXPECT_EQ(Pace(50).ready_max(start, 200), 5u);
    EXPECT_EQ(Pace(1).ready_max(start, 200), 1u);
    EXPECT_EQ(Pace(5'000).ready_max(start, 200), 200u);
}

}  // namespace tidings::relay
