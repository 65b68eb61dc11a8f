// SPDX-License-Identifier: Apache-2.0
#include "relay/endpoint_health.hpp"

#include <gtest/gtest.h>

namespace tidings::relay {

namespace {

using namespace std::chrono_literals;

constexpr base::Moment now{1h};

EndpointHealth failing(int times, EndpointHealth health = {})
{
    for (int i = 0; i < times; ++i) health.failed(health.begun(), 10ms, now, {});
    return health;
}

std::optional<base::Moment> left_alone_until(const EndpointHealth& health)
{
    return health.recovery().left_alone_until();
}

TEST(EndpointHealth, BeginsWithLittle)
{
    EndpointHealth health;
    EXPECT_EQ(health.out_max(), EndpointHealth::out_first);
    EXPECT_EQ(health.requests_max(), 1u) << "nothing is known of it";
    EXPECT_TRUE(health.is_slow());
    health.answered(2s);
    EXPECT_EQ(health.requests_max(), EndpointHealth::requests_slow);
}

TEST(EndpointHealth, IsTrustedWithMoreAsItAnswersQuickly)
{
    EndpointHealth health;
    for (std::size_t i = 0; i < EndpointHealth::out_first; ++i) health.answered(10ms);
    EXPECT_EQ(health.out_max(), 2 * EndpointHealth::out_first);
    EXPECT_EQ(health.requests_max(), 2 * EndpointHealth::out_first);
    for (int i = 0; i < 100'000; ++i) health.answered(10ms);
    EXPECT_EQ(health.out_max(), EndpointHealth::out_most);
    EXPECT_EQ(health.requests_max(), EndpointHealth::requests_quick);
}

TEST(EndpointHealth, IsTrustedWithLittleAgainOnceItIsSlow)
{
    EndpointHealth health;
    for (int i = 0; i < 1'000; ++i) health.answered(10ms);
    health.answered(2s);
    EXPECT_TRUE(health.is_slow());
    EXPECT_EQ(health.out_max(), EndpointHealth::out_first);
    EXPECT_EQ(health.requests_max(), EndpointHealth::requests_slow);
}

TEST(EndpointHealth, IsLeftAloneAfterFailuresInARow)
{
    EndpointHealth health = failing(Recovery::failures_max - 1);
    health.answered(10ms);
    health = failing(Recovery::failures_max - 1, health);
    EXPECT_FALSE(left_alone_until(health));
    health = failing(1, health);
    EXPECT_EQ(left_alone_until(health), now + 5s);
    EXPECT_EQ(health.out_max(), 0u);
    EXPECT_EQ(health.requests_max(), 0u);
}

TEST(EndpointHealth, GetsSomeRequestsWhenThePauseIsOver)
{
    EndpointHealth health = failing(Recovery::failures_max);
    health.pause_ended();
    EXPECT_EQ(health.out_max(), Recovery::probes_max);
    for (std::size_t i = 0; i < Recovery::probes_max; ++i) {
        EXPECT_TRUE(health.recovery().has_room());
        health.begun();
    }
    EXPECT_FALSE(health.recovery().has_room());
    health.answered(10ms);
    EXPECT_EQ(health.out_max(), EndpointHealth::out_first);
    EXPECT_TRUE(health.recovery().is_usual());
}

TEST(EndpointHealth, OneOfTheRequestsAfterAPauseThatGoesWellIsEnough)
{
    EndpointHealth health = failing(Recovery::failures_max);
    health.pause_ended();
    auto first = health.begun(), second = health.begun(), third = health.begun();
    health.failed(first, 10ms, now, {});
    health.failed(second, 10ms, now, {});
    EXPECT_FALSE(left_alone_until(health)) << "one is still on its way";
    health.answered(10ms);
    health.failed(third, 10ms, now, {});
    EXPECT_FALSE(left_alone_until(health));
    EXPECT_FALSE(health.recovery().is_trying());
}

TEST(EndpointHealth, IsLeftAloneForLongerEachTime)
{
    EndpointHealth health = failing(Recovery::failures_max);
    for (auto pause : {10s, 20s, 40s, 60s, 60s}) {
        health.pause_ended();
        health.failed(health.begun(), 10ms, now, {});
        EXPECT_EQ(left_alone_until(health), now + pause);
    }
    health.pause_ended();
    health.answered(10ms);
    EXPECT_EQ(left_alone_until(failing(Recovery::failures_max, health)), now + 5s);
}

TEST(EndpointHealth, IsLeftAloneAsLongAsItAsksForUpToAMinute)
{
    EndpointHealth health;
    health.failed(health.begun(), 10ms, now, now + 7s);
    EXPECT_EQ(left_alone_until(health), now + 7s);
    health.failed(health.begun(), 10ms, now, now + 2h);
    EXPECT_EQ(left_alone_until(health), now + 60s);
}

TEST(EndpointHealth, RequestsThatWereOnTheirWayDoNotProlongThePause)
{
    EndpointHealth health;
    auto early = health.begun();
    health = failing(Recovery::failures_max, health);
    health.failed(early, 10ms, now + 4s, {});
    EXPECT_EQ(left_alone_until(health), now + 5s);
    health.pause_ended();
    health.begun();
    health.failed(early, 10ms, now + 6s, {});
    EXPECT_FALSE(left_alone_until(health)) << "it tells nothing of how things are now";
}

TEST(EndpointHealth, WhatWasNotReachedSaysNothingOfThePath)
{
    EndpointHealth health;
    for (int i = 0; i < 100; ++i) health.not_reached(health.begun(), 10s);
    EXPECT_TRUE(health.recovery().is_usual());
    EXPECT_TRUE(health.is_slow());
    health = failing(Recovery::failures_max, health);
    health.pause_ended();
    for (int i = 0; i < 100; ++i) health.not_reached(health.begun(), 10s);
    EXPECT_TRUE(health.recovery().is_trying());
    EXPECT_TRUE(health.recovery().has_room());
}

}  // namespace

}  // namespace tidings::relay
