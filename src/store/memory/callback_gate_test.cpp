// SPDX-License-Identifier: Apache-2.0
#include "store/memory/callback_gate.hpp"

#include <gtest/gtest.h>

namespace tidings::store {

namespace {

constexpr AccountKey flooding{1}, other{2};

CallbackLane lane(AccountKey account, std::int64_t endpoint) { return {account, EndpointKey{endpoint}}; }

// As many as may be out; gives their number.
std::size_t take_all(CallbackGate& gate, const CallbackLane& lane)
{
    std::size_t taken = 0;
    for (; gate.has_room(lane) && gate.has_room(lane.account); ++taken) gate.took(lane);
    return taken;
}

TEST(CallbackGate, ALaneHasItsLimit)
{
    CallbackGate gate;
    EXPECT_EQ(take_all(gate, lane(flooding, 1)), callbacks_out_first);
    gate.set_limit(lane(flooding, 1), callbacks_out_first + 2);
    EXPECT_EQ(take_all(gate, lane(flooding, 1)), 2u);
    gate.gave_back(lane(flooding, 1), 3);
    EXPECT_EQ(take_all(gate, lane(flooding, 1)), 3u);
    gate.set_limit(lane(flooding, 2), 0);
    EXPECT_FALSE(gate.has_room(lane(flooding, 2)));
}

TEST(CallbackGate, TheSameEndpointOfAnotherAccountIsAnotherLane)
{
    CallbackGate gate;
    gate.set_limit(lane(flooding, 1), 0);
    EXPECT_EQ(take_all(gate, lane(other, 1)), callbacks_out_first);
}

TEST(CallbackGate, ThousandsOfLanesLeaveRoomForTheOthersOfTheirAccount)
{
    CallbackGate gate;
    for (int i = 0; i < 4'000; ++i) ASSERT_GE(take_all(gate, lane(flooding, i)), 1u) << i;
    EXPECT_EQ(take_all(gate, lane(flooding, 4'000)), 1u) << "one at a time";
    gate.gave_back(lane(flooding, 4'000), 1);
    EXPECT_EQ(take_all(gate, lane(flooding, 4'000)), 1u);
}

TEST(CallbackGate, AnAccountCannotFillItForAnother)
{
    CallbackGate gate;
    for (int i = 0; i < 50'000; ++i) take_all(gate, lane(flooding, i));
    EXPECT_FALSE(gate.has_room(flooding));
    EXPECT_EQ(take_all(gate, lane(other, 1)), callbacks_out_first);
    gate.set_limit(lane(other, 1), 10'000);
    EXPECT_GT(take_all(gate, lane(other, 1)), 1'000u);
}

}  // namespace

}  // namespace tidings::store
