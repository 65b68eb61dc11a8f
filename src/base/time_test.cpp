// SPDX-License-Identifier: Apache-2.0
#include "base/time.hpp"

#include <gtest/gtest.h>

namespace tidings::base {

TEST(Time, EveryFormThatClientsWriteIsRead)
{
    const char* same_instant[] = {
        "2026-11-20T11:03:47Z",          "2026-11-20T21:03:47+10:00", "2026-11-20T11:03:47.000000+00:00",
        "2026-11-20T11:03:47",           "2026-11-20 11:03:47",       "2026-11-20T11:03:47.000Z",
        "2026-11-20T11:03:47.000000000z", "2026-11-20T06:03:47-0500",
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
    EXPECT_EQ(to_iso(*parse_iso("2026-11-20T11:03:47.5Z")), "2026-11-20T11:03:47.500Z");
}

TEST(Time, WhatIsNoDateIsRefused)
{
    for (const char* text :
         {"", "2026", "2026-02-30T00:00:00Z", "2026-13-01T00:00:00Z", "2026-11-20", "20261120T110347Z",
          "2026-11-20T24:00:00Z", "2026-11-20T11:03:47.Z", "2026-11-20T11:03:47.1234567890Z",
          "2026-11-20T11:03:47+1", "2026-11-20T11:03:47Zx", "1479646800"})
        EXPECT_FALSE(parse_iso(text)) << text;
}

TEST(Time, HttpDateIsReadAndWritten)
{
    auto time = parse_http_date("Sat, 30 Jul 2016 05:18:52 GMT");
    ASSERT_TRUE(time);
    EXPECT_EQ(to_iso(*time), "2016-07-30T05:18:52.000Z");
    EXPECT_EQ(to_http_date(*time), "Sat, 30 Jul 2016 05:18:52 GMT");
    EXPECT_FALSE(parse_http_date("Saturday, 30-Jul-16 05:18:52 GMT"));
    EXPECT_FALSE(parse_http_date(""));
}

}  // namespace tidings::base
