// SPDX-License-Identifier: Apache-2.0
#include "text/converter.hpp"

#include "base/utf8.hpp"
#include "text/gsm7.hpp"
#include "text/unicode.hpp"

#include <gtest/gtest.h>

namespace tidings::text {

namespace {

constexpr char32_t first_surrogate = 0xD800, last_surrogate = 0xDFFF, last_code_point = 0x10FFFF;

std::string strict(std::string_view text) { return convert(text, Converter::strict).value_or("unchanged"); }
std::string lossless(std::string_view text)
{
    return convert(text, Converter::lossless).value_or("unchanged");
}

}  // namespace

TEST(Converter, NoCharacterOfUnicodeLeavesTheAlphabetOrMakesMoreThanSevenSeptetsOfAUnit)
{
    for (char32_t c = 0; c <= last_code_point; ++c) {
        if (c == first_surrogate) c = last_surrogate + 1;
        std::string text;
        base::append_utf8(text, c);
        std::string converted = convert(text, Converter::strict).value_or(text);
        auto septets = gsm7_size(converted);
        ASSERT_TRUE(septets) << text;
        ASSERT_LE(*septets, 7 * utf16_size(text)) << text;
    }
}

TEST(Converter, LosslessIsStrictOrNothing)
{
    for (char32_t c = 0; c < first_surrogate; ++c) {
        std::string text;
        base::append_utf8(text, c);
        auto converted = convert(text, Converter::strict);
        auto kept = convert(text, Converter::lossless);
        ASSERT_TRUE(kept ? kept == converted : !converted || converted == "?") << text;
    }
}

TEST(Converter, TextInTheAlphabetIsLeftAlone)
{
    for (std::string_view text : {"", "Hello @ 5 £ [~]", "Ωmega Ñ, 5 €", "two\r\nlines\f"})
        EXPECT_FALSE(convert(text, Converter::strict)) << text;
    EXPECT_FALSE(convert("Привет", Converter::off));
}

TEST(Converter, WritesWhatLooksAlikeOrMeansTheSame)
{
    struct {
        std::string_view text, converted;
    } cases[] = {
        {"“Don’t” – wait…", "\"Don't\" - wait..."},
        {"«a» „b‟ ″c″", "\"a\" \"b\" \"c\""},
        {"‘a’ ‛b´ `c′ ʻʼ", "'a' 'b' 'c' ''"},
        {"– — ‐ ― ‒ • ⁃ −", "- - - - - - - -"},
        {"a\u00A0b\u2009c\u202Fd\u205Fe\u3000f\tg", "a b c d e f g"},
        {"‚、⁄∕÷½¼¾", ",,///1/21/43/4"},
        {"！ＡＢＣ～", "!ABC~"},
        {"‹x› ˜∼ ‖∣ ‼", "<x> ~~ || !!"},
        {"ᴀʙᴄ", "ABC"},
        {"łđħıœŒþðç", "ldhioeOEthdc"},
        {"áíóúâêîôûãõëï", "aiouaeiouaoei"},
        {"© ® ™ № ₤", "(c) (r) TM No £"},
        {"Łódź, Dvořák, İstanbul, București, Tiếng Việt", "Lodz, Dvorak, Istanbul, Bucuresti, Tieng Viet"},
        {"25 °C, 3 µm, 10 m²", "25 oC, 3 um, 10 m2"},
        {"ΑΒΓΔΕΖΗΘ", "ABΓΔEZHΘ"},
        {"ﬁ Ⅳ ①", "fi IV 1"},
    };
    for (const auto& [text, converted] : cases) {
        EXPECT_EQ(strict(text), converted);
        EXPECT_EQ(lossless(text), converted);
    }
}

TEST(Converter, ComposesBeforeItLooks)
{
    EXPECT_EQ(strict("e\u0301 n\u0303 A\u030A \u212B \u2126"), "é ñ Å Å Ω");
    EXPECT_EQ(strict("x\u0304 \u0301"), "x ");
}

TEST(Converter, WhatShowsNothingIsLeftOut)
{
    EXPECT_EQ(strict("\uFEFFa\u200Bb\u200Dc\uFE0Fd\u00ADe\u2060f"), "abcdef");
    EXPECT_EQ(strict(std::string("a\0b\x01\x1B\x7F\u0085\u009F\r\n", 12)), "ab\r\n");
}

TEST(Converter, EachCharacterThatCannotBeWrittenBecomesAQuestionMark)
{
    EXPECT_EQ(strict("Hi 😀!"), "Hi ?!");
    EXPECT_EQ(strict("Привет"), "??????");
    EXPECT_EQ(strict("👨‍👩‍👧"), "???");
    EXPECT_EQ(strict("한"), "?");
    EXPECT_EQ(lossless("“Hi” 😀"), "unchanged");
}

TEST(Converter, TellsWhatItReplacedAndWhere)
{
    std::vector<Replaced> replaced;
    EXPECT_EQ(convert("😀 e\u0301…\u200Bé", Converter::strict, &replaced), "? é...é");
    EXPECT_EQ(replaced, (std::vector<Replaced>{
                            {0, "😀", "?"}, {3, "e\u0301", "é"}, {5, "…", "..."}, {6, "\u200B", ""}}));
    replaced.clear();
    EXPECT_FALSE(convert("… 😀", Converter::lossless, &replaced));
    EXPECT_TRUE(replaced.empty());
}

TEST(Converter, EndlessMarksAreNoBurden)
{
    std::string text = "e";
    while (utf16_size(text) < 5'000) text += "\u0316\u0301";
    EXPECT_EQ(strict(text), "é");
}

}  // namespace tidings::text
