// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/recent.hpp"

#include <gtest/gtest.h>

namespace tidings::store {

namespace {

constexpr LinkKey link{1};
using Keys = std::vector<MessageKey>;

MessageKey key(std::uint8_t number)
{
    MessageKey key;
    key.id.bytes[0] = number;
    return key;
}

TEST(Recent, FindsByAnyOfTheCarriersIds)
{
    Recent recent(10);
    recent.add(link, key(1), {"a", "b"}, "100", "200");
    EXPECT_EQ(recent.by_carrier_id(link, "a"), Keys{key(1)});
    EXPECT_EQ(recent.by_carrier_id(link, "b"), Keys{key(1)});
    EXPECT_TRUE(recent.by_carrier_id(link, "c").empty());
    EXPECT_TRUE(recent.by_carrier_id(LinkKey{2}, "a").empty());
}

TEST(Recent, FindsAllThatHaveTheSameId)
{
    Recent recent(10);
    recent.add(link, key(1), {"a"}, "100", "200");
    recent.add(link, key(2), {"a"}, "100", "201");
    EXPECT_EQ(recent.by_carrier_id(link, "a").size(), 2u);
}

TEST(Recent, FindsTheLastOfAThread)
{
    Recent recent(10);
    recent.add(link, key(1), {"a"}, "100", "200");
    recent.add(link, key(2), {"b"}, "100", "200");
    EXPECT_EQ(recent.by_thread("100", "200"), key(2));
    EXPECT_EQ(recent.by_thread("200", "100"), std::nullopt);
    EXPECT_EQ(recent.by_thread("1002", "00"), std::nullopt);
}

TEST(Recent, GivesUpTheOldestWhenABatchIsTooMany)
{
    Recent recent(2);
    ASSERT_EQ(recent.batch(), 1u);
    recent.add(link, key(1), {"a"}, "100", "200");
    recent.add(link, key(2), {"a"}, "100", "200");
    EXPECT_TRUE(recent.surplus().empty());
    recent.add(link, key(3), {"c"}, "100", "201");
    recent.add(link, key(4), {}, "100", "202");
    EXPECT_EQ(recent.surplus(), (Keys{key(1), key(2)}));
    recent.forget_oldest(1);
    EXPECT_EQ(recent.by_carrier_id(link, "a"), Keys{key(2)});
    EXPECT_EQ(recent.by_thread("100", "200"), key(2));
    recent.forget_oldest(1);
    EXPECT_TRUE(recent.by_carrier_id(link, "a").empty());
    EXPECT_EQ(recent.by_thread("100", "200"), std::nullopt);
    EXPECT_EQ(recent.by_carrier_id(link, "c"), Keys{key(3)});
    EXPECT_TRUE(recent.surplus().empty());
}

TEST(Recent, AMessageSentAgainIsForgottenOnce)
{
    Recent recent(10);
    recent.add(link, key(1), {"a"}, "100", "200");
    recent.add(link, key(1), {"b"}, "100", "200");
    recent.forget_oldest(1);
    EXPECT_TRUE(recent.by_carrier_id(link, "a").empty());
    EXPECT_EQ(recent.by_carrier_id(link, "b"), Keys{key(1)});
}

}  // namespace

}  // namespace tidings::store
