// SPDX-License-Identifier: Apache-2.0
#include "relay/request_slots.hpp"

#include <gtest/gtest.h>

#include <deque>

namespace tidings::relay {

namespace {

using namespace std::chrono_literals;

constexpr store::AccountKey flooding{1}, calm{2};

class RequestSlotsTest : public testing::Test {
protected:
    // Takes all that the account may have.
    std::size_t fill(store::AccountKey account, Place place)
    {
        std::size_t taken = 0;
        for (; slots.has_room(account, place, now); ++taken) slots.take(account, place, now);
        return taken;
    }
    RequestSlots slots;
    base::Moment now{1h};
};

TEST_F(RequestSlotsTest, OneAccountAloneLeavesHalfOfThem)
{
    EXPECT_EQ(fill(flooding, Place::slow), RequestSlots::slow_max / 2);
    EXPECT_EQ(fill(calm, Place::slow), RequestSlots::slow_max / 4);
}

TEST_F(RequestSlotsTest, SlowOnesLeaveRoomForQuickOnesOfTheSameAccount)
{
    fill(flooding, Place::slow);
    EXPECT_GE(fill(flooding, Place::quick), 32u);
}

TEST_F(RequestSlotsTest, PlacesThatComeBackGoToWhoHasFewer)
{
    fill(flooding, Place::slow);
    fill(calm, Place::slow);
    slots.give_back(flooding, Place::slow);
    EXPECT_TRUE(slots.has_room(calm, Place::slow, now));
    EXPECT_FALSE(slots.has_room(flooding, Place::slow, now));
}

TEST_F(RequestSlotsTest, FirstTriesHaveAReserveThatNoAccountCanTakeWhole)
{
    for (unsigned account = 1; account <= 20; ++account) fill(store::AccountKey{account}, Place::slow);
    for (unsigned account = 1; account <= 20; ++account)
        EXPECT_EQ(fill(store::AccountKey{account}, Place::reserved), 4u) << account;
}

// Each holds its place until it times out, for as long as a webhook can give it.
TEST_F(RequestSlotsTest, EverNewEndpointsGetFirstTriesAtARateThatCanGoOn)
{
    std::deque<base::Moment> ends;
    base::Moment last = now;
    for (int second = 0; second < 600; ++second, now += 1s) {
        for (; !ends.empty() && ends.front() <= now; ends.pop_front())
            slots.give_back(flooding, Place::reserved);
        std::size_t begun = fill(flooding, Place::reserved);
        for (std::size_t i = 0; i < begun; ++i) ends.push_back(now + 60s);
        if (begun > 0) last = now;
        EXPECT_LE(now - last, 5s) << "the next new one waits no longer";
        EXPECT_LT(ends.size(), RequestSlots::reserve_of_account);
    }
    EXPECT_EQ(fill(calm, Place::reserved), 4u);
}

}  // namespace

}  // namespace tidings::relay
