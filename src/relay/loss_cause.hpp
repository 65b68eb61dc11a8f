// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace tidings::relay {

// Why the answer to a part will not come any more.
enum class LossCause : std::uint8_t {
    closed,      // the carrier closed the connection
    silent,      // it answered nothing, and we closed
    unanswered,  // it answered others that were sent later, but not this one; the connection goes on
};

}  // namespace tidings::relay
