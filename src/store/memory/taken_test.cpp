// SPDX-License-Identifier: Apache-2.0
#include "store/memory/taken.hpp"

#include <gtest/gtest.h>

namespace tidings::store {

namespace {

Outbound message(std::uint8_t number, const std::string& handset)
{
    Outbound message;
    message.key.id.bytes[0] = number;
    message.sender = "100";
    message.destination = handset;
    return message;
}

TEST(Taken, IsFoundByItsNumberAndHandset)
{
    Taken taken(10);
    taken.add({message(1, "200"), message(2, "201")});
    EXPECT_EQ(taken.find("100", "200"), message(1, "200").key);
    EXPECT_EQ(taken.find("200", "100"), std::nullopt);
}

TEST(Taken, TheNewestOfAThreadCounts)
{
    Taken taken(10);
    taken.add({message(1, "200"), message(2, "200")});
    EXPECT_EQ(taken.find("100", "200"), message(2, "200").key);
}

TEST(Taken, TheOldestIsForgotten)
{
    Taken taken(2);
    taken.add({message(1, "200"), message(2, "201"), message(3, "200"), message(4, "202")});
    EXPECT_EQ(taken.find("100", "201"), std::nullopt);
    EXPECT_EQ(taken.find("100", "200"), message(3, "200").key);
    EXPECT_EQ(taken.find("100", "202"), message(4, "202").key);
}

}  // namespace

}  // namespace tidings::store
