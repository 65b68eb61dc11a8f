// SPDX-License-Identifier: Apache-2.0
#include "message/hours.hpp"

#include "message/number_plan.hpp"

#include <cstdlib>
#include <vector>

namespace tidings::message {

namespace {

constexpr auto search_max = std::chrono::days(3);

// Without those that this machine does not know.
std::vector<base::Zone> zones_of(std::string_view destination)
{
    std::vector<base::Zone> zones;
    if (auto plan = find_number_plan(destination))
        for (std::string_view name : plan->zones)
            if (auto zone = base::Zone::parse(name)) zones.push_back(*zone);
    return zones;
}

}  // namespace

std::string_view name(Hours hours)
{
    switch (hours) {
    case Hours::off: return "off";
    case Hours::account: return "account";
    case Hours::recipient: return "recipient";
    }
    std::abort();
}

base::Time first_within_hours(base::Time time, const base::Zone& zone)
{
    for (;;) {
        base::Time shown = zone.shown_at(time);
        base::Time midnight = std::chrono::floor<std::chrono::days>(shown);
        if (shown >= midnight + hours_begin && shown < midnight + hours_end) return time;
        base::Time begin = midnight + hours_begin;
        if (shown >= begin) begin += std::chrono::days(1);
        // When the clocks were put back over that hour, it may be shown a second time. When they leapt over
        // it, or over the whole day, the next round looks on from there.
        base::Time next = zone.instant_of(begin);
        time = next > time ? next : time + (begin - shown);
    }
}

std::optional<base::Time> first_within_hours(base::Time time, std::span<const base::Zone> zones)
{
    base::Time last = time + search_max;
    for (base::Time before{}; before != time;) {
        before = time;
        for (const base::Zone& zone : zones) time = first_within_hours(time, zone);
        if (time > last) return {};
    }
    return time;
}

base::Time first_allowed(base::Time time, const HoursRules& rules, std::string_view destination)
{
    if (rules.hours == Hours::off) return time;
    if (rules.hours == Hours::recipient) {
        std::vector<base::Zone> zones = zones_of(destination);
        auto found = zones.empty() ? std::nullopt : first_within_hours(time, zones);
        if (found) return *found;
    }
    return first_within_hours(time, base::Zone::parse(rules.zone).value_or(base::Zone()));
}

}  // namespace tidings::message
