// SPDX-License-Identifier: Apache-2.0
#include "smpp/window.hpp"

#include <gtest/gtest.h>

namespace tidings::smpp {

namespace {

constexpr base::Moment at(int seconds) { return base::Moment{std::chrono::seconds(seconds)}; }

}  // namespace

TEST(Window, AnswersComeInAnyOrder)
{
    Window window(3);
    auto a = window.add(10, at(1)), b = window.add(20, at(2)), c = window.add(30, at(3));
    EXPECT_FALSE(window.has_room());
    EXPECT_EQ(window.take(c)->token, 30u);
    EXPECT_EQ(window.take(a)->token, 10u);
    EXPECT_EQ(window.oldest(), at(2));
    EXPECT_EQ(window.take(b)->sent, at(2));
    EXPECT_EQ(window.oldest(), std::nullopt);
}

TEST(Window, KnowsRequestsThatLaterOnesHaveOvertaken)
{
    Window window(4);
    window.add(10, at(1));
    auto answered = window.add(20, at(2));
    window.add(30, at(3));
    EXPECT_EQ(window.stalled_since(), at(1));
    EXPECT_TRUE(window.take_overtaken(at(9)).empty());
    window.take(answered);
    EXPECT_EQ(window.stalled_since(), at(3));
    EXPECT_EQ(window.oldest(), at(1));
    EXPECT_TRUE(window.take_overtaken(at(0)).empty());
    EXPECT_EQ(window.take_overtaken(at(1)), std::vector<std::uint64_t>{10});
    EXPECT_EQ(window.in_flight(), 1u);
    EXPECT_EQ(window.oldest(), at(3));
}

TEST(Window, SecondAnswerToSameSequenceIsIgnored)
{
    Window window(3);
    auto sequence = window.add(10, at(1));
    EXPECT_TRUE(window.take(sequence));
    EXPECT_FALSE(window.take(sequence));
    EXPECT_FALSE(window.take(sequence + 1));
    EXPECT_FALSE(window.take(0));
    EXPECT_EQ(window.in_flight(), 0u);
}

TEST(Window, NumberOfAWaitingRequestIsSkipped)
{
    Window window(2);
    auto stuck = window.add(1, at(1));
    for (std::uint64_t i = 0; i < 100; ++i)
        EXPECT_EQ(window.take(window.add(100 + i, at(2)))->token, 100 + i);
    EXPECT_EQ(window.take(stuck)->token, 1u);
}

TEST(Window, GivesAllTokensInTheOrderOfSending)
{
    Window window(4);
    window.add(1, at(1));
    window.take(window.add(2, at(1)));
    for (int i = 0; i < 20; ++i) window.take(window.add(9, at(1)));
    window.add(3, at(1));
    window.add(4, at(1));
    EXPECT_EQ(window.take_all(), (std::vector<std::uint64_t>{1, 3, 4}));
    EXPECT_EQ(window.in_flight(), 0u);
    EXPECT_TRUE(window.has_room());
}

}  // namespace tidings::smpp
