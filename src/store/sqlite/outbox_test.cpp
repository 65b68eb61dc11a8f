// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/outbox.hpp"

#include <gtest/gtest.h>

namespace tidings::store {

namespace {

using Items = std::vector<int>;
constexpr std::size_t many = 100;

// Items whose number is their place in the queue on disk.
void push(Outbox<int>& box, const Items& items)
{
    std::vector<Queued<int>> queued;
    for (int item : items) queued.push_back({item, item});
    box.push_all(std::move(queued));
}

TEST(Outbox, IsBehindUntilTheDiskWasRead)
{
    Outbox<int> box(10);
    push(box, {1, 2});
    EXPECT_TRUE(box.behind());
    EXPECT_TRUE(box.take_from_memory(many).empty());
    EXPECT_EQ(box.cursor(), 0);
    box.read_from_disk(2, true);
    EXPECT_FALSE(box.behind());
    push(box, {3});
    EXPECT_EQ(box.take_from_memory(many), Items{3});
    EXPECT_EQ(box.cursor(), 3);
}

TEST(Outbox, DropsWhatTheDiskGaveAlready)
{
    Outbox<int> box(10);
    box.read_from_disk(5, true);
    push(box, {4, 5, 6});
    EXPECT_EQ(box.take_from_memory(many), Items{6});
}

TEST(Outbox, StaysBehindWhileTheDiskHasMore)
{
    Outbox<int> box(10);
    box.read_from_disk(5, false);
    push(box, {6});
    EXPECT_TRUE(box.behind());
    EXPECT_EQ(box.cursor(), 5);
    EXPECT_TRUE(box.take_from_memory(many).empty());
}

TEST(Outbox, FallsBehindWhenFullAndGoesOnFromTheDiskWhereMemoryEnds)
{
    Outbox<int> box(3);
    box.read_from_disk(0, true);
    push(box, {1, 2, 3, 4});
    EXPECT_EQ(box.take_from_memory(2), (Items{1, 2}));
    push(box, {5});
    EXPECT_EQ(box.take_from_memory(many), Items{3});
    EXPECT_TRUE(box.take_from_memory(many).empty());
    EXPECT_TRUE(box.behind());
    EXPECT_EQ(box.cursor(), 3);
}

TEST(Outbox, ItemsThatAreNotOnDiskDoNotMoveTheCursor)
{
    Outbox<int> box(10);
    box.read_from_disk(7, true);
    Items items = {70, 71};
    EXPECT_TRUE(box.try_push_all(items));
    EXPECT_EQ(box.take_from_memory(many), (Items{70, 71}));
    EXPECT_EQ(box.cursor(), 7);
}

TEST(Outbox, RefusesItemsThatAreNotOnDiskWhenFullOrBehind)
{
    Outbox<int> box(3);
    Items items = {1, 2};
    EXPECT_FALSE(box.try_push_all(items));
    box.read_from_disk(0, true);
    EXPECT_TRUE(box.try_push_all(items));
    items = {3, 4};
    EXPECT_FALSE(box.try_push_all(items));
    EXPECT_EQ(items, (Items{3, 4}));
    box.fall_behind();
    items = {5};
    EXPECT_FALSE(box.try_push_all(items));
    EXPECT_EQ(box.take_from_memory(many).size(), 2u);
}

}  // namespace

}  // namespace tidings::store
