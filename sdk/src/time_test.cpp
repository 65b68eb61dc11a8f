// SPDX-License-Identifier: Apache-2.0
#include "time.hpp"

#include <gtest/gtest.h>

namespace tidings {

namespace {

using namespace std::chrono;

const Time sample = sys_days(2016y / 11 / 3) + 11h + 49min + 2s + 807ms;

TEST(ClientTime, IsWrittenInMilliseconds)
{
    EXPECT_EQ(to_iso(sample), "2016-11-03T11:49:02.807Z");
    EXPECT_EQ(to_iso(Time()), "1970-01-01T00:00:00.000Z");
}

TEST(ClientTime, IsReadInEveryFormThatServicesWrite)
{
    for (const char* text :
         {"2016-11-03T11:49:02.807Z", "2016-11-03T11:49:02.807", "2016-11-03 11:49:02.807999z",
          "2016-11-03T21:49:02.807+10:00", "2016-11-03T06:49:02.807-0500"})
        EXPECT_EQ(parse_iso(text).value(), sample) << text;
    EXPECT_EQ(parse_iso("2016-11-03T11:49:02Z").value(), sample - 807ms);
}

TEST(ClientTime, WhatIsNoneIsAnError)
{
    for (const char* text : {"", "2016-11-03", "2016-13-03T11:49:02Z", "2016-11-03T25:49:02Z",
                             "2016-11-03T11:49:02Zz", "1478173742807"})
        EXPECT_FALSE(parse_iso(text)) << text;
}

TEST(ClientTime, OfHttpIsThatOfRfc7231)
{
    Time time = sys_days(2016y / 7 / 30) + 5h + 18min + 52s;
    EXPECT_EQ(detail::to_http_date(time), "Sat, 30 Jul 2016 05:18:52 GMT");
    EXPECT_EQ(detail::parse_http_date("Sat, 30 Jul 2016 05:18:52 GMT").value(), time);
    EXPECT_FALSE(detail::parse_http_date("tomorrow"));
}

}  // namespace

}  // namespace tidings
