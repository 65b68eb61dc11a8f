// SPDX-License-Identifier: Apache-2.0
#include "message/priority.hpp"

#include <cstdlib>

namespace tidings::message {

std::string_view name(Priority priority)
{
    switch (priority) {
    case Priority::normal: return "normal";
    case Priority::high: return "high";
    case Priority::low: return "low";
    }
    std::abort();
}

std::optional<Priority> priority_named(std::string_view text)
{
    for (Priority priority : {Priority::normal, Priority::high, Priority::low})
        if (name(priority) == text) return priority;
    return {};
}

}  // namespace tidings::message
