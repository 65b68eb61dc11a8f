// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/recent.hpp"

#include <gtest/gtest.h>

namespace tidings::store::sqlite {

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

TEST(Recent, ShowsTheNewestFewOfThoseWithTheSameId)
{
    Recent recent(200);
    for (std::uint8_t number = 0; number < 100; ++number) recent.add(link, key(number), {"", ""}, "1", "2");
    Keys found = recent.by_carrier_id(link, "");
    ASSERT_EQ(found.size(), same_id_max);
    EXPECT_EQ(found.front(), key(99));
    EXPECT_EQ(found.back(), key(100 - same_id_max));

    recent.forget_oldest(98);
    EXPECT_EQ(recent.by_carrier_id(link, ""), (Keys{key(99), key(98)}));
    recent.forget_oldest(2);
    EXPECT_TRUE(recent.by_carrier_id(link, "").empty());
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

TEST(Recent, ShowsTheNewestFewOfAThread)
{
    Recent recent(200);
    recent.add(link, key(200), {"a"}, "100", "200");
    recent.add(link, key(201), {"b"}, "100", "201");
    recent.add(link, key(202), {"c"}, "100", "200");
    recent.add(link, key(200), {"d"}, "100", "200");
    EXPECT_EQ(recent.of_thread("100", "200"), (Keys{key(200), key(202)}));
    for (std::uint8_t number = 0; number < 20; ++number) recent.add(link, key(number), {"e"}, "100", "200");
    Keys found = recent.of_thread("100", "200");
    ASSERT_EQ(found.size(), same_id_max);
    EXPECT_EQ(found.front(), key(19));
    recent.forget_oldest(22);
    EXPECT_EQ(recent.of_thread("100", "200"), (Keys{key(19), key(18)}));
    EXPECT_TRUE(recent.of_thread("200", "100").empty());
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

}  // namespace tidings::store::sqlite
