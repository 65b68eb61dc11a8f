// SPDX-License-Identifier: Apache-2.0
// How many messages an account may send in a day and in a month. Days and months are those of UTC, whichever
// zone the account is in, so that its bill and its caps are about the same days.
#pragma once

#include "base/time.hpp"

#include <cstdint>

namespace tidings::message {

struct Caps {
    std::uint32_t daily = 0;  // 0: none, here and below
    std::uint32_t monthly = 0;

    bool any() const { return daily > 0 || monthly > 0; }
    bool operator==(const Caps&) const = default;
};

// What an account sent in a day and in the month of that day.
struct Usage {
    std::chrono::sys_days day{};
    std::uint32_t of_day = 0;
    std::uint32_t of_month = 0;

    bool operator==(const Usage&) const = default;
};

// The same as it stands at `now`: nothing was sent yet in a new day or month. A clock that was set back
// changes nothing, unless the usage is of a time so far ahead that the clock was wrong then.
Usage at(const Usage& usage, base::Time now);

bool allows(const Caps& caps, const Usage& usage);  // one more message

}  // namespace tidings::message
