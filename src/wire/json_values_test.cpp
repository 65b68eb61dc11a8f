// SPDX-License-Identifier: Apache-2.0
#include "wire/json_values.hpp"

#include "support/repeated.hpp"

#include <gtest/gtest.h>

#include <string>

using namespace tidings::wire;
using tidings::test::repeated;

TEST(JsonValues, AreCountedWhateverTheyAre)
{
    for (std::string_view value : {"{},", "[],", "1,", "\"a\",", "\"a\":null,", "{\"a\":1},"})
        EXPECT_TRUE(has_too_many_values("[" + repeated(value, json_values_max) + "1]")) << value;
    EXPECT_FALSE(has_too_many_values("[" + repeated("1,", json_values_max - 3) + "1]"));
}

TEST(JsonValues, WhatStandsInAStringIsNone)
{
    EXPECT_FALSE(has_too_many_values("[\"" + repeated(",[{", json_values_max) + "\"]"));
    EXPECT_FALSE(has_too_many_values("[\"\\\"" + repeated(",", json_values_max) + "\\\\\"]"));
    EXPECT_TRUE(has_too_many_values("[\"\\\\\"" + repeated(",", json_values_max) + "\"]"));
}

TEST(JsonValues, WhatLiesTooDeepIsLeftToTheParser)
{
    std::string deep = repeated("[", json_depth_max + 1);
    EXPECT_FALSE(has_too_many_values(deep + repeated("1,", json_values_max)));
    EXPECT_TRUE(has_too_many_values("[" + repeated("1,", json_values_max) + deep));
    EXPECT_TRUE(has_too_many_values(repeated("[1]", json_values_max + 1)));
}

TEST(JsonValues, AnythingMayBeAsked)
{
    for (std::string_view piece : {"\"", "\\", "\"\\", " ", "\n", "\xff", "}"})
        EXPECT_FALSE(has_too_many_values(repeated(piece, 2 * json_values_max + 1))) << piece;
}
