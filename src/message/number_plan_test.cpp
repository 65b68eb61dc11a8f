// SPDX-License-Identifier: Apache-2.0
#include "message/number_plan.hpp"

#include "base/zone.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <string>

namespace tidings::message {

namespace {

using Zones = std::vector<std::string_view>;

}  // namespace

TEST(NumberPlan, TellsCountryAndTypeOfNumbersFromAllOverTheWorld)
{
    const std::map<std::string, NumberType> types = {{"fixed", NumberType::fixed},
                                                     {"mobile", NumberType::mobile},
                                                     {"fixed_or_mobile", NumberType::fixed_or_mobile}};
    std::ifstream vectors(VECTORS "/numbers.csv");
    int checked = 0;
    for (std::string line; std::getline(vectors, line);) {
        if (line.starts_with('#')) continue;
        std::size_t first = line.find(','), second = line.find(',', first + 1);
        auto plan = find_number_plan(line.substr(0, first));
        ASSERT_TRUE(plan) << line;
        EXPECT_EQ(plan->country, line.substr(first + 1, second - first - 1)) << line;
        EXPECT_EQ(plan->type, types.at(line.substr(second + 1))) << line;
        for (std::string_view zone : plan->zones) EXPECT_TRUE(base::Zone::parse(zone)) << zone;
        ++checked;
    }
    EXPECT_GT(checked, 400);
}

TEST(NumberPlan, TellsWhereANumberMayBe)
{
    EXPECT_EQ(find_number_plan("61491570156")->zones, Zones{"Australia/Sydney"});
    EXPECT_EQ(find_number_plan("61891234567")->zones, (Zones{"Australia/Adelaide", "Australia/Perth"}));
    EXPECT_EQ(find_number_plan("12125550123")->zones, Zones{"America/New_York"});
    EXPECT_EQ(find_number_plan("447400123456")->zones,
              (Zones{"Europe/Guernsey", "Europe/Isle_of_Man", "Europe/London"}));
}

TEST(NumberPlan, TheCountryAloneIsThatOfThePlan)
{
    EXPECT_EQ(country_of("61491570156"), "AU");
    EXPECT_EQ(country_of("12125550123"), "US");
    EXPECT_EQ(country_of("999"), "");
    EXPECT_EQ(country_of(""), "");
}

TEST(NumberPlan, ANumberMayBeOfNoCountry)
{
    auto plan = find_number_plan("80012345678");
    EXPECT_EQ(plan->country, "");
    EXPECT_EQ(plan->type, NumberType::toll_free);
    EXPECT_TRUE(plan->zones.empty());
}

TEST(NumberPlan, WhatBeginsAsNoCountryDoesHasNone)
{
    for (std::string_view digits : {"", "0", "0491570156", "21012345678", "999123456789"})
        EXPECT_FALSE(find_number_plan(digits)) << digits;
}

}  // namespace tidings::message
