// SPDX-License-Identifier: Apache-2.0
#include "store/rules/carrier_facts.hpp"

#include <gtest/gtest.h>

namespace tidings::store::rules {

namespace {

constexpr LinkKey link{1};
const LinkThread numbers{link, {"61491570110", "61491570156"}};

ParkedReceipt parked(const std::string& id, std::int64_t key = 0)
{
    ParkedReceipt made;
    made.key = key;
    made.link = link;
    made.receipt.carrier_id = id;
    made.receipt.source = numbers.thread.number;
    made.receipt.destination = numbers.thread.handset;
    return made;
}

using Ids = std::vector<std::string>;

TEST(ParkedReceipts, ARowIsOneHoweverItWasFound)
{
    ParkedReceipts receipts;
    receipts.learn({link, "1"}, {parked("1", 7)});
    receipts.learn(parked("1", 7)).state = ParkedReceipt::State::matched;
    EXPECT_EQ(receipts.rows().size(), 1u);
    EXPECT_TRUE(receipts.waiting({link, "1"}).empty());
}

TEST(ParkedReceipts, ANewOneIsFoundByWhateverIsKnown)
{
    ParkedReceipts receipts;
    receipts.add(parked("unknown"));
    EXPECT_TRUE(receipts.waiting({link, "unknown"}).empty());
    receipts.learn(CarrierId{link, "1"}, {});
    receipts.learn(numbers, Ids{});
    receipts.add(parked("1"));
    receipts.add(parked("1"));
    EXPECT_EQ(receipts.waiting({link, "1"}).size(), 2u);
    EXPECT_EQ(receipts.ids_waiting(numbers), Ids{"1"});
}

TEST(ParkedReceipts, AnIdWaitsWithItsNumbersAsLongAsOneOfTheseDoes)
{
    ParkedReceipts receipts;
    ParkedReceipt elsewhere = parked("1", 8);
    elsewhere.receipt.destination = "61491570157";
    receipts.learn({link, "1"}, {parked("1", 7), elsewhere});
    receipts.learn(numbers, Ids{"1"});
    EXPECT_EQ(receipts.ids_waiting(numbers), Ids{"1"});
    receipts.rows().front().state = ParkedReceipt::State::unmatched;
    EXPECT_TRUE(receipts.ids_waiting(numbers).empty());
    EXPECT_EQ(receipts.waiting({link, "1"}).size(), 1u);
}

TEST(ParkedReceipts, MoreIdsThanADoubtExplainsAreCountedAndNotKnown)
{
    ParkedReceipts receipts;
    receipts.learn(numbers, Ids{"1", "2", "3"});
    EXPECT_EQ(receipts.ids_waiting(numbers).size(), 3u);
    EXPECT_FALSE(receipts.is_known(CarrierId{link, "1"}));
}

}  // namespace

}  // namespace tidings::store::rules
