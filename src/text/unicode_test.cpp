// SPDX-License-Identifier: Apache-2.0
#include "text/unicode.hpp"

#include "base/utf8.hpp"

#include <gtest/gtest.h>

namespace tidings::text {

using namespace std::string_view_literals;

TEST(Unicode, CountsCodePoints)
{
    EXPECT_EQ(code_points(""), 0u);
    EXPECT_EQ(code_points("aé€"), 3u);
    EXPECT_EQ(code_points("😀"), 1u);
    EXPECT_EQ(code_points("👨‍👩‍👧"), 5u);
}

TEST(Unicode, CountsUtf16Units)
{
    EXPECT_EQ(utf16_size(""), 0u);
    EXPECT_EQ(utf16_size("aé€"), 3u);
    EXPECT_EQ(utf16_size("😀"), 2u);
    EXPECT_EQ(utf16_size("👨‍👩‍👧"), 8u);
}

TEST(Unicode, OnlyUtf8IsUtf8)
{
    for (std::string_view good :
         {""sv, "a\0b"sv, "\u007F\u0080\u07FF\u0800\uD7FF\uE000\uFFFF"sv, "\U00010000\U0010FFFF"sv})
        EXPECT_TRUE(base::is_utf8(good));
    for (std::string_view bad : {"\x80"sv, "\xC0\x80"sv, "\xC1\xBF"sv, "\xE0\x80\x80"sv, "\xED\xA0\x80"sv,
                                 "\xF0\x80\x80\x80"sv, "\xF4\x90\x80\x80"sv, "\xF5\x80\x80\x80"sv, "\xFF"sv,
                                 "\xC3"sv, "\xE2\x82"sv, "\xF0\x9F\x98"sv, "\xC3("sv})
        EXPECT_FALSE(base::is_utf8(bad));
}

TEST(Unicode, GoesToUtf16AndBack)
{
    EXPECT_EQ(utf16be_from_utf8("a€😀"), "\0a\x20\xAC\xD8\x3D\xDE\x00"sv);
    for (std::string_view text : {""sv, "a€😀я"sv, "\uFFFF\U0010FFFF"sv})
        EXPECT_EQ(utf8_from_utf16(utf16be_from_utf8(text)), text);
}

TEST(Unicode, BrokenUtf16BecomesReplacementCharacters)
{
    struct {
        std::string_view bytes, text;
    } cases[] = {
        {"\xD8\x3D"sv, "\uFFFD"},
        {"\xDE\x00"sv, "\uFFFD"},
        {"\xD8\x3D\0a"sv, "\uFFFDa"},
        {"\xD8\x3D\xD8\x3D\xDE\x00"sv, "\uFFFD😀"},
        {"\0a\0"sv, "a\uFFFD"},
        {"\xD8\x3D\xDE"sv, "\uFFFD\uFFFD"},
        {"\0\0"sv, "\uFFFD"},
        {"\xFE\xFF\0a"sv, "a"},
        {"\xFF\xFE\x3D\xD8\0\xDE"
         "a\0"sv,
         "😀a"},
        {"\xFF\xFE"
         "a\0b"sv,
         "a\uFFFD"},
        {"\xFF\xFE"sv, ""},
        {"\xDE\x00\xD8\x3D"sv, "\uFFFD\uFFFD"},
    };
    for (const auto& [bytes, text] : cases) EXPECT_EQ(utf8_from_utf16(bytes), text);
}

}  // namespace tidings::text
