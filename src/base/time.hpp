// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/error.hpp"

#include <chrono>
#include <string>
#include <string_view>

namespace tidings::base {

// An instant of the wall clock: UTC, milliseconds since 1970. For what is stored, shown, or agreed on with
// others. It may jump, forth and back, when somebody sets the clock.
using Time = std::chrono::sys_time<std::chrono::milliseconds>;

// An instant of a clock that nobody sets and that goes on while the machine is suspended: for deadlines,
// pauses, windows and durations. Means nothing in another process or after a restart.
struct BootClock {
    using rep = std::chrono::milliseconds::rep;
    using period = std::milli;
    using duration = std::chrono::milliseconds;
    using time_point = std::chrono::time_point<BootClock>;
    static constexpr bool is_steady = true;
};
using Moment = BootClock::time_point;

// 2016-11-03T11:49:02.807Z: the one form that all clients parse.
std::string to_iso(Time time);

// ISO 8601 as clients write it: `T`, `t` or a space, 0 to 9 digits of fraction (cut to milliseconds), `Z`,
// `z`, `+hh:mm`, `-hh:mm`, `+hhmm` or nothing, which means UTC. Years 0000 to 9999, before the offset is
// taken off. A leap second is read as the second before it; 24:00 is no time of day, as in RFC 3339.
Result<Time> parse_iso(std::string_view text);

// Sat, 30 Jul 2016 05:18:52 GMT; read in all three forms of RFC 9110, 5.6.7.
std::string to_http_date(Time time);
Result<Time> parse_http_date(std::string_view text);

}  // namespace tidings::base
