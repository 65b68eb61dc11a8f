// SPDX-License-Identifier: Apache-2.0
#include "descriptors.hpp"

#include <gtest/gtest.h>

using namespace tidings;

TEST(Descriptors, WithEnoughOfThemNothingIsCut)
{
    DescriptorPlan plan = plan_descriptors(20'000, 10'000);
    EXPECT_EQ(plan.connections, 10'000u);
    EXPECT_EQ(plan.connections_over, 256u);
    EXPECT_EQ(plan.admin_connections, 64u);
}

TEST(Descriptors, ConnectionsLeaveTheReserveAlone)
{
    for (std::size_t limit : {64u, 256u, 1024u, 4096u, 10'000u}) {
        DescriptorPlan plan = plan_descriptors(limit, 10'000);
        std::size_t used = plan.connections + plan.connections_over + 2 * plan.admin_connections;
        EXPECT_LE(used, limit - std::min<std::size_t>(512, limit / 2)) << limit;
        EXPECT_GE(used, limit / 2 - 1) << limit;
    }
}

TEST(Descriptors, ThereIsAlwaysOneConnection)
{
    for (std::size_t limit = 0; limit < 20; ++limit)
        EXPECT_GE(plan_descriptors(limit, 10'000).connections, 1u);
}

TEST(Descriptors, TheLimitIsNeverLowered)
{
    std::size_t before = raise_descriptor_limit(1);
    EXPECT_GE(raise_descriptor_limit(100), before);
    EXPECT_EQ(raise_descriptor_limit(1), raise_descriptor_limit(100));
}
