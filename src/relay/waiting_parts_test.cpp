// SPDX-License-Identifier: Apache-2.0
#include "relay/waiting_parts.hpp"

#include <gtest/gtest.h>

namespace tidings::relay {

using namespace std::chrono_literals;

constexpr base::Moment first_part_at{1'000s};

TEST(WaitingParts, WhatGoesAgainGoesBeforeWhatWasTakenAfterIt)
{
    WaitingParts parts;
    for (std::uint64_t token : {3, 4, 5}) parts.add(token);
    parts.add_again(2);
    for (std::uint64_t token : {2, 3, 4, 5}) EXPECT_EQ(parts.take(), token);
    EXPECT_FALSE(parts.any());
}

TEST(WaitingParts, WhatWaitsForATimeJoinsTheOthersThen)
{
    WaitingParts parts;
    parts.add_later(1, first_part_at + 2s);
    parts.add_later(2, first_part_at + 1s);
    parts.add(3);
    EXPECT_FALSE(parts.ripen(first_part_at));
    EXPECT_TRUE(parts.ripen(first_part_at + 1s));
    EXPECT_EQ(parts.take(), 3u);
    EXPECT_EQ(parts.take(), 2u);
    EXPECT_FALSE(parts.any());
    EXPECT_TRUE(parts.ripen(first_part_at + 2s));
    EXPECT_EQ(parts.take(), 1u);
}

TEST(WaitingParts, AllOfThemAreSeenAndErasedWhereverTheyWait)
{
    WaitingParts parts;
    parts.add(1);
    parts.add_alone(2);
    parts.add_later(3, first_part_at);
    std::uint64_t sum = 0;
    parts.for_each([&sum](std::uint64_t token) { sum += token; });
    EXPECT_EQ(sum, 6u);
    EXPECT_EQ(parts.erase_if([](std::uint64_t token) { return token > 1; }), 2u);
    EXPECT_FALSE(parts.any_alone());
    EXPECT_FALSE(parts.ripen(first_part_at));
    EXPECT_EQ(parts.take(), 1u);
}

}  // namespace tidings::relay
