// SPDX-License-Identifier: Apache-2.0
#include "message/retry.hpp"

#include <gtest/gtest.h>

namespace tidings::message {

using namespace std::chrono_literals;

constexpr std::uint64_t middle = 20;  // a roll that leaves the delay as it is

TEST(Retry, DelaysDoubleUpToSixHours)
{
    base::Time created{};
    EXPECT_EQ(next_callback_attempt(created, 1, created, middle), created + 5s);
    EXPECT_EQ(next_callback_attempt(created, 2, created, middle), created + 10s);
    EXPECT_EQ(next_callback_attempt(created, 5, created, middle), created + 80s);
    EXPECT_EQ(next_callback_attempt(created, 40, created, middle), created + 6h);
}

TEST(Retry, DelaysAreSpreadByAFifth)
{
    base::Time created{};
    EXPECT_EQ(next_callback_attempt(created, 1, created, 0), created + 4s);
    EXPECT_EQ(next_callback_attempt(created, 1, created, 40), created + 6s);
}

TEST(Retry, GivesUpAfterThreeDays)
{
    base::Time created{};
    EXPECT_TRUE(next_callback_attempt(created, 20, created + 66h, middle));
    EXPECT_FALSE(next_callback_attempt(created, 20, created + 67h, middle));
}

}  // namespace tidings::message
