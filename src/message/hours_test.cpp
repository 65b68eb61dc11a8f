// SPDX-License-Identifier: Apache-2.0
#include "message/hours.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace tidings::message {

namespace {

using namespace std::chrono_literals;

base::Zone zone(std::string_view name) { return base::Zone::parse(name).value(); }
base::Time at(std::string_view text) { return base::parse_iso(text).value(); }

std::string first(std::string_view place, std::string_view time)
{
    return base::to_iso(first_within_hours(at(time), zone(place)));
}

std::string first_of_all(const std::vector<std::string_view>& places, std::string_view time)
{
    std::vector<base::Zone> zones;
    for (std::string_view place : places) zones.push_back(zone(place));
    auto found = first_within_hours(at(time), zones);
    return found ? base::to_iso(*found) : "never";
}

}  // namespace

TEST(Hours, TheFirstInstantByTheClocksOfAPlace)
{
    struct {
        std::string_view place, time, first;
    } cases[] = {
        {"Australia/Sydney", "2026-10-03T08:30:00Z", "2026-10-03T21:00:00.000Z"},  // clocks are put forward
        {"Australia/Sydney", "2026-04-04T08:30:00Z", "2026-04-04T22:00:00.000Z"},  // and back
        {"Australia/Sydney", "2026-10-03T20:59:59Z", "2026-10-03T21:00:00.000Z"},
        {"Australia/Sydney", "2026-10-04T06:59:59Z", "2026-10-04T06:59:59.000Z"},
        {"Australia/Sydney", "2026-10-04T06:59:59.999Z", "2026-10-04T06:59:59.999Z"},
        {"Australia/Sydney", "2026-10-04T07:00:00Z", "2026-10-04T21:00:00.000Z"},
        {"Europe/London", "2026-03-29T00:30:00Z", "2026-03-29T07:00:00.000Z"},
        {"Australia/Brisbane", "2026-06-01T07:59:59Z", "2026-06-01T07:59:59.000Z"},
        {"Asia/Kathmandu", "2026-06-01T02:14:59.999Z", "2026-06-01T02:15:00.000Z"},
        {"UTC", "2026-12-31T18:00:00Z", "2027-01-01T08:00:00.000Z"},
    };
    for (const auto& [place, time, first_time] : cases) EXPECT_EQ(first(place, time), first_time);
}

TEST(Hours, ADayThatAPlaceDidNotHaveIsLeftOut)
{
    // From the evening of 29 December 2011 straight into the 31st.
    EXPECT_EQ(first("Pacific/Apia", "2011-12-30T06:00:00Z"), "2011-12-30T18:00:00.000Z");
}

TEST(Hours, NoNightIsEverWithinThemNorAnyDayLeftOut)
{
    base::Zone sydney = zone("Australia/Sydney");
    base::Time last = at("2026-01-01T00:00:00Z");
    for (base::Time time = last; time < at("2027-01-01T00:00:00Z"); time += 7min) {
        base::Time found = first_within_hours(time, sydney);
        auto shown = sydney.shown_at(found) - std::chrono::floor<std::chrono::days>(sydney.shown_at(found));
        ASSERT_TRUE(shown >= hours_begin && shown < hours_end) << base::to_iso(time);
        ASSERT_TRUE(found >= time && found >= last && found - time <= 15h) << base::to_iso(time);
        last = found;
    }
}

TEST(Hours, SeveralPlacesMustAllBeWithinThem)
{
    EXPECT_EQ(first_of_all({"America/New_York", "America/Los_Angeles"}, "2026-07-01T12:00:00Z"),
              "2026-07-01T15:00:00.000Z");
    EXPECT_EQ(first_of_all({"America/New_York", "America/Los_Angeles"}, "2026-07-01T22:00:00Z"),
              "2026-07-02T15:00:00.000Z");
    EXPECT_EQ(first_of_all({"Europe/London"}, "2026-03-29T00:30:00Z"), "2026-03-29T07:00:00.000Z");
}

TEST(Hours, PlacesThatAreTooFarApartHaveNone)
{
    EXPECT_EQ(first_of_all({"Europe/Kaliningrad", "Asia/Kamchatka"}, "2026-07-01T12:00:00Z"), "never");
    // Ten hours apart in winter, nine while London has its summer time.
    EXPECT_EQ(first_of_all({"Europe/London", "Australia/Brisbane"}, "2026-07-01T12:00:00Z"),
              "2026-07-02T07:00:00.000Z");
    EXPECT_EQ(first_of_all({"Europe/London", "Australia/Brisbane"}, "2026-12-01T12:00:00Z"), "never");
}

TEST(Hours, AnAccountMayGoByItsOwnClocksOrThoseOfTheRecipient)
{
    auto allowed = [](Hours hours, std::string_view destination) {
        return base::to_iso(
            first_allowed(at("2026-06-01T12:00:00Z"), {hours, "Australia/Sydney"}, destination));
    };
    EXPECT_EQ(allowed(Hours::off, "447400123456"), "2026-06-01T12:00:00.000Z");
    EXPECT_EQ(allowed(Hours::account, "447400123456"), "2026-06-01T22:00:00.000Z");
    EXPECT_EQ(allowed(Hours::recipient, "447400123456"), "2026-06-01T12:00:00.000Z");
    EXPECT_EQ(allowed(Hours::recipient, "61491570156"), "2026-06-01T22:00:00.000Z");
    EXPECT_EQ(allowed(Hours::recipient, "12125550123"), "2026-06-01T12:00:00.000Z");
    EXPECT_EQ(allowed(Hours::recipient, "61891234567"), "2026-06-02T00:00:00.000Z") << "Adelaide and Perth";
    EXPECT_EQ(allowed(Hours::recipient, "18005550123"), "2026-06-01T22:00:00.000Z")
        << "from Guam to St. John's";
    EXPECT_EQ(allowed(Hours::recipient, "99999999999"), "2026-06-01T22:00:00.000Z") << "nobody knows where";
}

TEST(Hours, AZoneThatTheMachineDoesNotKnowIsUtc)
{
    EXPECT_EQ(base::to_iso(first_allowed(at("2026-06-01T18:00:00Z"), {Hours::account, "Mars/Olympus"}, "")),
              "2026-06-02T08:00:00.000Z");
}

}  // namespace tidings::message
