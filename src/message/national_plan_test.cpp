// SPDX-License-Identifier: Apache-2.0
#include "message/national_plan.hpp"

#include <gtest/gtest.h>

#include <array>
#include <fstream>
#include <sstream>

namespace tidings::message {

TEST(NationalPlan, WhatIsWrittenWithinACountryBecomesE164)
{
    std::ifstream vectors(VECTORS "/national_numbers.csv");
    ASSERT_TRUE(vectors);
    int lines = 0;
    for (std::string line; std::getline(vectors, line);) {
        if (line.starts_with('#')) continue;
        ++lines;
        std::istringstream columns(line);
        std::array<std::string, 4> it;
        for (std::string& column : it) std::getline(columns, column, ',');
        auto written = it[2] == "nationally" ? Written::nationally : Written::anyhow;
        EXPECT_EQ(e164_digits(it[1], it[0], written), it[3]) << line;
    }
    EXPECT_GT(lines, 50);
}

TEST(NationalPlan, EveryCountryThatTheTableHasIsKnown)
{
    for (const char* country : {"AU", "AC", "ZW", "US", "IT"}) EXPECT_TRUE(has_national_plan(country));
    for (const char* none : {"", "XX", "au", "AUS", "ZZ"}) EXPECT_FALSE(has_national_plan(none));
}

TEST(NationalPlan, E164NumbersAreWrittenAsAtHome)
{
    EXPECT_EQ(national_digits("61491570156", "AU"), "0491570156");
    EXPECT_EQ(national_digits("12015550123", "US"), "2015550123");
    EXPECT_EQ(national_digits("79161234567", "RU"), "89161234567");
    EXPECT_EQ(national_digits("390612345678", "IT"), "0612345678");
    EXPECT_EQ(national_digits("12015550123", "AU"), "12015550123");
    EXPECT_EQ(national_digits("61491570156", ""), "61491570156");
    EXPECT_EQ(national_digits("12345", "US"), "12345");
}

TEST(NationalPlan, NoCountryCodeBeginsWithZero)
{
    EXPECT_TRUE(lacks_country("0491570156"));
    EXPECT_TRUE(lacks_country("+0491570156"));
    EXPECT_FALSE(lacks_country("61491570156"));
    EXPECT_FALSE(lacks_country("0800 Flowers"));
}

}  // namespace tidings::message
