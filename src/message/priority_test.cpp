// SPDX-License-Identifier: Apache-2.0
#include "message/priority.hpp"

#include <gtest/gtest.h>

#include <map>

namespace tidings::message {

TEST(Priority, HasAName)
{
    for (Priority priority : {Priority::normal, Priority::high, Priority::low})
        EXPECT_EQ(priority_named(name(priority)), priority);
    EXPECT_EQ(priority_named("urgent"), std::nullopt);
}

TEST(Turns, GoToTheHighPriorityMostlyAndToNobodyNever)
{
    Turns turns;
    std::map<Priority, int> taken;
    for (int i = 0; i < 20; ++i) ++taken[turns.next([](Priority) { return true; })];
    EXPECT_EQ(taken[Priority::high], 16);
    EXPECT_EQ(taken[Priority::normal], 3);
    EXPECT_EQ(taken[Priority::low], 1);
}

TEST(Turns, ThatNobodyWantsGoToTheMostUrgent)
{
    Turns turns;
    for (int i = 0; i < 20; ++i) {
        EXPECT_EQ(turns.next([](Priority it) { return it == Priority::low; }), Priority::low);
        EXPECT_EQ(turns.next([](Priority it) { return it == Priority::high; }), Priority::high);
    }
    int low = 0;
    for (int i = 0; i < 20; ++i)
        low += turns.next([](Priority it) { return it != Priority::high; }) == Priority::low;
    EXPECT_EQ(low, 1);
}

}  // namespace tidings::message
