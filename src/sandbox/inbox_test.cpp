// SPDX-License-Identifier: Apache-2.0
#include "sandbox/inbox.hpp"

#include <gtest/gtest.h>

namespace tidings::sandbox {
namespace {

Arrival arrival(std::string to, std::string content)
{
    return {"+61400000001", std::move(to), std::move(content), {}};
}

TEST(Inbox, KeepsMessagesOfEachHandsetInOrder)
{
    Inbox inbox;
    inbox.add(arrival("1", "a"));
    inbox.add(arrival("2", "b"));
    inbox.add(arrival("1", "c"));
    ASSERT_EQ(inbox.messages("1").size(), 2u);
    EXPECT_EQ(inbox.messages("1")[1].content, "c");
    EXPECT_TRUE(inbox.messages("3").empty());
}

TEST(Inbox, OldMessagesOfOneHandsetMakeRoom)
{
    Inbox inbox;
    for (std::size_t i = 0; i < Inbox::per_handset_max + 5; ++i) inbox.add(arrival("1", std::to_string(i)));
    auto kept = inbox.messages("1");
    ASSERT_EQ(kept.size(), Inbox::per_handset_max);
    EXPECT_EQ(kept.front().content, "5");
}

TEST(Inbox, OldestOfAllHandsetsMakeRoom)
{
    Inbox inbox;
    for (std::size_t i = 0; i < Inbox::messages_max + 10; ++i)
        inbox.add(arrival(std::to_string(i / 10), "x"));
    EXPECT_EQ(inbox.size(), Inbox::messages_max);
    EXPECT_TRUE(inbox.messages("0").empty());
    EXPECT_EQ(inbox.messages("1").size(), 10u);
}

}  // namespace
}  // namespace tidings::sandbox
