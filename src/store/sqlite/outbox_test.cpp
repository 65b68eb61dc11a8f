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

using Rest = Outbox<int>::Rest;

void read(Outbox<int>& box, const Items& items, Rest rest)
{
    std::vector<Queued<int>> queued;
    for (int item : items) queued.push_back({item, item});
    box.read_from_disk(std::move(queued), rest);
}

TEST(Outbox, IsBehindUntilTheDiskWasRead)
{
    Outbox<int> box(10);
    push(box, {1, 2});
    EXPECT_TRUE(box.behind());
    EXPECT_TRUE(box.take_from_memory(many).empty());
    EXPECT_EQ(box.cursor(), 0);
    read(box, {1, 2}, Rest::none);
    EXPECT_FALSE(box.behind());
    push(box, {3});
    EXPECT_EQ(box.take_from_memory(many), (Items{1, 2, 3}));
    EXPECT_EQ(box.cursor(), 3);
}

TEST(Outbox, DropsWhatTheDiskGaveAlready)
{
    Outbox<int> box(10);
    read(box, {4, 5}, Rest::none);
    push(box, {4, 5, 6});
    EXPECT_EQ(box.take_from_memory(many), (Items{4, 5, 6}));
}

TEST(Outbox, StaysBehindWhileTheDiskHasMore)
{
    Outbox<int> box(10);
    read(box, {4, 5}, Rest::more);
    push(box, {6});
    EXPECT_TRUE(box.behind());
    EXPECT_EQ(box.cursor(), 5);
    EXPECT_EQ(box.take_from_memory(many), (Items{4, 5}));
}

TEST(Outbox, FallsBehindWhenFullAndGoesOnFromTheDiskWhereMemoryEnds)
{
    Outbox<int> box(3);
    read(box, {}, Rest::none);
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
    read(box, {7}, Rest::none);
    Items items = {70, 71};
    EXPECT_TRUE(box.try_push_all(items));
    EXPECT_EQ(box.take_from_memory(many), (Items{7, 70, 71}));
    EXPECT_EQ(box.cursor(), 7);
}

TEST(Outbox, RefusesItemsThatAreNotOnDiskWhenFullOrBehind)
{
    Outbox<int> box(3);
    Items items = {1, 2};
    EXPECT_FALSE(box.try_push_all(items));
    read(box, {}, Rest::none);
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
