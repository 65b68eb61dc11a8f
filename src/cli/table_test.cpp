// SPDX-License-Identifier: Apache-2.0
#include "cli/table.hpp"

#include <gtest/gtest.h>
#include <boost/json.hpp>

namespace tidings::cli {

namespace {

constexpr Field fields[] = {{"id", "ID"}, {"credits", "CREDITS", "unlimited"}, {"features", "FEATURES"}};

TEST(Table, HasAlignedColumnsWithHeadersAndNoBlanksAtTheEnd)
{
    auto answer = boost::json::parse(R"({"shops":[
        {"id":"a","credits":12,"features":{"mms":true,"tts":true}},
        {"id":"Bäckerei","credits":null,"features":{"mms":false}}]})");
    EXPECT_EQ(table_of(answer, "shops", fields),
              "ID        CREDITS    FEATURES\n"
              "a         12         mms,tts\n"
              "Bäckerei  unlimited  -\n");
    EXPECT_EQ(aligned({{"a", "", "b"}, {"cc", "", ""}}), "a     b\ncc\n");
}

TEST(Table, OfNothingIsItsHeaders)
{
    EXPECT_EQ(table_of(boost::json::parse(R"({"shops":[]})"), "shops", fields), "ID  CREDITS  FEATURES\n");
}

TEST(Lines, HaveNameAndValue)
{
    auto answer = boost::json::parse(R"({"id":"a","features":{"mms":true},"more":1})");
    EXPECT_EQ(lines_of(answer, fields), "id        a\ncredits   unlimited\nfeatures  mms\n");
}

TEST(Shown, SaysYesAndNo)
{
    EXPECT_EQ(shown(true), "yes");
    EXPECT_EQ(shown(false), "no");
    EXPECT_EQ(shown(-5), "-5");
    EXPECT_EQ(shown(0.0), "0");
    EXPECT_EQ(shown(12.5), "12.5");
}

TEST(Printable, LeavesNothingThatATerminalObeys)
{
    EXPECT_EQ(printable("a\x1b[2Jb\r\nc\x7f\xc2\x9b"
                        "d ü é"),
              "a [2Jb  c  d ü é");
    EXPECT_EQ(printable("\xc2"), "\xc2");
}

}  // namespace

}  // namespace tidings::cli
