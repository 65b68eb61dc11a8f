// SPDX-License-Identifier: Apache-2.0
#include "base/zone.hpp"

#include <gtest/gtest.h>

namespace tidings::base {

namespace {

std::string instant(std::string_view zone, std::string_view shown)
{
    return to_iso(Zone::parse(zone).value().instant_of(parse_iso(shown).value()));
}

}  // namespace

TEST(Zone, OffsetsAreAheadOfUtcOrBehindIt)
{
    EXPECT_EQ(instant("UTC", "2026-11-20T10:00:00"), "2026-11-20T10:00:00.000Z");
    EXPECT_EQ(instant("+10:00", "2026-11-20T10:00:00"), "2026-11-20T00:00:00.000Z");
    EXPECT_EQ(instant("-0330", "2026-11-20T10:00:00"), "2026-11-20T13:30:00.000Z");
}

TEST(Zone, PlacesChangeTheirClocks)
{
    EXPECT_EQ(instant("Australia/Sydney", "2026-06-01T18:00:00"), "2026-06-01T08:00:00.000Z");
    EXPECT_EQ(instant("Australia/Sydney", "2026-11-20T18:00:00"), "2026-11-20T07:00:00.000Z");
    // Shown twice in the night of 5 April, and never in that of 4 October.
    EXPECT_EQ(instant("Australia/Sydney", "2026-04-05T02:30:00"), "2026-04-04T15:30:00.000Z");
    EXPECT_EQ(instant("Australia/Sydney", "2026-10-04T02:30:00"), "2026-10-03T16:00:00.000Z");
}

TEST(Zone, ShowsAnInstant)
{
    auto shown = [](std::string_view zone, std::string_view instant) {
        return to_iso(Zone::parse(zone).value().shown_at(parse_iso(instant).value()));
    };
    EXPECT_EQ(shown("-0330", "2026-11-20T13:30:00.007Z"), "2026-11-20T10:00:00.007Z");
    EXPECT_EQ(shown("Australia/Sydney", "2026-10-03T15:59:59Z"), "2026-10-04T01:59:59.000Z");
    EXPECT_EQ(shown("Australia/Sydney", "2026-10-03T16:00:00Z"), "2026-10-04T03:00:00.000Z");
}

TEST(Zone, WhatIsNoZoneIsRefused)
{
    for (std::string_view text :
         {"", "10:00", "+1000:", "+10:0", "+15:00", "+10:60", "+1x:00", "Mars/Olympus"})
        EXPECT_FALSE(Zone::parse(text)) << text;
}

}  // namespace tidings::base
