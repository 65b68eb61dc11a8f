// SPDX-License-Identifier: Apache-2.0
#include "base/utf8.hpp"

#include <gtest/gtest.h>

namespace tidings::base {

namespace {

using namespace std::string_view_literals;

TEST(Escaped, TextPassesAsItIs)
{
    for (std::string_view text :
         {""sv, "+61491570156"sv, "a b\\c%E9"sv, "caf\xC3\xA9"sv, "\xF0\x9F\x98\x80"sv})
        EXPECT_EQ(escaped(text), text);
}

TEST(Escaped, OctetsThatAreNoUtf8AreWrittenOut)
{
    EXPECT_EQ(escaped("caf\xE9"), "caf\\xE9");
    EXPECT_EQ(escaped("\xC3("), "\\xC3(");
    EXPECT_EQ(escaped("\xED\xA0\x80"), "\\xED\\xA0\\x80") << "a surrogate";
    EXPECT_EQ(escaped("\xC0\xAF"), "\\xC0\\xAF") << "overlong";
    EXPECT_EQ(escaped("\xC3\xA9\xE9"), "\xC3\xA9\\xE9");
}

TEST(Escaped, ControlCharactersAreWrittenOut)
{
    EXPECT_EQ(escaped("a\r\nb\t\0\x1B[2J\x7F"sv), "a\\x0D\\x0Ab\\x09\\x00\\x1B[2J\\x7F");
    EXPECT_EQ(escaped("\xC2\x85"), "\\xC2\\x85") << "next line, which terminals heed";
}

TEST(Escaped, IsTextAndStaysWhatItIs)
{
    std::string octets;
    for (int c = 0; c < 256; ++c) octets += static_cast<char>(c);
    std::string once = escaped(octets);
    EXPECT_TRUE(is_utf8(once));
    EXPECT_EQ(escaped(once), once);
}

TEST(Utf8Prefix, EndsWithAWholeCharacter)
{
    EXPECT_EQ(utf8_prefix("caf\xC3\xA9", 9), "caf\xC3\xA9");
    EXPECT_EQ(utf8_prefix("caf\xC3\xA9", 4), "caf");
    EXPECT_EQ(utf8_prefix("caf\xC3\xA9", 3), "caf");
    EXPECT_EQ(utf8_prefix("\x80\x80\x80", 2), "");
}

}  // namespace

}  // namespace tidings::base
