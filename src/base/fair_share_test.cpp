// SPDX-License-Identifier: Apache-2.0
#include "base/fair_share.hpp"

#include <gtest/gtest.h>

namespace tidings::base {

namespace {

// Takes as many as it may, and tells how many it has.
std::size_t fill(FairShare<int>& share, int holder)
{
    while (share.has_room(holder)) share.take(holder);
    return share.held(holder);
}

TEST(FairShare, OneAloneGetsHalf)
{
    FairShare<int> share(12);
    EXPECT_EQ(fill(share, 1), 6u);
}

TEST(FairShare, WhoComesToOthersFindsAPlaceAtOnce)
{
    FairShare<int> share(64);
    for (int holder = 1; holder <= 6; ++holder) EXPECT_GE(fill(share, holder), 1u);
}

TEST(FairShare, BecomesEvenAsPlacesComeBack)
{
    FairShare<int> share(12);
    fill(share, 1);
    fill(share, 2);
    while (share.held(1) > share.held(2)) {
        share.give_back(1);
        fill(share, 2);
        fill(share, 1);
    }
    EXPECT_EQ(share.held(1), 4u);
    EXPECT_EQ(share.held(2), 4u);
    EXPECT_EQ(share.free(), 4u);
}

TEST(FairShare, GivesNoMoreThanThereAre)
{
    FairShare<int> share(5);
    for (int holder = 0; holder < 100; ++holder) fill(share, holder);
    EXPECT_EQ(share.free(), 0u);
    share.give_back(0, share.held(0));
    EXPECT_EQ(share.held(0), 0u);
    EXPECT_GT(share.free(), 0u);
}

}  // namespace

}  // namespace tidings::base
