// SPDX-License-Identifier: Apache-2.0
#include "relay/link_state.hpp"

#include <gtest/gtest.h>

namespace tidings::relay {
namespace {

using enum LinkState;

constexpr LinkState all[] = {serving, abandoned, draining, drained, stopping, stopped};

TEST(LinkState, EachEventLeadsWhereTheTableSays)
{
    struct Row {
        LinkState from, leave, stop, over;
    };
    constexpr Row rows[] = {
        {serving, draining, stopping, abandoned}, {abandoned, drained, stopped, abandoned},
        {draining, draining, stopping, drained},  {drained, drained, stopped, drained},
        {stopping, stopping, stopping, stopped},  {stopped, stopped, stopped, stopped},
    };
    for (const Row& row : rows) {
        EXPECT_EQ(after_leave(row.from), row.leave);
        EXPECT_EQ(after_stop(row.from), row.stop);
        EXPECT_EQ(after_link_over(row.from), row.over);
    }
}

TEST(LinkState, ALinkThatIsOverStaysSoAndSubmitsNothing)
{
    for (LinkState state : all) {
        if (!link_is_over(state)) continue;
        EXPECT_FALSE(submits(state));
        for (LinkState next : {after_leave(state), after_stop(state), after_link_over(state)})
            EXPECT_TRUE(link_is_over(next));
    }
}

TEST(LinkState, WhatNoMoreTakesNeverTakesAgain)
{
    for (LinkState state : all) {
        if (takes(state)) continue;
        for (LinkState next : {after_leave(state), after_stop(state), after_link_over(state)})
            EXPECT_FALSE(takes(next));
    }
}

TEST(LinkState, NothingIsBothTakenAndGivenBack)
{
    for (LinkState state : all) EXPECT_FALSE(takes(state) && gives_back(state));
}

TEST(LinkState, AfterTheStopNothingIsTakenSubmittedOrGivenBack)
{
    for (LinkState state : all) {
        LinkState ended = after_stop(state);
        EXPECT_TRUE(is_ending(ended));
        EXPECT_FALSE(takes(ended) || submits(ended) || gives_back(ended));
    }
}

}  // namespace
}  // namespace tidings::relay
