// SPDX-License-Identifier: Apache-2.0
// When an account with social sending lets its messages leave: from 08:00 until just before 18:00 on the
// clocks of a place, on all days of the week.
#pragma once

#include "base/time.hpp"
#include "base/zone.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace tidings::message {

// Whose clocks count. The values are stored.
enum class Hours : std::uint8_t {
    off = 0,
    account = 1,
    recipient = 2,  // those of the places where the number may be; the account's where they have no hours
                    // in common
};

std::string_view name(Hours hours);  // "recipient"

constexpr auto hours_begin = std::chrono::hours(8);
constexpr auto hours_end = std::chrono::hours(18);

// The first instant, `time` or later, at which the clocks of the zone are within the hours.
base::Time first_within_hours(base::Time time, const base::Zone& zone);

// The same for the clocks of all zones, one at least. Nothing: there is no such instant within three days, so
// that it is not only a change of clocks that keeps them apart.
std::optional<base::Time> first_within_hours(base::Time time, std::span<const base::Zone> zones);

// An account's settings.
struct HoursRules {
    Hours hours = Hours::off;
    std::string_view zone;  // its IANA name; UTC where this machine does not know it
};

// The first instant, `time` or later, at which a message may leave. `destination`: digits.
base::Time first_allowed(base::Time time, const HoursRules& rules, std::string_view destination);

}  // namespace tidings::message
