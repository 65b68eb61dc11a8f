// SPDX-License-Identifier: Apache-2.0
#include "base/time.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace tidings::base {

TEST(Time, EveryFormThatClientsWriteIsRead)
{
    const char* same_instant[] = {
        "2026-11-20T11:03:47Z",
        "2026-11-20T21:03:47+10:00",
        "2026-11-20T11:03:47.000000+00:00",
        "2026-11-20T11:03:47",
        "2026-11-20 11:03:47",
        "2026-11-20T11:03:47.000Z",
        "2026-11-20T11:03:47.000000000z",
        "2026-11-20T06:03:47-0500",
        "2026-11-20t11:03:47z",
        "2026-11-21 11:02:47.0+23:59",
        "2026-11-20T11:03:47-00:00",
    };
    for (const char* text : same_instant) {
        auto time = parse_iso(text);
        ASSERT_TRUE(time) << text;
        EXPECT_EQ(to_iso(*time), "2026-11-20T11:03:47.000Z") << text;
    }
}

TEST(Time, FractionIsCutToMilliseconds)
{
    EXPECT_EQ(to_iso(*parse_iso("2026-11-20T11:03:47.893636+00:00")), "2026-11-20T11:03:47.893Z");
    std::string_view digits = "999999999";
    std::string_view expected[] = {"900", "990", "999", "999", "999", "999", "999", "999", "999"};
    for (std::size_t i = 0; i < digits.size(); ++i)
        EXPECT_EQ(to_iso(*parse_iso(fmt::format("2026-11-20T11:03:47.{}Z", digits.substr(0, i + 1)))),
                  fmt::format("2026-11-20T11:03:47.{}Z", expected[i]));
}

TEST(Time, ALeapSecondIsTheSecondBeforeIt)
{
    EXPECT_EQ(to_iso(*parse_iso("2016-12-31T23:59:60Z")), "2016-12-31T23:59:59.000Z");
    EXPECT_EQ(to_iso(*parse_http_date("Sat, 31 Dec 2016 23:59:60 GMT")), "2016-12-31T23:59:59.000Z");
    EXPECT_FALSE(parse_iso("2016-12-31T23:59:61Z"));
}

TEST(Time, EveryDayOfTheCalendarAndNoOther)
{
    EXPECT_TRUE(parse_iso("2024-02-29T00:00:00Z"));
    EXPECT_FALSE(parse_iso("2026-02-29T00:00:00Z"));
    EXPECT_FALSE(parse_iso("1900-02-29T00:00:00Z"));
    EXPECT_TRUE(parse_iso("2000-02-29T00:00:00Z"));
    EXPECT_TRUE(parse_iso("0000-01-01T00:00:00Z"));
    EXPECT_TRUE(parse_iso("9999-12-31T23:59:59.999999999-23:59"));
}

TEST(Time, WhatIsNoDateIsRefused)
{
    for (const char* text : {"",
                             "2026",
                             "2026-02-30T00:00:00Z",
                             "2026-13-01T00:00:00Z",
                             "2026-11-20",
                             "20261120T110347Z",
                             "2026-11-20T24:00:00Z",
                             "2026-11-20T11:03:47.Z",
                             "2026-11-20T11:03:47.1234567890Z",
                             "2026-11-20T11:03:47+1",
                             "2026-11-20T11:03:47Zx",
                             "1479646800",
                             "10000-01-01T00:00:00Z",
                             "-2026-11-20T11:03:47Z",
                             "2026-00-20T11:03:47Z",
                             "2026-11-00T11:03:47Z",
                             "2026-11-20T23:60:00Z",
                             "2026-11-20T11:03",
                             "2026-11-20T11:03:47+24:00",
                             "2026-11-20T11:03:47+10:60",
                             "2026-11-20T11:03:47,5Z",
                             "2026-11-20T11:03:47 Z",
                             " 2026-11-20T11:03:47Z",
                             "2026-11-20_11:03:47Z",
                             "2026-11-20T1a:03:47Z"})
        EXPECT_FALSE(parse_iso(text)) << text;
}

TEST(Time, HttpDateIsReadAndWritten)
{
    auto time = parse_http_date("Sat, 30 Jul 2016 05:18:52 GMT");
    ASSERT_TRUE(time);
    EXPECT_EQ(to_iso(*time), "2016-07-30T05:18:52.000Z");
    EXPECT_EQ(to_http_date(*time), "Sat, 30 Jul 2016 05:18:52 GMT");
}

TEST(Time, HttpDateIsReadInTheThreeFormsOfRfc9110)
{
    for (const char* text :
         {"Sat, 30 Jul 2016 05:18:52 GMT", "Saturday, 30-Jul-16 05:18:52 GMT", "Sat Jul 30 05:18:52 2016",
          "Sat, 30 Jul 2016 05:18:52 UTC", "Sat, 30 Jul 2016 05:18:52 +0000",
          "Sat, 30 Jul 2016 05:18:52 -0000", "Saturday, 30-Jul-16 05:18:52 UTC"}) {
        auto time = parse_http_date(text);
        ASSERT_TRUE(time) << text;
        EXPECT_EQ(to_iso(*time), "2016-07-30T05:18:52.000Z") << text;
    }
    for (const char* text : {"Sun, 06 Nov 1994 08:49:37 GMT", "Sun, 6 Nov 1994 08:49:37 GMT",
                             "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"})
        EXPECT_EQ(to_iso(*parse_http_date(text)), "1994-11-06T08:49:37.000Z") << text;
    EXPECT_EQ(to_iso(*parse_http_date("Thursday, 01-Jan-70 00:00:00 GMT")), "1970-01-01T00:00:00.000Z");
    EXPECT_EQ(to_iso(*parse_http_date("Tuesday, 31-Dec-69 00:00:00 GMT")), "2069-12-31T00:00:00.000Z");
}

TEST(Time, WhatIsNoHttpDateIsRefused)
{
    for (const char* text :
         {"", "Sat", "Sat, 30 Jul 2016 05:18:52", "Sat, 30 Jul 2016 05:18:52 GMT+1",
          "Sat, 30 Jul 2016 05:18:52 +0100", "Sat, 30 Jul 2016 05:18:52 EST", "Sat, 30 Jul 16 05:18:52 GMT",
          "Sat, 31 Jun 2016 05:18:52 GMT", "Sat, 30-Jul-16 05:18:52 GMT",
          "Saturday, 30-Jul-2016 05:18:52 GMT", "Saturday, 30-Jul-16 05:18:52",
          "Sat Jul 30 05:18:52 2016 GMT", "Sat Jul 30 05:18:52 16", "Sat Jul 30 24:00:00 2016",
          "2016-07-30T05:18:52Z", "sat, 30 jul 2016 05:18:52 gmt"})
        EXPECT_FALSE(parse_http_date(text)) << text;
}

}  // namespace tidings::base
