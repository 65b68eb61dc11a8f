// SPDX-License-Identifier: Apache-2.0
#include "text/charset.hpp"

#include "base/utf8.hpp"
#include "text/gsm7.hpp"

#include <gtest/gtest.h>

#include <random>

namespace tidings::text {

using namespace std::string_view_literals;

TEST(Charset, DataCodingNamesIt)
{
    EXPECT_EQ(charset_of(0), Charset::gsm7);
    EXPECT_EQ(charset_of(0, Charset::latin1), Charset::latin1);
    EXPECT_EQ(charset_of(1), Charset::ascii);
    EXPECT_EQ(charset_of(3, Charset::gsm7_packed), Charset::latin1);
    EXPECT_EQ(charset_of(8), Charset::ucs2);
    EXPECT_EQ(charset_of(0xF0), Charset::gsm7);
    EXPECT_EQ(charset_of(0xC8), Charset::gsm7);
    EXPECT_EQ(charset_of(0xE0), Charset::ucs2);
    EXPECT_EQ(charset_of(0x10), Charset::gsm7);
    EXPECT_EQ(charset_of(0x19), Charset::ucs2);
    EXPECT_EQ(charset_of(0x14), std::nullopt);
    EXPECT_EQ(charset_of(0x48), Charset::ucs2);
    EXPECT_EQ(charset_of(0x58), Charset::ucs2);
    EXPECT_EQ(charset_of(0x40), Charset::gsm7);
    EXPECT_EQ(charset_of(5), Charset::japanese);
    EXPECT_EQ(charset_of(0x0D), Charset::japanese);
    EXPECT_EQ(charset_of(6), Charset::cyrillic);
    EXPECT_EQ(charset_of(7), Charset::hebrew);
    EXPECT_EQ(charset_of(0x0E), Charset::korean);
    for (std::uint8_t binary : {2, 4, 0xF5, 0x09, 0x44, 0x68})
        EXPECT_EQ(charset_of(binary), std::nullopt) << int(binary);
}

TEST(Charset, EveryOneIsRead)
{
    EXPECT_EQ(to_utf8(Charset::gsm7, "\x00\x1B\x65"sv), "@€");
    EXPECT_EQ(to_utf8(Charset::gsm7_packed, pack_gsm7("hi")), "hi");
    EXPECT_EQ(to_utf8(Charset::gsm7_packed, pack_gsm7("hi", 1), {.size = 6}), "hi");
    EXPECT_EQ(to_utf8(Charset::latin1, "caf\xE9"), "café");
    EXPECT_EQ(to_utf8(Charset::ascii, "caf\xE9\0"sv), "caf\uFFFD\uFFFD");
    EXPECT_EQ(to_utf8(Charset::ucs2, "\x20\xAC"), "€");
    EXPECT_EQ(to_utf8(Charset::utf8, "a\0\xC3(é"sv), "a\uFFFD\uFFFD(é");
}

// Octets: Python's codecs.
TEST(Charset, AlphabetsOfOtherScriptsAreRead)
{
    EXPECT_EQ(to_utf8(Charset::cyrillic, "\xBF\xE0\xD8\xD2\xD5\xE2"), "Привет");
    EXPECT_EQ(to_utf8(Charset::hebrew, "\xF9\xEC\xE5\xED OK"), "שלום OK");
    EXPECT_EQ(to_utf8(Charset::korean, "\xBE\xC8\xB3\xE7 1"), "안녕 1");
    EXPECT_EQ(to_utf8(Charset::japanese, "\x93\xFA\x96\x7B\x8C\xEA OK"), "日本語 OK");
    EXPECT_EQ(to_utf8(Charset::japanese, "\xC6\xFC\xCB\xDC\xB8\xEC OK"), "日本語 OK");
    EXPECT_EQ(to_utf8(Charset::japanese, "\x1B$BF|K\\8l\x1B(B OK"), "日本語 OK");
    EXPECT_EQ(to_utf8(Charset::japanese, "plain"), "plain");
    EXPECT_EQ(to_utf8(Charset::cyrillic, "a\0b"sv), "a\uFFFDb");
    EXPECT_EQ(to_utf8(Charset::korean, "\xBE"), "\uFFFD");
}

TEST(Charset, AnyOctetsGiveValidUtf8WithoutNul)
{
    std::mt19937 random(7);
    auto octet = [&random] { return static_cast<std::uint8_t>(random() % 16); };
    for (int round = 0; round < 2000; ++round) {
        std::string octets(random() % 60, '\0');
        for (char& c : octets) c = static_cast<char>(random());
        TextHeader header{.size = random() % 8, .languages = {octet(), octet()}};
        for (auto charset :
             {Charset::gsm7, Charset::gsm7_packed, Charset::latin1, Charset::ascii, Charset::ucs2,
              Charset::utf8, Charset::cyrillic, Charset::hebrew, Charset::japanese, Charset::korean}) {
            std::string text = to_utf8(charset, octets, header);
            ASSERT_TRUE(base::is_utf8(text));
            ASSERT_EQ(text.find('\0'), text.npos);
        }
    }
}

}  // namespace tidings::text
