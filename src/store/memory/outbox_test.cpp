// SPDX-License-Identifier: Apache-2.0
#include "store/memory/outbox.hpp"

#include <gtest/gtest.h>

namespace tidings::store {

namespace {

using message::Priority;

struct Thing {
    int number = 0;
    LaneKey lane{};
};

constexpr LaneKey a{Priority::normal, AccountKey{1}}, b{Priority::normal, AccountKey{2}},
    urgent{Priority::high, AccountKey{1}}, slow{Priority::low, AccountKey{1}};

LaneKey lane_of(const Thing& thing) { return thing.lane; }

using Numbers = std::vector<int>;
using Box = Outbox<Thing>;
constexpr std::size_t many = 100;

// Things whose number is their place in the queue on disk.
std::vector<Queued<Thing>> queued(const Numbers& numbers, LaneKey lane)
{
    std::vector<Queued<Thing>> things;
    for (int number : numbers) things.push_back({number, {number, lane}});
    return things;
}

void push(Box& box, const Numbers& numbers, LaneKey lane = a) { box.push_all(queued(numbers, lane)); }

std::vector<Queued<Thing>> direct(const Numbers& numbers)
{
    std::vector<Queued<Thing>> things = queued(numbers, a);
    for (Queued<Thing>& thing : things) thing.is_direct = true;
    return things;
}

void read(Box& box, const Numbers& numbers, Box::Rest rest, LaneKey lane = a)
{
    box.read_from_disk(lane, queued(numbers, lane), rest);
}

std::vector<Thing> things(const Numbers& numbers, LaneKey lane = a)
{
    std::vector<Thing> made;
    for (int number : numbers) made.push_back({number, lane});
    return made;
}

Numbers numbers_of(const std::vector<Thing>& things)
{
    Numbers numbers;
    for (const Thing& thing : things) numbers.push_back(thing.number);
    return numbers;
}

Numbers take(Box& box, std::size_t limit = many) { return numbers_of(box.take_from_memory(limit)); }

TEST(Outbox, GivesWhatWasPushed)
{
    Box box(10);
    push(box, {1, 2, 3});
    EXPECT_EQ(take(box), (Numbers{1, 2, 3}));
    EXPECT_EQ(box.cursor(a), 3);
    EXPECT_TRUE(take(box).empty());
}

TEST(Outbox, ALaneThatIsBehindIsReadFromDiskFirst)
{
    Box box(10);
    box.fall_behind({a});
    push(box, {1, 2});
    EXPECT_EQ(box.hungry(many), std::vector{a});
    EXPECT_TRUE(take(box).empty());
    EXPECT_EQ(box.cursor(a), 0);
    read(box, {1, 2}, Box::Rest::none);
    EXPECT_FALSE(box.is_hungry());
    push(box, {3});
    EXPECT_EQ(take(box), (Numbers{1, 2, 3}));
}

TEST(Outbox, DropsWhatTheDiskGaveAlready)
{
    Box box(10);
    read(box, {4, 5}, Box::Rest::none);
    push(box, {4, 5, 6});
    EXPECT_EQ(take(box), (Numbers{4, 5, 6}));
}

TEST(Outbox, IsReadFurtherWhileThereIsRoomForWhatAReadBrings)
{
    Box box(8);  // a read brings two
    box.fall_behind({a});
    read(box, {1, 2}, Box::Rest::more);
    EXPECT_EQ(box.hungry(many), std::vector{a});
    read(box, {3, 4, 5, 6, 7}, Box::Rest::more);
    EXPECT_TRUE(box.hungry(many).empty());
    EXPECT_EQ(take(box, 1), Numbers{1});
    EXPECT_EQ(box.hungry(many), std::vector{a});
    read(box, {8}, Box::Rest::none);
    EXPECT_FALSE(box.is_hungry());
}

TEST(Outbox, StaysBehindWhileTheDiskHasMore)
{
    Box box(2);
    box.fall_behind({a});
    read(box, {4, 5}, Box::Rest::more);
    push(box, {6});
    EXPECT_TRUE(box.hungry(many).empty()) << "memory is full";
    EXPECT_EQ(box.cursor(a), 5);
    EXPECT_EQ(take(box), (Numbers{4, 5}));
    EXPECT_EQ(box.hungry(many), std::vector{a});
}

TEST(Outbox, FallsBehindWhenFullAndGoesOnFromTheDiskWhereMemoryEnds)
{
    Box box(3);
    push(box, {1, 2, 3, 4});
    EXPECT_EQ(take(box, 2), (Numbers{1, 2}));
    push(box, {5});
    EXPECT_EQ(take(box), Numbers{3});
    EXPECT_EQ(box.hungry(many), std::vector{a});
    EXPECT_EQ(box.cursor(a), 3);
}

TEST(Outbox, TakesDirectOnesWhereThereIsRoomForAll)
{
    Box box(3);
    push(box, {1});
    std::map<LaneKey, std::size_t> counts{{a, 2}, {b, 1}};
    box.keep_with_room(counts);
    EXPECT_EQ(counts, (std::map<LaneKey, std::size_t>{{a, 2}})) << "the other would be one too many";
    counts = {{a, 3}};
    box.keep_with_room(counts);
    EXPECT_TRUE(counts.empty());
    box.fall_behind({b});
    counts = {{b, 1}};
    box.keep_with_room(counts);
    EXPECT_TRUE(counts.empty()) << "it would overtake";
}

TEST(Outbox, DisplacesDirectOnesOfALaneThatFellBehindMeanwhile)
{
    Box box(10);
    box.fall_behind({a});
    box.push_all(direct({1, 2}));
    EXPECT_EQ(numbers_of(box.take_displaced()), (Numbers{1, 2}));
    EXPECT_EQ(box.hungry(many), std::vector{a});
    EXPECT_TRUE(box.take_displaced().empty());
    box.give_back_displaced(things({1, 2}));
    EXPECT_EQ(box.take_displaced().size(), 2u);
}

TEST(Outbox, LosesNoDirectOneThatTheDiskWasAheadOf)
{
    Box box(10);
    box.fall_behind({a});
    read(box, {3, 5}, Box::Rest::none);
    box.push_all(direct({4, 6}));
    EXPECT_EQ(take(box), (Numbers{3, 4, 5, 6}));
}

TEST(Outbox, IsNeverTooFullForTheFirstOfALane)
{
    Box box(3);
    push(box, {1, 2, 3, 4});
    push(box, {5, 6}, b);
    EXPECT_EQ(take(box), (Numbers{1, 5, 2, 3}));
    EXPECT_EQ(box.hungry(many).size(), 2u);
    EXPECT_EQ(box.cursor(b), 5);
}

TEST(Outbox, HungryLanesTakeTurns)
{
    Box box(10);
    std::vector<LaneKey> lanes;
    for (std::uint32_t account = 1; account <= 5; ++account)
        lanes.push_back({Priority::normal, AccountKey{account}});
    box.fall_behind(lanes);
    EXPECT_TRUE(box.is_hungry());
    std::map<LaneKey, int> fed;
    for (int i = 0; i < 5; ++i) {
        auto some = box.hungry(2);
        EXPECT_EQ(some.size(), 2u);
        for (const LaneKey& lane : some) ++fed[lane];
    }
    for (const LaneKey& lane : lanes) EXPECT_EQ(fed[lane], 2);
}

TEST(Outbox, AccountsTakeTurns)
{
    Box box(10);
    push(box, {1, 2, 3, 4});
    push(box, {5, 6}, b);
    EXPECT_EQ(take(box), (Numbers{1, 5, 2, 6, 3, 4}));
}

TEST(Outbox, HighPriorityOvertakes)
{
    Box box(10);
    push(box, {1, 2});
    push(box, {3}, slow);
    push(box, {4, 5, 6}, urgent);
    EXPECT_EQ(take(box), (Numbers{4, 5, 6, 1, 2, 3}));
}

TEST(Outbox, ItemsThatAreNotOnDiskDoNotMoveTheCursor)
{
    Box box(10);
    push(box, {7});
    auto unqueued = things({70, 71});
    EXPECT_TRUE(box.without_room(unqueued).empty());
    box.push_unqueued(unqueued);
    EXPECT_EQ(take(box), (Numbers{7, 70, 71}));
    EXPECT_EQ(box.cursor(a), 7);
}

TEST(Outbox, TakesAllOfALaneOrNone)
{
    Box box(4);
    auto mixed = things({1, 2, 3});
    for (const Thing& thing : things({4, 5}, b)) mixed.push_back(thing);
    EXPECT_EQ(numbers_of(box.without_room(mixed)), (Numbers{4, 5}));
    EXPECT_EQ(numbers_of(mixed), (Numbers{1, 2, 3}));
}

TEST(Outbox, HasNoRoomForWhatWouldOvertake)
{
    Box box(10);
    box.fall_behind({a});
    auto mixed = things({1}), of_b = things({2}, b);
    mixed.push_back(of_b[0]);
    EXPECT_EQ(numbers_of(box.without_room(mixed)), Numbers{1});
    EXPECT_EQ(numbers_of(mixed), Numbers{2});
}

// Shuts what it is told to.
struct TestGate {
    static constexpr std::size_t lanes_with_room = 2;
    std::set<LaneKey> shut;
    std::set<AccountKey> full;
    std::size_t limit(const LaneKey& lane) const { return shut.contains(lane) ? 0 : 100; }
    bool has_room(const LaneKey& lane) const { return !shut.contains(lane); }
    bool has_room(AccountKey account) const { return !full.contains(account); }
    static bool is_idle(const LaneKey&) { return true; }
    static void took(const LaneKey&) {}
};
using GatedBox = Outbox<Thing, TestGate>;

TEST(Outbox, AShutLaneGivesItsMemoryToOthersAndIsReadAgain)
{
    GatedBox box(10);
    box.push_all(queued({1, 2}, a));
    box.adjust(a, [](TestGate& gate) { gate.shut.insert(a); });
    box.push_all(queued({3}, a));
    EXPECT_TRUE(box.take_from_memory(many).empty());
    EXPECT_FALSE(box.is_hungry());
    box.adjust(a, [](TestGate& gate) { gate.shut.clear(); });
    EXPECT_EQ(box.hungry(many), std::vector{a});
    EXPECT_EQ(box.cursor(a), 0);
    box.read_from_disk(a, queued({1, 2, 3}, a), GatedBox::Rest::none);
    EXPECT_EQ(numbers_of(box.take_from_memory(many)), (Numbers{1, 2, 3}));
}

TEST(Outbox, WhatAnAccountMayNotHaveYetStaysInItsTurn)
{
    GatedBox box(10);
    box.adjust(a, [](TestGate& gate) { gate.full.insert(a.account); });
    box.push_all(queued({1, 2}, a));
    box.push_all(queued({3, 4}, b));
    EXPECT_EQ(numbers_of(box.take_from_memory(many)), (Numbers{3, 4}));
    box.fall_behind({urgent});
    EXPECT_FALSE(box.is_hungry()) << "there would be no use";
    box.adjust(b, [](TestGate& gate) { gate.full.clear(); });
    EXPECT_TRUE(box.is_hungry());
    EXPECT_EQ(numbers_of(box.take_from_memory(many)), (Numbers{1, 2}));
}

TEST(Outbox, WhenMemoryIsFullAnAccountGetsNoMoreForAllItsLanes)
{
    GatedBox box(100);
    Numbers hundred(100);
    for (int i = 0; i < 100; ++i) hundred[static_cast<std::size_t>(i)] = i + 1;
    box.push_all(queued(hundred, b));
    for (LaneKey lane : {a, urgent, slow}) box.push_all(queued({101}, lane));
    EXPECT_EQ(numbers_of(box.take_from_memory(200)).size(), 102u);
    EXPECT_EQ(box.hungry(many), std::vector{slow});
}

}  // namespace

}  // namespace tidings::store
