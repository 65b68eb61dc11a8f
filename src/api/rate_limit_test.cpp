// SPDX-License-Identifier: Apache-2.0
#include "api/rate_limit.hpp"

#include <gtest/gtest.h>

namespace tidings::api {

namespace {

using namespace std::chrono_literals;

constexpr base::Moment start{1'800'000'000'000ms};
constexpr store::AccountKey limited{1}, other{2}, third{3};

// Waits of -1: let in.
std::int64_t wait_of(const std::optional<Excess>& excess) { return excess ? excess->wait.count() : -1; }

// How many requests pass in a row.
int passing(RateLimiter& limiter, const RateLimits& limits, base::Moment now, int tries = 1000)
{
    int count = 0;
    while (count < tries && !limiter.take_request(limited, limits, now)) ++count;
    return count;
}

}  // namespace

TEST(RateLimit, WithoutLimitsEverythingPasses)
{
    RateLimiter limiter;
    EXPECT_EQ(passing(limiter, {}, start), 1000);
    EXPECT_FALSE(limiter.take_messages(limited, {}, 100, start));
    EXPECT_FALSE(limiter.allowance(limited, {}, start));
    EXPECT_EQ(passing(limiter, {.messages_per_second = 1}, start), 1000);
    EXPECT_FALSE(limiter.take_messages(other, {.requests_per_second = 1}, 100, start));
}

TEST(RateLimit, ASecondsWorthMayComeAtOnceAndThenAsMuchAsFlowsIn)
{
    for (std::uint32_t limit : {1u, 3u, 7u, 10u, 250u, 999u}) {
        RateLimiter limiter;
        RateLimits limits{.requests_per_second = limit};
        EXPECT_EQ(passing(limiter, limits, start), static_cast<int>(limit));
        EXPECT_EQ(wait_of(limiter.take_request(limited, limits, start)), 1);
        EXPECT_EQ(passing(limiter, limits, start + 1s), static_cast<int>(limit));
        EXPECT_EQ(passing(limiter, limits, start + 1h), static_cast<int>(limit));
    }
    RateLimiter limiter;
    RateLimits ten{.requests_per_second = 10};
    EXPECT_EQ(passing(limiter, ten, start), 10);
    EXPECT_EQ(passing(limiter, ten, start + 99ms), 0);
    EXPECT_EQ(passing(limiter, ten, start + 100ms), 1);
    EXPECT_EQ(passing(limiter, ten, start + 500ms), 4);
}

TEST(RateLimit, NoStretchOfTimeHoldsMoreThanTheLimitAndABurst)
{
    RateLimiter limiter;
    RateLimits limits{.requests_per_second = 3};
    int passed = 0;
    for (auto t = 0ms; t <= 10s; t += 7ms)
        if (!limiter.take_request(limited, limits, start + t)) ++passed;
    EXPECT_GE(passed, 32);
    EXPECT_LE(passed, 33);
}

TEST(RateLimit, MessagesPassAllOrNone)
{
    RateLimiter limiter;
    RateLimits limits{.messages_per_second = 10};
    EXPECT_FALSE(limiter.take_messages(limited, limits, 6, start));
    EXPECT_EQ(wait_of(limiter.take_messages(limited, limits, 5, start)), 1);
    EXPECT_FALSE(limiter.take_messages(limited, limits, 4, start));
    EXPECT_EQ(wait_of(limiter.take_messages(limited, limits, 1, start)), 1);
}

TEST(RateLimit, MoreThanASecondsWorthPassesFromAFullBucketAndIsPaidLater)
{
    RateLimiter limiter;
    RateLimits limits{.messages_per_second = 10};
    EXPECT_FALSE(limiter.take_messages(limited, limits, 100, start));
    EXPECT_EQ(wait_of(limiter.take_messages(limited, limits, 1, start)), 10);
    EXPECT_EQ(wait_of(limiter.take_messages(limited, limits, 100, start)), 10);
    EXPECT_EQ(wait_of(limiter.take_messages(limited, limits, 1, start + 9s)), 1);
    EXPECT_FALSE(limiter.take_messages(limited, limits, 1, start + 9100ms));
    EXPECT_EQ(wait_of(limiter.take_messages(limited, limits, 100, start + 10s)), 1);
    EXPECT_FALSE(limiter.take_messages(limited, limits, 100, start + 10'100ms));

    limits.messages_per_second = 1;
    EXPECT_FALSE(limiter.take_messages(other, limits, 100, start));
    EXPECT_EQ(wait_of(limiter.take_messages(other, limits, 1, start)), 100);
}

TEST(RateLimit, WhoWaitsAsLongAsToldPasses)
{
    RateLimiter limiter;
    RateLimits limits{.messages_per_second = 7};
    base::Moment now = start;
    for (std::size_t count : {5u, 3u, 7u, 8u, 100u, 1u, 100u, 2u, 6u}) {
        auto excess = limiter.take_messages(limited, limits, count, now);
        if (!excess) continue;
        EXPECT_GE(excess->wait, 1s);
        now += excess->wait;
        EXPECT_FALSE(limiter.take_messages(limited, limits, count, now)) << count;
    }
}

TEST(RateLimit, AccountsAndKindsHaveTheirOwnBuckets)
{
    RateLimiter limiter;
    RateLimits limits{.requests_per_second = 1, .messages_per_second = 1};
    EXPECT_FALSE(limiter.take_request(limited, limits, start));
    EXPECT_TRUE(limiter.take_request(limited, limits, start));
    EXPECT_FALSE(limiter.take_messages(limited, limits, 1, start));
    EXPECT_FALSE(limiter.take_request(other, limits, start));
}

TEST(RateLimit, TheAllowanceIsOfTheEmptierBucket)
{
    RateLimiter limiter;
    RateLimits limits{.requests_per_second = 10, .messages_per_second = 50};
    auto told = [&](base::Moment now) {
        auto allowance = limiter.allowance(limited, limits, now).value();
        return std::tuple(allowance.limit, allowance.remaining, allowance.reset.count());
    };
    EXPECT_EQ(told(start), std::tuple(10u, 10u, 0));
    limiter.take_request(limited, limits, start);
    EXPECT_EQ(told(start), std::tuple(10u, 9u, 1));
    limiter.take_messages(limited, limits, 20, start);
    EXPECT_EQ(told(start), std::tuple(50u, 30u, 1));
    limiter.take_messages(limited, limits, 30, start);
    EXPECT_EQ(told(start), std::tuple(50u, 0u, 1));
    EXPECT_EQ(told(start + 1s), std::tuple(10u, 10u, 0));
    limiter.take_messages(limited, limits, 100, start + 1s);
    EXPECT_EQ(told(start + 1s), std::tuple(50u, 0u, 2));
}

TEST(RateLimit, AClockThatGoesBackLocksNobodyOut)
{
    RateLimiter limiter;
    RateLimits limits{.requests_per_second = 1};
    EXPECT_FALSE(limiter.take_request(limited, limits, start + 24h));
    EXPECT_EQ(limiter.allowance(limited, limits, start)->reset, 100s);
    EXPECT_EQ(wait_of(limiter.take_request(limited, limits, start)), 100);
    EXPECT_FALSE(limiter.take_request(limited, limits, start + 100s));
}

TEST(RateLimit, FullBucketsAreForgottenFirst)
{
    RateLimiter limiter(2);
    RateLimits limits{.requests_per_second = 1};
    EXPECT_FALSE(limiter.take_request(limited, limits, start));
    EXPECT_FALSE(limiter.take_request(other, limits, start + 500ms));
    EXPECT_FALSE(limiter.take_request(third, limits, start + 1s));
    EXPECT_TRUE(limiter.take_request(other, limits, start + 1s));
    EXPECT_TRUE(limiter.take_request(third, limits, start + 1s));
    EXPECT_FALSE(limiter.take_request(limited, limits, start + 1s));
}

}  // namespace tidings::api
