// SPDX-License-Identifier: Apache-2.0
#include "message/screening.hpp"

#include <gtest/gtest.h>

namespace tidings::message {

namespace {

bool matches(const char* pattern, std::string_view content)
{
    return Pattern(pattern).matches(screened_text(content));
}

}  // namespace

TEST(Pattern, MatchesItsWordsNextToEachOther)
{
    EXPECT_TRUE(matches("free prize", "Your FREE PRIZE waits"));
    EXPECT_TRUE(matches("free prize", "free, prize"));
    EXPECT_TRUE(matches("Free-Prize!", "free prize"));
    EXPECT_TRUE(matches("free prize", "ＦＲＥＥ prize"));
    EXPECT_FALSE(matches("free prize", "free big prize"));
    EXPECT_FALSE(matches("free prize", "prize free"));
    EXPECT_FALSE(matches("free prize", "carefree prize"));
    EXPECT_FALSE(matches("free prize", "free prizes"));
    EXPECT_FALSE(matches("free prize", ""));
}

TEST(Pattern, MatchesAnyTextWhereItHasAStar)
{
    EXPECT_TRUE(matches("free * prize", "free big prize"));
    EXPECT_TRUE(matches("free * prize", "free prize"));
    EXPECT_FALSE(matches("free * prize", "a prize is free"));
    EXPECT_FALSE(matches("free * prize", "freedom has a prize"));
    EXPECT_TRUE(matches("casino*", "Casinos are open"));
    EXPECT_TRUE(matches("casino*", "casino"));
    EXPECT_FALSE(matches("casino*", "mycasino"));
    EXPECT_TRUE(matches("*casino", "mycasino"));
    EXPECT_TRUE(matches("bit*ly", "bitterly"));
    EXPECT_TRUE(matches("a * a", "a a"));
    EXPECT_FALSE(matches("a * a", "a"));
    EXPECT_TRUE(matches("**win**now**", "rewind it nowhere"));
}

TEST(Pattern, WithoutAWordMatchesNothing)
{
    for (const char* text : {"", "*", " * ", "!!!", "***"}) {
        EXPECT_TRUE(Pattern(text).is_empty()) << text;
        EXPECT_FALSE(matches(text, "anything")) << text;
    }
    EXPECT_EQ(Pattern("Free!").text(), "Free!");
}

TEST(Pattern, IsTheFirstOfSeveralThatMatches)
{
    const Pattern patterns[] = {Pattern("casino"), Pattern("prize"), Pattern("free")};
    EXPECT_EQ(find_match(patterns, screened_text("free prize")), &patterns[1]);
    EXPECT_EQ(find_match(patterns, screened_text("nothing")), nullptr);
}

}  // namespace tidings::message
