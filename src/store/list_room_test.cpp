// SPDX-License-Identifier: Apache-2.0
#include "store/list_room.hpp"

#include <gtest/gtest.h>

using namespace tidings::store;

TEST(ListRoom, TheFirstEntryAlwaysFits)
{
    ListRoom room;
    EXPECT_TRUE(room.take(10 * list_bytes_max));
    EXPECT_FALSE(room.take(0));
}

TEST(ListRoom, AHundredUsualEntriesFitAndLargeOnesDoNot)
{
    ListRoom room, small;
    int usual = 0, large = 0;
    while (usual < 100 && small.take(5'000)) ++usual;
    while (large < 100 && room.take(100'000)) ++large;
    EXPECT_EQ(usual, 100);
    EXPECT_EQ(large, 10);
}
