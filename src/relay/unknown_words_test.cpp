// SPDX-License-Identifier: Apache-2.0
#include "relay/unknown_words.hpp"

#include <gtest/gtest.h>

namespace tidings::relay {

TEST(UnknownWords, EachIsCountedAndSaidOnce)
{
    UnknownWords words;
    EXPECT_TRUE(words.count("FOO"));
    EXPECT_FALSE(words.count("FOO"));
    EXPECT_TRUE(words.count(""));
    EXPECT_EQ(words.counts(), (std::map<std::string, std::uint64_t>{{"FOO", 2}, {"(none)", 1}}));
}

TEST(UnknownWords, ManyDifferentOnesAreCountedTogether)
{
    UnknownWords words;
    for (std::size_t i = 0; i < UnknownWords::words_max; ++i) EXPECT_TRUE(words.count(std::to_string(i)));
    EXPECT_TRUE(words.count("one more"));
    for (int i = 1000; i < 2000; ++i) EXPECT_FALSE(words.count(std::to_string(i)));
    EXPECT_FALSE(words.count("0"));
    EXPECT_EQ(words.counts().size(), UnknownWords::words_max + 1);
    EXPECT_EQ(words.counts().at(UnknownWords::others), 1001u);
}

}  // namespace tidings::relay
