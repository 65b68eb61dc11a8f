// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "store/records.hpp"
#include "store/rules/queue.hpp"

#include <optional>

namespace tidings::store::rules {

// A report or reply of an account.
struct EventKey {
    AccountKey account{};
    base::Uuid id;
    auto operator<=>(const EventKey&) const = default;
};
inline EventKey event_of(const CallbackKey& key) { return {key.account, key.id}; }

// What callbacks tell of an event, beside what the message and the reply say. Also a row of `reports` or
// `replies`, which have it until it is confirmed.
struct EventRow {
    EventKey key;
    std::optional<base::Uuid> message{};  // nothing: a reply that answers none
    message::Code code{};                 // none: a reply
    base::Time changed_at{};
    base::Time created_at{};
};

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

// For no receiver yet.
inline CallbackRow callback_of(const EventRow& event, base::Time since)
{
    CallbackRow row;
    row.key = {event.key.account, event.key.id, {}};
    row.message = event.message;
    row.code = event.code;
    row.changed_at = event.changed_at;
    row.created_at = event.created_at;
    row.since = since;
    return row;
}

// In the place of a code: events that did not happen, which tell the operator whether a webhook works.
constexpr message::Code test_report{1}, test_reply{2};
inline bool is_test(message::Code code) { return code == test_report || code == test_reply; }

}  // namespace tidings::store::rules

template <>
struct std::hash<tidings::store::rules::EventKey> {
    std::size_t operator()(const tidings::store::rules::EventKey& key) const noexcept
    {
        return std::hash<tidings::base::Uuid>{}(key.id) + static_cast<std::size_t>(key.account);
    }
};
