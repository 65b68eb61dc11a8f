// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

namespace tidings::wire {

// What one body may hold: twice what 100 messages with all their fields have. Each takes memory and time when
// it is parsed; without a bound 8 MiB of tiny ones took 0.6 s.
constexpr std::size_t json_values_max = 10'000;

constexpr std::size_t json_depth_max =
    32;  // a message needs four; it is what Boost.JSON's parser takes by itself

// What is said of a body with more values.
constexpr std::string_view too_many_values = "The body has more than 10000 values.";

// Whether a text, if it is JSON, has more values than that. It is found out without parsing, and not much
// farther than it is true.
bool has_too_many_values(std::string_view json);

}  // namespace tidings::wire
