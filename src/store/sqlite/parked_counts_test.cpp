// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/parked_counts.hpp"

#include <gtest/gtest.h>

namespace tidings::store::sqlite {

namespace {

const rules::CarrierId id{LinkKey{1}, "1"};

TEST(ParkedCounts, AnIdIsAskedForUntilTheLastOfItsReceiptsIsGone)
{
    ParkedCounts counts;
    EXPECT_FALSE(counts.may_have(id));
    counts.add(id);
    counts.add(id);
    counts.remove(id);
    counts.committed();
    EXPECT_TRUE(counts.may_have(id));
    EXPECT_FALSE(counts.may_have({LinkKey{2}, "1"}));
    counts.remove(id);
    EXPECT_TRUE(counts.may_have(id)) << "the commit may fail yet";
    counts.committed();
    EXPECT_FALSE(counts.may_have(id));
}

TEST(ParkedCounts, WhatACommitThatFailedRemovedIsThereStill)
{
    ParkedCounts counts;
    counts.add(id);
    counts.remove(id);
    counts.rolled_back();
    counts.committed();
    EXPECT_TRUE(counts.may_have(id));
}

}  // namespace

}  // namespace tidings::store::sqlite
