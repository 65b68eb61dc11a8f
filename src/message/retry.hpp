// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/time.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace tidings::message {

// An attempt that did not deliver a callback.
struct FailedAttempt {
    int attempts = 0;                   // made so far, with this one
    unsigned status = 0;                // of the answer; 0: there was none
    std::string_view retry_after = {};  // that header as it came
    base::Time at{};
};

// The rule of a managed webhook.
struct FixedRetries {
    int retries = 0;
    std::chrono::seconds delay{};
};

// A callback is tried for so long.
constexpr auto give_up_after = std::chrono::hours(72);

// When to try a callback again: after 5 s, then twice as long each time up to 6 h, spread by a fifth either
// way so that many that failed together do not come back together. Not before the endpoint asked to be asked
// again. Nothing: give up, since 72 h are over or the endpoint is gone for good.
std::optional<base::Time> next_callback_attempt(base::Time created_at, const FailedAttempt& failed,
                                                std::uint64_t random);
std::optional<base::Time> next_webhook_attempt(const FixedRetries& rule, const FailedAttempt& failed);

// Until when a 429 or 503 asks to be left alone, 6 h at most; nothing: it asks for nothing.
std::optional<base::Time> asked_pause(const FailedAttempt& failed);

bool is_success(unsigned status);  // 2xx: it is delivered
// 410: nothing is to be sent there any more.
bool is_gone(unsigned status);
// Whether it tells of the whole endpoint: no answer, 429 and 5xx. Other answers speak of the one request.
bool is_trouble(unsigned status);

}  // namespace tidings::message
