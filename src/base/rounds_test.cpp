// SPDX-License-Identifier: Apache-2.0
#include "base/rounds.hpp"

#include <gtest/gtest.h>

#include <string>

namespace tidings::base {

namespace {

class RoundsTest : public testing::Test {
protected:
    RoundsTest()
    {
        for (int number : {11, 12, 13}) rounds.push(1, number);
        for (int number : {21, 22}) rounds.push(2, number);
    }
    Rounds<int, int> rounds;
};

TEST_F(RoundsTest, HoldersTakeTurns)
{
    for (int number : {11, 21, 12, 22, 13}) EXPECT_EQ(rounds.take(), number);
    EXPECT_TRUE(rounds.empty());
    EXPECT_FALSE(rounds.take());
}

TEST_F(RoundsTest, WhoMayNotIsPassedOverAndKeepsItsLine)
{
    auto may = [](int holder) { return holder == 2; };
    EXPECT_EQ(rounds.take_if(may), 21);
    EXPECT_EQ(rounds.take_if(may), 22);
    EXPECT_FALSE(rounds.take_if(may));
    for (int number : {11, 12, 13}) EXPECT_EQ(rounds.take(), number);
}

}  // namespace

}  // namespace tidings::base
