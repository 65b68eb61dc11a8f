// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "relay/retry_turns.hpp"

#include <chrono>
#include <cstdint>

namespace tidings::relay {

// What becomes of parts that a lost connection left without an answer: the carrier may have them or not.
enum class InDoubt : std::uint8_t {
    resend,  // sent again: the handset may get them twice
    hold,    // left to the operator: the handset may never get them
};
struct DoubtPolicy {
    InDoubt what = InDoubt::resend;
    std::chrono::milliseconds wait{60'000};  // for a receipt to show that it did arrive

    bool operator==(const DoubtPolicy&) const = default;
};

struct SendPolicy {
    std::uint32_t rate = 0;  // submits a second over all binds; 0: no limit
    DoubtPolicy in_doubt;
    RetryPolicy retry;
    // How long a carrier may throttle or refuse everything before the next route helps.
    std::chrono::milliseconds overflow_after{10'000};
    // Parts that go between two that must go alone on their connection: a window's, so that the others lose
    // no more than half of the time.
    std::size_t others_between = 10;

    bool operator==(const SendPolicy&) const = default;
};

}  // namespace tidings::relay
