// SPDX-License-Identifier: Apache-2.0
#include "base/guarded_clock.hpp"

#include "support/virtual_clock.hpp"

#include <gtest/gtest.h>

namespace tidings::base {

namespace {

using namespace std::chrono_literals;

constexpr auto jump_size = std::chrono::days(365);

class GuardedClockTest : public testing::Test {
protected:
    test::VirtualClock inner;
    GuardedClock clock{inner, 600s};
};

TEST_F(GuardedClockTest, GoesByTheInnerOne)
{
    inner.advance(40 * 24h);
    EXPECT_EQ(clock.now(), inner.now());
    EXPECT_EQ(clock.steady(), inner.steady());
    inner.jump(-30min);
    EXPECT_EQ(clock.now(), inner.now());
    EXPECT_FALSE(clock.doubt());
    EXPECT_FALSE(clock.believe());
}

TEST_F(GuardedClockTest, DoesNotFollowAJumpOfAYearUntilItHasLasted)
{
    Time before = clock.now();
    inner.jump(jump_size);
    EXPECT_EQ(clock.now(), before);
    inner.advance(1min);
    EXPECT_EQ(clock.now(), before + 1min);
    ASSERT_TRUE(clock.doubt());
    EXPECT_EQ(clock.doubt()->by, jump_size);
    EXPECT_EQ(clock.doubt()->believed_in, 9min);
    inner.advance(9min);
    EXPECT_EQ(clock.now(), before + jump_size + 10min);
    EXPECT_FALSE(clock.doubt());
}

TEST_F(GuardedClockTest, NothingHasHappenedWhenItComesBack)
{
    Time before = clock.now();
    inner.jump(jump_size);
    EXPECT_TRUE(clock.now() == before && clock.doubt());
    inner.jump(-jump_size);
    EXPECT_EQ(clock.now(), before);
    EXPECT_FALSE(clock.doubt());
}

TEST_F(GuardedClockTest, BelievesTheOperator)
{
    inner.jump(jump_size);
    clock.now();
    EXPECT_TRUE(clock.believe());
    EXPECT_EQ(clock.now(), inner.now());
    EXPECT_FALSE(clock.doubt());
}

TEST_F(GuardedClockTest, TheNextProcessDoubtsWhatThisOneDid)
{
    Time before = clock.now();
    inner.jump(jump_size);
    Sighting last = clock.sighting();
    EXPECT_EQ(last.wall, before);
    EXPECT_FALSE(last.boot.empty());
    GuardedClock next(inner, 600s);
    next.resume(last);
    inner.advance(1s);
    EXPECT_EQ(next.now(), before + 1s);
    EXPECT_TRUE(next.doubt());
}

}  // namespace

}  // namespace tidings::base
