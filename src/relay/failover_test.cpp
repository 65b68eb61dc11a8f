// SPDX-License-Identifier: Apache-2.0
#include "relay/failover.hpp"

#include <gtest/gtest.h>

namespace tidings::relay {
namespace {

struct FailoverTest : testing::Test {
    Failover::Routes routes;
    Failover failover;
};

TEST_F(FailoverTest, NothingIsGivenBackWhileNobodyElseIsFit)
{
    failover.look(0, routes);
    EXPECT_FALSE(failover.gives_back());
    EXPECT_FALSE(failover.take_order());
}

TEST_F(FailoverTest, TheQueueIsEmptiedOnceForTheSameOthers)
{
    failover.look(1, routes);
    EXPECT_TRUE(failover.gives_back());
    EXPECT_TRUE(failover.take_order());
    failover.look(1, routes);
    EXPECT_TRUE(failover.gives_back());
    EXPECT_FALSE(failover.take_order());
}

TEST_F(FailoverTest, AnOrderThatNobodyTookYetStands)
{
    failover.look(1, routes);
    failover.look(1, routes);
    EXPECT_TRUE(failover.take_order());
}

TEST_F(FailoverTest, TheQueueIsEmptiedAgainForMoreOthersOrOtherRoutes)
{
    failover.look(1, routes);
    EXPECT_TRUE(failover.take_order());
    failover.look(2, routes);
    EXPECT_TRUE(failover.take_order());
    routes.change([](auto& list) { list.emplace_back(); });
    failover.look(2, routes);
    EXPECT_TRUE(failover.take_order());
}

TEST_F(FailoverTest, AFitLinkMayBeOrderedToShareItsQueue)
{
    failover.look(0, routes);
    failover.order();
    EXPECT_FALSE(failover.gives_back());
    EXPECT_TRUE(failover.take_order());
    EXPECT_FALSE(failover.take_order());
}

TEST_F(FailoverTest, AnOrderEndsWithTheLastOfTheOthers)
{
    failover.look(1, routes);
    failover.look(0, routes);
    EXPECT_FALSE(failover.gives_back());
    EXPECT_FALSE(failover.take_order());
}

}  // namespace
}  // namespace tidings::relay
