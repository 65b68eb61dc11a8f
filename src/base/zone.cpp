// SPDX-License-Identifier: Apache-2.0
// Zones of the machine's IANA database, by Howard Hinnant's date library. An offset such as +10:00 is a zone
// that never changes its clocks.
#include "base/zone.hpp"

#include <date/tz.h>

#include <stdexcept>

namespace tidings::base {

namespace {

// +hh:mm, +hhmm, and the same with a minus.
std::optional<std::chrono::minutes> fixed_offset(std::string_view text)
{
    if (text.size() == 6 && text[3] == ':') {
        auto without_colon = std::string(text.substr(0, 3)).append(text.substr(4));
        return fixed_offset(without_colon);
    }
    bool signed_digits = text.size() == 5 && (text[0] == '+' || text[0] == '-') &&
                         text.find_first_not_of("0123456789", 1) == text.npos;
    if (!signed_digits) return {};
    auto two = [text](std::size_t at) { return (text[at] - '0') * 10 + (text[at + 1] - '0'); };
    if (two(1) > 14 || two(3) > 59) return {};  // no clock is further ahead
    auto ahead = std::chrono::hours(two(1)) + std::chrono::minutes(two(3));
    return text[0] == '-' ? -ahead : ahead;
}

}  // namespace

std::optional<Zone> Zone::parse(std::string_view text)
{
    if (text == "UTC") return Zone();
    if (auto ahead = fixed_offset(text)) return Zone(*ahead);
    Zone zone;
    try {
        zone.place_ = date::locate_zone(std::string(text));
    } catch (const std::runtime_error&) {  // the library's way to say that there is none
        return {};
    }
    return zone;
}

Time Zone::instant_of(Time shown) const
{
    if (!place_) return shown - ahead_;
    return place_->to_sys(date::local_time<std::chrono::milliseconds>(shown.time_since_epoch()),
                          date::choose::earliest);
}

Time Zone::shown_at(Time instant) const
{
    return instant + (place_ ? place_->get_info(instant).offset : std::chrono::seconds(ahead_));
}

}  // namespace tidings::base
