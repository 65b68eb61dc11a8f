// SPDX-License-Identifier: Apache-2.0
#include "message/event.hpp"

#include <algorithm>
#include <cstdlib>

namespace tidings::message {

namespace {

constexpr std::array<std::string_view, event_count> names{
    "RECEIVED_SMS", "OPT_OUT_SMS", "RECEIVED_MMS", "ENROUTE_DR", "SUBMITTED_DR",
    "DELIVERED_DR", "EXPIRED_DR",  "REJECTED_DR",  "FAILED_DR",
};

}  // namespace

std::string_view name(Event event) { return names[static_cast<std::size_t>(event)]; }

std::optional<Event> event_named(std::string_view text)
{
    auto found = std::ranges::find(names, text);
    if (found == names.end()) return {};
    return static_cast<Event>(found - names.begin());
}

std::optional<Event> event_of(Status status)
{
    switch (status) {
    case Status::enroute: return Event::enroute_dr;
    case Status::submitted: return Event::submitted_dr;
    case Status::delivered: return Event::delivered_dr;
    case Status::expired: return Event::expired_dr;
    case Status::rejected: return Event::rejected_dr;
    case Status::failed: return Event::failed_dr;
    case Status::scheduled:
    case Status::cancelled: return {};
    }
    std::abort();
}

std::optional<Event> event_of(Code code)
{
    if (code == Code::none || code == Code::held) return {};
    return event_of(status_of(code));
}

}  // namespace tidings::message
