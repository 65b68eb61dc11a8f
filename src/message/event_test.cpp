// SPDX-License-Identifier: Apache-2.0
#include "message/event.hpp"

#include <gtest/gtest.h>

namespace tidings::message {

namespace {

TEST(Event, IsKnownByItsName)
{
    for (std::size_t value = 0; value < event_count; ++value) {
        auto event = static_cast<Event>(value);
        EXPECT_EQ(event_named(name(event)), event) << name(event);
    }
    EXPECT_EQ(name(Event::failed_dr), "FAILED_DR");
    EXPECT_EQ(event_named("CANCELLED_DR"), std::nullopt);
    EXPECT_EQ(event_named("received_sms"), std::nullopt);
}

TEST(Event, OfAReportFollowsFromItsStatus)
{
    EXPECT_EQ(event_of(Code::processing), Event::enroute_dr);
    EXPECT_EQ(event_of(Code::accepted), Event::submitted_dr);
    EXPECT_EQ(event_of(Code::delivered_to_handset), Event::delivered_dr);
    EXPECT_EQ(event_of(Code::expired_at_carrier), Event::expired_dr);
    EXPECT_EQ(event_of(Code::source_blocked), Event::rejected_dr);
    EXPECT_EQ(event_of(Code::no_route), Event::failed_dr);
}

TEST(Event, NobodyHearsOfWhatIsHeldScheduledOrCancelled)
{
    EXPECT_EQ(event_of(Code::none), std::nullopt);
    EXPECT_EQ(event_of(Code::held), std::nullopt);
    EXPECT_EQ(event_of(Status::scheduled), std::nullopt);
    EXPECT_EQ(event_of(Status::cancelled), std::nullopt);
}

TEST(Event, SetsKeepWhatWasAdded)
{
    Events events{Event::received_sms, Event::failed_dr};
    EXPECT_TRUE(events.has(Event::failed_dr));
    EXPECT_FALSE(events.has(Event::enroute_dr));
    EXPECT_EQ(Events(events.bits()), events);
    EXPECT_TRUE(Events().empty());
}

}  // namespace

}  // namespace tidings::message
