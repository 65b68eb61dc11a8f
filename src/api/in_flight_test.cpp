// SPDX-License-Identifier: Apache-2.0
#include "api/in_flight.hpp"

#include <gtest/gtest.h>

namespace tidings::api {

TEST(InFlight, AKeyIsHeldOnceForEachAccount)
{
    InFlight keys;
    InFlight::Hold first(keys, store::AccountKey{1}, "a");
    EXPECT_TRUE(first);
    EXPECT_FALSE(InFlight::Hold(keys, store::AccountKey{1}, "a"));
    EXPECT_FALSE(InFlight::Hold(keys, store::AccountKey{1}, "a")) << "the failed try has not freed it";
    EXPECT_TRUE(InFlight::Hold(keys, store::AccountKey{1}, "b"));
    EXPECT_TRUE(InFlight::Hold(keys, store::AccountKey{2}, "a"));
}

TEST(InFlight, AKeyIsFreeAgainAfterwards)
{
    InFlight keys;
    EXPECT_TRUE(InFlight::Hold(keys, store::AccountKey{1}, "a"));
    EXPECT_TRUE(InFlight::Hold(keys, store::AccountKey{1}, "a"));
}

}  // namespace tidings::api
