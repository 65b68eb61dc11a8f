// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "store/records.hpp"
#include "store/rules/queue.hpp"

#include <optional>

namespace tidings::store::rules {

// A row of `callbacks`: an event that one receiver is told, or was told. What the event says is made of the
// message or reply when the callback leaves, so that the row stays small.
struct CallbackRow {
    CallbackKey key;
    std::optional<base::Uuid> message;
    message::Code code{};  // none: a reply
    base::Time changed_at{};
    base::Time created_at{};
    base::Time since{};  // when the tries began
    int attempts = 0;
    EndpointKey endpoint{};
    Queue queue = Queue::due;
    std::int64_t seq = 0;
};

// In the place of a code: events that did not happen, which tell the operator whether a webhook works.
constexpr message::Code test_report{1}, test_reply{2};
inline bool is_test(message::Code code) { return code == test_report || code == test_reply; }

}  // namespace tidings::store::rules
