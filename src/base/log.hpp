// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>

namespace tidings::base {

enum class LogLevel { debug, info, warning, error };

// Lines go to standard error. They never hold secrets or message content; numbers go through masked(), and
// each line through escaped(), so that nobody outside can end one and begin another.
void set_log_level(LogLevel level);
void log_line(LogLevel level, std::string_view line);

template <class... T>
void log_debug(fmt::format_string<T...> format, T&&... values)
{
    log_line(LogLevel::debug, fmt::format(format, std::forward<T>(values)...));
}
template <class... T>
void log_info(fmt::format_string<T...> format, T&&... values)
{
    log_line(LogLevel::info, fmt::format(format, std::forward<T>(values)...));
}
template <class... T>
void log_warning(fmt::format_string<T...> format, T&&... values)
{
    log_line(LogLevel::warning, fmt::format(format, std::forward<T>(values)...));
}
template <class... T>
void log_error(fmt::format_string<T...> format, T&&... values)
{
    log_line(LogLevel::error, fmt::format(format, std::forward<T>(values)...));
}

// +61491570156 becomes +6149…156: enough to recognise, not enough to call.
std::string masked(std::string_view number);

}  // namespace tidings::base
