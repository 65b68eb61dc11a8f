// SPDX-License-Identifier: Apache-2.0
#include "base/append.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace tidings::base {

namespace {

Time time_of(std::int64_t milliseconds) { return Time(std::chrono::milliseconds(milliseconds)); }

std::string appended_iso(Time time)
{
    std::string out = "before ";
    append_iso(out, time);
    return out;
}

std::string appended_number(std::int64_t value)
{
    std::string out;
    append_number(out, value);
    return out;
}

}  // namespace

TEST(Append, ATimeStandsBehindWhatWasThere)
{
    EXPECT_EQ(appended_iso(time_of(0)), "before 1970-01-01T00:00:00.000Z");
    EXPECT_EQ(appended_iso(time_of(-1)), "before 1969-12-31T23:59:59.999Z");
    EXPECT_EQ(appended_iso(*parse_iso("2024-02-29T23:59:59.007Z")), "before 2024-02-29T23:59:59.007Z");
    EXPECT_EQ(appended_iso(*parse_iso("0000-01-01T00:00:00Z")), "before 0000-01-01T00:00:00.000Z");
    EXPECT_EQ(appended_iso(*parse_iso("9999-12-31T10:20:30.456Z")), "before 9999-12-31T10:20:30.456Z");
}

TEST(Append, AYearThatDoesNotFitHasASignOrMoreDigits)
{
    EXPECT_EQ(appended_iso(*parse_iso("9999-12-31T23:59:59.999-23:59")), "before 10000-01-01T23:58:59.999Z");
    EXPECT_EQ(appended_iso(*parse_iso("0000-01-01T00:00:00+23:59")), "before -001-12-31T00:01:00.000Z");
}

TEST(Append, AnIdIsAsItsText)
{
    Uuid id = *Uuid::parse("877c19ef-fa2e-4cec-827a-e1df9b5509f7");
    std::string out = "id ";
    append_uuid(out, id);
    append_uuid(out, Uuid());
    EXPECT_EQ(out, "id 877c19ef-fa2e-4cec-827a-e1df9b5509f700000000-0000-0000-0000-000000000000");
    EXPECT_EQ(id.text(), "877c19ef-fa2e-4cec-827a-e1df9b5509f7");
}

TEST(Append, NumbersOfAllSizes)
{
    EXPECT_EQ(appended_number(0), "0");
    EXPECT_EQ(appended_number(-7), "-7");
    EXPECT_EQ(appended_number(std::numeric_limits<std::int64_t>::max()), "9223372036854775807");
    EXPECT_EQ(appended_number(std::numeric_limits<std::int64_t>::min()), "-9223372036854775808");
}

}  // namespace tidings::base
