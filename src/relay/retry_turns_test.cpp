// SPDX-License-Identifier: Apache-2.0
#include "relay/retry_turns.hpp"

#include <gtest/gtest.h>

namespace tidings::relay {

using namespace std::chrono_literals;
using Blame = RetryTurns::Blame;

namespace {

store::MessageKey message(std::uint64_t number)
{
    store::MessageKey key{store::AccountKey{1}, {}};
    for (std::size_t i = 0; i < sizeof number; ++i)
        key.id.bytes[i] = static_cast<std::uint8_t>(number >> 8 * i);
    return key;
}

}  // namespace

TEST(RetryTurns, PausesDoubleUpToTheLongest)
{
    RetryTurns turns({.pause_min = 2s, .pause_max = 10s, .attempts_max = 9});
    for (auto pause : {2s, 4s, 8s, 10s, 10s}) EXPECT_EQ(turns.refused(message(1), Blame::message), pause);
    EXPECT_EQ(turns.refused(message(2), Blame::message), 2s);
}

TEST(RetryTurns, AfterTheLastAttemptItIsOverAndForgotten)
{
    RetryTurns turns({.attempts_max = 3});
    EXPECT_TRUE(turns.refused(message(1), Blame::message));
    EXPECT_TRUE(turns.refused(message(1), Blame::message));
    EXPECT_FALSE(turns.refused(message(1), Blame::message));
    EXPECT_EQ(turns.remembered(), 0u);
    EXPECT_TRUE(turns.refused(message(1), Blame::message));
}

TEST(RetryTurns, TheDefaultsTryForAboutAnHour)
{
    RetryTurns turns({});
    std::chrono::milliseconds sum{};
    while (auto pause = turns.refused(message(1), Blame::message)) sum += *pause;
    EXPECT_GT(sum, 50min);
    EXPECT_LT(sum, 70min);
}

TEST(RetryTurns, NoAttemptCountsWhileTheCarrierIsToBlame)
{
    RetryTurns turns({.pause_min = 2s, .attempts_max = 2});
    for (int i = 0; i < 10; ++i) EXPECT_EQ(turns.refused(message(1), Blame::carrier), 2s);
    EXPECT_EQ(turns.refused(message(1), Blame::message), 2s);
    EXPECT_FALSE(turns.refused(message(1), Blame::message));
}

TEST(RetryTurns, RemembersSoManyMessagesAndNoMore)
{
    RetryTurns turns({.pause_min = 1s});
    turns.refused(message(1), Blame::message);
    for (std::uint64_t i = 2; i <= 3 * RetryTurns::remembered_max; ++i)
        turns.refused(message(i), Blame::message);
    EXPECT_LE(turns.remembered(), RetryTurns::remembered_max);
    EXPECT_EQ(turns.refused(message(3 * RetryTurns::remembered_max), Blame::message), 2s);
    EXPECT_EQ(turns.refused(message(1), Blame::message), 1s);
}

TEST(RefusedInARow, SeveralDifferentDestinationsAreTheCarriersTrouble)
{
    RefusedInARow row;
    for (std::size_t i = 1; i < RefusedInARow::several; ++i)
        EXPECT_EQ(row.refused(std::to_string(i)), Blame::message);
    EXPECT_EQ(row.refused("last"), Blame::carrier);
    EXPECT_EQ(row.refused("1"), Blame::carrier);
    row.accepted();
    EXPECT_EQ(row.refused("1"), Blame::message);
}

TEST(RefusedInARow, TheSameDestinationAgainAndAgainIsNot)
{
    RefusedInARow row;
    for (int i = 0; i < 100; ++i) EXPECT_EQ(row.refused(i % 2 ? "one" : "other"), Blame::message);
}

}  // namespace tidings::relay
