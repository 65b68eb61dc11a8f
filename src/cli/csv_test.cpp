// SPDX-License-Identifier: Apache-2.0
#include "cli/csv.hpp"

#include <gtest/gtest.h>

namespace tidings::cli {

namespace {

TEST(Csv, FieldsMayStandInQuotes)
{
    std::vector<CsvRow> expected{{"a", "b"}, {"1,2", "say \"hi\"\nto all"}, {"", "x"}, {"last", ""}};
    EXPECT_EQ(parse_csv("\xEF\xBB\xBF"
                        "a,b\r\n\"1,2\",\"say \"\"hi\"\"\nto all\"\n\n,x\nlast,"),
              expected);
    EXPECT_THROW(parse_csv("a,\"b"), std::runtime_error);
    EXPECT_TRUE(parse_csv("").empty());
}

TEST(Csv, WhatIsWrittenIsReadAgain)
{
    CsvRow row{"plain", "a,b", "\"", "two\nlines", ""};
    EXPECT_EQ(csv_line(row), "plain,\"a,b\",\"\"\"\",\"two\nlines\",\n");
    EXPECT_EQ(parse_csv(csv_line(row)).at(0), row);
}

}  // namespace

}  // namespace tidings::cli
