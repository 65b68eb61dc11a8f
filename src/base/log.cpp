// SPDX-License-Identifier: Apache-2.0
// One line per event, to stderr, where systemd or a container takes it from. What is told may hold bytes
// from outside, so a line is escaped as a whole: nobody can forge another one.
#include "base/log.hpp"

#include "base/utf8.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

namespace tidings::base {

namespace {

constexpr std::size_t shown_front = 5;
constexpr std::size_t shown_back = 3;

spdlog::level::level_enum level_of(LogLevel level)
{
    switch (level) {
    case LogLevel::debug: return spdlog::level::debug;
    case LogLevel::info: return spdlog::level::info;
    case LogLevel::warning: return spdlog::level::warn;
    case LogLevel::error: return spdlog::level::err;
    }
    std::abort();
}

spdlog::logger& logger()
{
    static const auto instance = [] {
        auto made = spdlog::stderr_logger_mt("tidings");
        made->set_pattern("%Y-%m-%dT%H:%M:%S.%e %l %v");
        return made;
    }();
    return *instance;
}

}  // namespace

void set_log_level(LogLevel level) { logger().set_level(level_of(level)); }

void log_line(LogLevel level, std::string_view line)
{
    if (logger().should_log(level_of(level))) logger().log(level_of(level), escaped(line));
}

std::string masked(std::string_view number)
{
    if (number.size() <= shown_front + shown_back) return std::string(number.size(), '*');
    return fmt::format("{}…{}", number.substr(0, shown_front), number.substr(number.size() - shown_back));
}

}  // namespace tidings::base
