// SPDX-License-Identifier: Apache-2.0
#include "sandbox/letter.hpp"

#include <gtest/gtest.h>

namespace tidings::sandbox {
namespace {

TEST(Letter, NumberIsTakenWithAndWithoutPlus)
{
    EXPECT_EQ(parse_letter(R"({"to":"+61400000001","content":"Yes"})")->to, "61400000001");
    EXPECT_EQ(parse_letter(R"({"to":"61400000001","content":"Yes"})")->to, "61400000001");
    EXPECT_EQ(parse_letter(R"({"to":"12345","content":"Yes"})")->to, "12345");
}

TEST(Letter, IsShownWithPlusWhereNumbersHaveOne)
{
    std::string out;
    append_letter(out, {"61491570156", "12345", "Yes"});
    EXPECT_EQ(out, R"({"from":"+61491570156","to":"12345","content":"Yes"})");
}

TEST(Letter, EveryFaultIsNamed)
{
    auto parsed = parse_letter(R"({"to":"Shop","content":"","from":"1"})");
    ASSERT_FALSE(parsed);
    EXPECT_EQ(parsed.error().details.size(), 3u);
    EXPECT_EQ(parse_letter("{}").error().details.size(), 2u);
    EXPECT_EQ(parse_letter("Yes").error().details.size(), 1u);
}

}  // namespace
}  // namespace tidings::sandbox
