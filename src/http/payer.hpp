// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace tidings::http {

// Who takes of something that all share: memory for bodies, turns on side threads, lookups of names. An
// account, where there is one.
using Payer = std::uint64_t;

}  // namespace tidings::http
