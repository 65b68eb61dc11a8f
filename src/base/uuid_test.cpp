// SPDX-License-Identifier: Apache-2.0
#include "base/uuid_source.hpp"

#include <gtest/gtest.h>

namespace tidings::base {

TEST(Uuid, TextIsReadInAnyCaseAndWrittenInLower)
{
    auto id = Uuid::parse("877C19EF-fa2e-4cec-827a-e1df9b5509f7");
    ASSERT_TRUE(id);
    EXPECT_EQ(id->text(), "877c19ef-fa2e-4cec-827a-e1df9b5509f7");
}

TEST(Uuid, WhatIsNoUuidIsRefused)
{
    for (const char* text : {"", "877c19effa2e4cec827ae1df9b5509f7", "877c19ef-fa2e-4cec-827a-e1df9b5509f",
                             "877c19ef-fa2e-4cec-827a-e1df9b5509fg", "877c19ef_fa2e_4cec_827a_e1df9b5509f7"})
        EXPECT_FALSE(Uuid::parse(text)) << text;
}

TEST(Uuid, FirstOfATimeIsBeforeThoseMadeThenAndAfterThoseMadeBefore)
{
    SystemClock clock;
    UuidSource source(clock);
    Time before = clock.now();
    Uuid id = source.next();
    EXPECT_LT(Uuid::first_at(before), id);
    EXPECT_LT(id, Uuid::first_at(before + std::chrono::seconds(10)));
    EXPECT_EQ(Uuid::first_at(before).time(), before);
    EXPECT_GE(id.time(), before);
}

TEST(Uuid, SourceAscendsAlsoWithinOneMillisecond)
{
    SystemClock clock;
    UuidSource source(clock);
    Uuid last = source.next();
    EXPECT_EQ(last.text()[14], '7');
    for (int i = 0; i < 10000; ++i) {
        Uuid next = source.next();
        ASSERT_LT(last, next);
        last = next;
    }
}

}  // namespace tidings::base
