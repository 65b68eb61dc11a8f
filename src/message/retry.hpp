// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/time.hpp"

#include <cstdint>
#include <optional>

namespace tidings::message {

// When to try a callback again after `attempts` failed: 5 s, then twice as long each time up to 6 h, spread
// by a fifth either way so that many that failed together do not come back together. Nothing: 72 h are over,
// give up.
std::optional<base::Time> next_callback_attempt(base::Time created_at, int attempts, base::Time now,
                                                std::uint64_t random);

}  // namespace tidings::message
