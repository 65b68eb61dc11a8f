// SPDX-License-Identifier: Apache-2.0
#include "relay/endpoint_health.hpp"

#include <gtest/gtest.h>

namespace tidings::relay {

namespace {

using namespace std::chrono_literals;

constexpr base::Time now{1h};

EndpointHealth failing(int times, EndpointHealth health = {})
{
    for (int i = 0; i < times; ++i) health.failed(10ms, now, {});
    return health;
}

TEST(EndpointHealth, BeginsWithLittle)
{
    EndpointHealth health;
    EXPECT_EQ(health.out_max(), EndpointHealth::out_first);
    EXPECT_EQ(health.requests_max(), EndpointHealth::requests_slow);
    EXPECT_TRUE(health.is_slow());
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
    EndpointHealth health = failing(EndpointHealth::failures_max - 1);
    health.answered(10ms);
    health = failing(EndpointHealth::failures_max - 1, health);
    EXPECT_FALSE(health.left_alone_until());
    health = failing(1, health);
    EXPECT_EQ(health.left_alone_until(), now + 5s);
    EXPECT_EQ(health.out_max(), 0u);
    EXPECT_EQ(health.requests_max(), 0u);
}

TEST(EndpointHealth, GetsOneRequestWhenThePauseIsOver)
{
    EndpointHealth health = failing(EndpointHealth::failures_max);
    health.pause_ended();
    EXPECT_EQ(health.out_max(), 1u);
    EXPECT_EQ(health.requests_max(), 1u);
    health.answered(10ms);
    EXPECT_EQ(health.out_max(), EndpointHealth::out_first);
    EXPECT_TRUE(health.is_usual());
}

TEST(EndpointHealth, IsLeftAloneForLongerEachTime)
{
    EndpointHealth health = failing(EndpointHealth::failures_max);
    for (auto pause : {10s, 20s, 40s, 60s, 60s}) {
        health.pause_ended();
        health.failed(10ms, now, {});
        EXPECT_EQ(health.left_alone_until(), now + pause);
    }
    health.pause_ended();
    health.answered(10ms);
    EXPECT_EQ(failing(EndpointHealth::failures_max, health).left_alone_until(), now + 5s);
}

TEST(EndpointHealth, IsLeftAloneAsLongAsItAsksForUpToAMinute)
{
    EndpointHealth health;
    health.failed(10ms, now, now + 7s);
    EXPECT_EQ(health.left_alone_until(), now + 7s);
    health.failed(10ms, now, now + 2h);
    EXPECT_EQ(health.left_alone_until(), now + 60s);
}

TEST(EndpointHealth, RequestsThatWereOnTheirWayDoNotProlongThePause)
{
    EndpointHealth health = failing(EndpointHealth::failures_max);
    health.failed(10ms, now + 4s, {});
    EXPECT_EQ(health.left_alone_until(), now + 5s);
}

}  // namespace

}  // namespace tidings::relay
