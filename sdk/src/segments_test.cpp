// SPDX-License-Identifier: Apache-2.0
#include "tidings/segments.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>

namespace tidings {

namespace {

// "159*a+1*€"
std::string expanded(const std::string& formula)
{
    std::stringstream terms(formula);
    std::string out;
    for (std::string term; std::getline(terms, term, '+');) {
        auto star = term.find('*');
        for (int i = std::stoi(term.substr(0, star)); i > 0; --i) out += term.substr(star + 1);
    }
    return out;
}

TEST(ClientSegments, AreCountedAsAnIndependentCalculatorDoes)
{
    std::ifstream file(VECTORS "/segments.csv");
    int seen = 0;
    for (std::string line; std::getline(file, line);) {
        if (line.empty() || line.starts_with('#')) continue;
        auto comma = line.rfind(',');
        EXPECT_EQ(count_segments(expanded(line.substr(0, comma))).count, std::stoul(line.substr(comma + 1)))
            << line;
        ++seen;
    }
    EXPECT_GT(seen, 15);
}

TEST(ClientSegments, TellAlphabetAndUnits)
{
    EXPECT_EQ(count_segments("").count, 1u);
    EXPECT_EQ(count_segments("Grüße 5€").units, 9u);
    EXPECT_EQ(count_segments("Grüße").alphabet, Alphabet::gsm7);
    EXPECT_EQ(count_segments("你好😀").alphabet, Alphabet::ucs2);
    EXPECT_EQ(count_segments("你好😀").units, 4u);
    EXPECT_EQ(count_segments("a\xFF\xE2\x82").units, 3u);
}

}  // namespace

}  // namespace tidings
