// SPDX-License-Identifier: Apache-2.0
#include "message/cap.hpp"

namespace tidings::message {

namespace {

// Nobody sets a clock back so far: that it was wrong when this was counted is why it is ahead.
constexpr std::chrono::days ahead_max{62};

std::chrono::year_month month_of(std::chrono::sys_days day)
{
    std::chrono::year_month_day date(day);
    return date.year() / date.month();
}

}  // namespace

Usage at(const Usage& usage, base::Time now)
{
    auto day = std::chrono::floor<std::chrono::days>(now);
    if (usage.day - day > ahead_max) return {.day = day};
    if (day <= usage.day) return usage;
    bool is_same_month = month_of(day) == month_of(usage.day);
    return {.day = day, .of_day = 0, .of_month = is_same_month ? usage.of_month : 0};
}

bool allows(const Caps& caps, const Usage& usage)
{
    return (caps.daily == 0 || usage.of_day < caps.daily) &&
           (caps.monthly == 0 || usage.of_month < caps.monthly);
}

}  // namespace tidings::message
