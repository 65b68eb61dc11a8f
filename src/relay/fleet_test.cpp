// SPDX-License-Identifier: Apache-2.0
#include "relay/fleet.hpp"

#include <gtest/gtest.h>

namespace tidings::relay {

namespace {

using namespace std::chrono_literals;

const base::Moment first_bound(1'000'000s);

TEST(Fitness, IsThatOfABoundLink)
{
    Fitness fitness;
    EXPECT_FALSE(fitness.fit());
    fitness.bound(true, first_bound);
    EXPECT_TRUE(fitness.fit());
    EXPECT_FALSE(fitness.unfit_since());
    fitness.bound(false, first_bound + 1s);
    EXPECT_FALSE(fitness.fit());
    fitness.look({}, first_bound + 9s);
    EXPECT_EQ(fitness.unfit_since(), first_bound + 1s);
}

TEST(Fitness, EndsWhileAnAnswerIsLateAndForAWhileAfterwards)
{
    Fitness fitness;
    fitness.bound(true, first_bound);
    fitness.look(first_bound, first_bound + Fitness::slow_after - 1ms);
    EXPECT_TRUE(fitness.fit());
    base::Moment late = first_bound + Fitness::slow_after;
    fitness.look(first_bound, late);
    EXPECT_FALSE(fitness.fit());
    fitness.look({}, late + Fitness::slow_rests - 1ms);
    EXPECT_FALSE(fitness.fit());
    EXPECT_EQ(fitness.unfit_since(), late);
    fitness.look({}, late + Fitness::slow_rests);
    EXPECT_TRUE(fitness.fit());
}

TEST(Fitness, StartsAgainWithANewBind)
{
    Fitness fitness;
    fitness.bound(true, first_bound);
    fitness.bound(false, first_bound);
    fitness.bound(true, first_bound + 1s);
    EXPECT_TRUE(fitness.fit());
    EXPECT_FALSE(fitness.unfit_since());
}

TEST(Fitness, LastsNotBeforeSomebodyLooks)
{
    Fitness fitness;
    EXPECT_FALSE(fitness.unfit_since());
    fitness.look({}, first_bound);
    EXPECT_EQ(fitness.unfit_since(), first_bound);
}

TEST(Fleet, CountsTheOtherLinksThatAreFit)
{
    auto first = std::make_shared<Fitness>(), second = std::make_shared<Fitness>();
    Fleet fleet;
    EXPECT_EQ(fleet.fit_others(store::LinkKey{1}, true), 0u);
    const message::Formats sms{message::Format::sms};
    fleet.set({{.name = "first",
                .key = store::LinkKey{1},
                .formats = sms,
                .by_route_only = false,
                .fitness = first},
               {.name = "second",
                .key = store::LinkKey{2},
                .formats = sms,
                .by_route_only = true,
                .fitness = second}});
    first->bound(true, first_bound);
    EXPECT_EQ(fleet.fit_others(store::LinkKey{1}, true), 0u);
    EXPECT_EQ(fleet.fit_others(store::LinkKey{2}, false), 1u);
    second->bound(true, first_bound);
    EXPECT_EQ(fleet.fit_others(store::LinkKey{1}, true), 1u);
    EXPECT_EQ(fleet.fit_others(store::LinkKey{1}, false), 0u) << "it carries nothing without a route";
}

}  // namespace

}  // namespace tidings::relay
