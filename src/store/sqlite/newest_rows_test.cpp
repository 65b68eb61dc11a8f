// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/newest_rows.hpp"

#include <gtest/gtest.h>

namespace tidings::store::sqlite {

TEST(NewestRows, AreFoundByTheirHashTheNewestFirst)
{
    NewestRows rows(10);
    EXPECT_EQ(rows.add(7), 1);
    EXPECT_EQ(rows.add(8), 2);
    EXPECT_EQ(rows.add(7), 3);
    EXPECT_EQ(rows.find(7), 3);
    EXPECT_EQ(rows.find(8), 2);
    EXPECT_EQ(rows.find(9), std::nullopt);
}

TEST(NewestRows, GoOnBehindThoseOfTheLastRun)
{
    NewestRows rows(10);
    for (std::int64_t seq : {6, 5, 3}) rows.add_older(seq, seq == 5 ? 1 : 2);
    EXPECT_EQ(rows.find(2), 6);
    EXPECT_EQ(rows.find(1), 5);
    EXPECT_EQ(rows.add(1), 7);
}

TEST(NewestRows, LeaveMemoryInBatchesTheOldestFirst)
{
    NewestRows rows(1'000);
    while (!rows.surplus()) rows.add(rows.find(0) ? 1 : 0);
    auto surplus = *rows.surplus();
    EXPECT_EQ(surplus.count, 3u);
    EXPECT_EQ(surplus.first, 1);
    EXPECT_EQ(surplus.last, 3);
    EXPECT_EQ(rows.find(0), 1) << "until they are on disk";
    rows.forget_oldest(surplus.count);
    EXPECT_FALSE(rows.surplus());
    EXPECT_EQ(rows.find(0), std::nullopt);
    EXPECT_EQ(rows.find(1), 1'003) << "of which an older one went";
}

TEST(NewestRows, MayAllLeaveAtOnce)
{
    NewestRows rows(0);
    rows.add(1);
    ASSERT_TRUE(rows.surplus());
    EXPECT_EQ(rows.surplus()->count, 1u);
    rows.forget_oldest(1);
    EXPECT_EQ(rows.find(1), std::nullopt);
}

}  // namespace tidings::store::sqlite
