// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/time.hpp"

#include <optional>

namespace date {

class time_zone;

}  // namespace date

namespace tidings::base {

// How far a clock on a wall is ahead of UTC: by a fixed time, or by the rules of a place.
class Zone {
public:
    Zone() = default;  // UTC
    explicit Zone(std::chrono::minutes ahead) : ahead_(ahead) {}

    // "+10:00", "-0330", "UTC", or a name of the IANA database as "Australia/Sydney". Nothing: none of these,
    // or the machine has no such zone. The first name reads the database, which takes milliseconds.
    static std::optional<Zone> parse(std::string_view text);

    // The instant at which the clock shows `shown`, which is written as if it were UTC. Of two such instants
    // the first; when the clock leaps over it, the instant of the leap.
    Time instant_of(Time shown) const;
    // What the clock shows at that instant, written as if it were UTC.
    Time shown_at(Time instant) const;

    bool operator==(const Zone&) const = default;

private:
    const date::time_zone* place_ = nullptr;  // lives as long as the process
    std::chrono::minutes ahead_{};
};

}  // namespace tidings::base
