// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tidings::wire {

// Why a body was refused, one line for each field, as the lines go into `details` of the answer:
// "/messages/0/content: Content must be between 1 and 5000 characters." What else is wrong with the same
// field follows behind a comma.
struct Faults {
    std::vector<std::string> details;
};

// The message of every answer 400, above such lines.
constexpr std::string_view refused_body =
    "Request failed to parse correctly. Please ensure input is valid and try again.";

}  // namespace tidings::wire
