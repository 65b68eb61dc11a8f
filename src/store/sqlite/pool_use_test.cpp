// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/pool_use.hpp"

#include <gtest/gtest.h>

namespace tidings::store::sqlite {

namespace {

base::Time at(int second) { return base::Time(std::chrono::seconds(second)); }

}  // namespace

TEST(PoolUse, KnowsTheLastUseOfEachPair)
{
    PoolUse use(10);
    EXPECT_EQ(use.last("1", "100"), std::nullopt);
    use.add("1", "100", at(1));
    use.add("1", "101", at(2));
    use.add("1", "100", at(3));
    EXPECT_EQ(use.last("1", "100"), at(3));
    EXPECT_EQ(use.last("1", "101"), at(2));
    EXPECT_EQ(use.last("2", "100"), std::nullopt);
}

TEST(PoolUse, ForgetsTheOldest)
{
    PoolUse use(2);
    use.add("1", "100", at(1));
    use.add("1", "101", at(2));
    use.add("1", "100", at(3));
    EXPECT_EQ(use.last("1", "100"), at(3)) << "its first use is forgotten, and not its second";
    EXPECT_EQ(use.last("1", "101"), at(2));
    use.add("1", "102", at(4));
    EXPECT_EQ(use.last("1", "101"), std::nullopt);
}

}  // namespace tidings::store::sqlite
