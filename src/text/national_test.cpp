// SPDX-License-Identifier: Apache-2.0
#include "text/national.hpp"

#include "text/gsm7.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace tidings::text {

TEST(National, TablesAreThoseOfTheStandard)
{
    std::ifstream vectors(VECTORS "/national.csv");
    int count = 0;
    for (std::string line; std::getline(vectors, line);) {
        if (line.starts_with('#')) continue;
        std::istringstream fields(line);
        std::string kind, language, entry;
        std::getline(fields, kind, ',');
        std::getline(fields, language, ',');
        auto number = static_cast<std::uint8_t>(std::stoi(language));
        const NationalTable* table =
            kind == "single" ? single_shift_table(number) : locking_shift_table(number);
        ASSERT_NE(table, nullptr) << line;

        NationalTable expected{};
        while (std::getline(fields, entry, ' ')) {
            auto colon = entry.find(':');
            auto septet = static_cast<std::size_t>(std::stoi(entry.substr(0, colon), nullptr, 16));
            expected.at(septet) = static_cast<char16_t>(std::stoi(entry.substr(colon + 1), nullptr, 16));
        }
        for (std::size_t i = 0; i < expected.size(); ++i)
            EXPECT_EQ((*table)[i], expected[i]) << kind << ' ' << language << ' ' << std::hex << i;
        ++count;
    }
    EXPECT_EQ(count, 13 + 12);
}

TEST(National, OtherLanguagesHaveNoTable)
{
    for (std::uint8_t language : {0, 14, 255}) {
        EXPECT_EQ(single_shift_table(language), nullptr);
        EXPECT_EQ(locking_shift_table(language), nullptr);
    }
    EXPECT_EQ(locking_shift_table(2), nullptr);
}

TEST(National, TextIsReadByTheTablesOfItsHeader)
{
    EXPECT_EQ(utf8_from_gsm7("\x1B\x53\x1B\x69", {.single_shift = 1}), "Şı");
    EXPECT_EQ(utf8_from_gsm7("\x1C\x07\x60", {.locking_shift = 1}), "Şıç");
    EXPECT_EQ(utf8_from_gsm7("\x01\x03\x1B\x1C", {.single_shift = 6, .locking_shift = 6}),
              "\u0902\u0905\u0966");
}

TEST(National, WhatTheSingleShiftTableLacksTheLockingShiftTableGives)
{
    EXPECT_EQ(utf8_from_gsm7("\x1B\x1C", {.single_shift = 2, .locking_shift = 1}), "Ş");
    EXPECT_EQ(utf8_from_gsm7("\x1B\r", {.single_shift = 6}), "\r");
    EXPECT_EQ(utf8_from_gsm7("\x0C", {.locking_shift = 4}), "\uFFFD");
}

TEST(National, AnUnknownLanguageIsReadAsTheDefaultAlphabet)
{
    EXPECT_EQ(utf8_from_gsm7("\x1B\x65\x05", {.single_shift = 99, .locking_shift = 99}), "€é");
}

}  // namespace tidings::text
