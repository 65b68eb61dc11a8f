// SPDX-License-Identifier: Apache-2.0
#include "message/cap.hpp"

#include <gtest/gtest.h>

namespace tidings::message {

namespace {

using namespace std::chrono_literals;
constexpr std::chrono::sys_days last_of_january = std::chrono::January / 31 / 2026;

}  // namespace

TEST(Cap, IsReachedByTheLastMessageThatItAllows)
{
    Usage usage{.day = last_of_january, .of_day = 2, .of_month = 9};
    EXPECT_TRUE(allows({}, usage));
    EXPECT_TRUE(allows({.daily = 3, .monthly = 10}, usage));
    EXPECT_FALSE(allows({.daily = 2}, usage));
    EXPECT_FALSE(allows({.monthly = 9}, usage));
    EXPECT_FALSE(allows({.daily = 1}, usage)) << "lowered since";
}

TEST(Cap, BeginsAnewWithTheDayAndTheMonthOfUtc)
{
    Usage usage{.day = last_of_january - std::chrono::days(1), .of_day = 2, .of_month = 9};
    EXPECT_EQ(at(usage, last_of_january - 1ms), usage);
    EXPECT_EQ(at(usage, last_of_january), (Usage{.day = last_of_january, .of_day = 0, .of_month = 9}));
    base::Time february = last_of_january + std::chrono::days(1);
    EXPECT_EQ(at(usage, february + 5h),
              (Usage{.day = last_of_january + std::chrono::days(1), .of_day = 0, .of_month = 0}));
    Usage a_year_ago{.day = std::chrono::January / 31 / 2025, .of_day = 2, .of_month = 9};
    EXPECT_EQ(at(a_year_ago, last_of_january).of_month, 0u);
}

TEST(Cap, StaysWhenTheClockIsSetBack)
{
    Usage usage{.day = last_of_january, .of_day = 2, .of_month = 9};
    EXPECT_EQ(at(usage, last_of_january - std::chrono::days(40)), usage);
}

TEST(Cap, BeginsAnewWhenTheClockWasAYearAhead)
{
    Usage usage{.day = last_of_january + std::chrono::days(365), .of_day = 2, .of_month = 9};
    EXPECT_EQ(at(usage, last_of_january + 5h), (Usage{.day = last_of_january, .of_day = 0, .of_month = 0}));
}

}  // namespace tidings::message
