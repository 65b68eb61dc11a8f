// SPDX-License-Identifier: Apache-2.0
#include "text/gsm7.hpp"

#include "base/utf8.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <set>

namespace tidings::text {

namespace {

std::string from_hex(std::string_view hex)
{
    std::string out;
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
        out += static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16));
    return out;
}

}  // namespace

TEST(Gsm7, EveryCharacterOfTheStandardGoesBothWays)
{
    std::ifstream vectors(VECTORS "/gsm7.csv");
    std::set<char32_t> known;
    for (std::string line; std::getline(vectors, line);) {
        if (line.starts_with('#')) continue;
        auto comma = line.find(',');
        std::string septets = from_hex(line.substr(0, comma));
        auto character = static_cast<char32_t>(std::stoi(line.substr(comma + 1), nullptr, 16));
        std::string utf8;
        base::append_utf8(utf8, character);
        EXPECT_EQ(utf8_from_gsm7(septets), utf8) << line;
        EXPECT_EQ(gsm7_from_utf8(utf8), septets) << line;
        EXPECT_EQ(gsm7_size(utf8), septets.size()) << line;
        known.insert(character);
    }
    ASSERT_EQ(known.size(), 137u);
    for (char32_t c = 0; c < 0x11000; ++c) {
        if (known.contains(c) || (c >= 0xD800 && c <= 0xDFFF)) continue;
        std::string utf8;
        base::append_utf8(utf8, c);
        ASSERT_FALSE(fits_gsm7(utf8)) << static_cast<unsigned>(c);
    }
}

TEST(Gsm7, OddEscapesStillGiveText)
{
    struct {
        std::string_view septets, text;
    } cases[] = {
        {"\x1B\x1B", " "},
        {"\x1B", " "},
        {"a\x1B", "a "},
        {"\x1B"
         "A",
         "A"},
        {"\x1B\x09", "Ç"},
        {"\x1B\x1B\x65", " e"},
        {"\x1B\xE5", "\uFFFD"},
        {"\x80\xFF", "\uFFFD\uFFFD"},
        {"", ""},
    };
    for (const auto& [septets, text] : cases) EXPECT_EQ(utf8_from_gsm7(septets), text);
}

TEST(Gsm7, PacksAsTheStandardSays)
{
    // TS 23.038, 6.1.2.1.1 and 6.1.2.3.1: seven septets leave seven spare bits, which hold CR.
    EXPECT_EQ(pack_gsm7("hellohello"), from_hex("E8329BFD4697D9EC37"));
    EXPECT_EQ(pack_gsm7("1234567"), from_hex("31D98C56B3DD1A"));
    EXPECT_EQ(pack_gsm7(""), "");
    EXPECT_EQ(unpack_gsm7(from_hex("E8329BFD4697D9EC37")), "hellohello");
    EXPECT_EQ(unpack_gsm7(from_hex("31D98C56B3DD1A")), "1234567");
    EXPECT_EQ(unpack_gsm7(from_hex("31D98C56B3DD00")), "1234567");
}

TEST(Gsm7, WhatWasPackedIsUnpackedBehindEveryHeader)
{
    for (std::size_t header = 0; header <= 14; ++header)
        for (std::size_t size = 0; size < 40; ++size) {
            std::string septets;
            for (std::size_t i = 0; i < size; ++i) septets += static_cast<char>('a' + i % 26);
            unsigned fill = fill_bits_after(header);
            EXPECT_EQ((header * 8 + fill) % 7, 0u);
            EXPECT_EQ(unpack_gsm7(pack_gsm7(septets, fill), fill), septets) << header << ' ' << size;
        }
    EXPECT_EQ(unpack_gsm7("", 6), "");
}

}  // namespace tidings::text
