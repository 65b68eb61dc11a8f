// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "store/sqlite/rows.hpp"
#include "store/store.hpp"

namespace tidings::store {

// What a batch of a replay came to.
struct Replayed {
    std::size_t callbacks = 0;
    bool more = false;
    base::Uuid next;  // from which to go on
};

// A row of `callbacks`.
struct CallbackRow {
    CallbackKey key;
    std::optional<base::Uuid> message;
    message::Code code{};  // none: a reply
    base::Time changed_at{};
    base::Time created_at{};
    base::Time since{};
    int attempts = 0;
    EndpointKey endpoint{};
    Queue queue = Queue::due;
    std::int64_t seq = 0;
};

// Those in which something waits.
std::vector<CallbackLane> callback_lanes(Connection& database);

// From a query that selects all columns (`*`) of callbacks.
CallbackRow read_callback(const Rows& rows);

// In the place of a code: events that did not happen, which tell the operator whether a webhook works.
constexpr message::Code test_report{1}, test_reply{2};
inline bool is_test(message::Code code) { return code == test_report || code == test_reply; }

void add_attempt(Connection& database, const CallbackKey& key, const CallbackAttempt& attempt);
void forget_attempts(Connection& database, const CallbackKey& key);

// For the operator.
CallbackPage callback_page(Connection& database, const CallbackFilter& filter,
                           const std::vector<AccountKey>& accounts);
std::vector<LoggedAttempt> logged_attempts(Connection& database, base::Uuid id,
                                           const std::vector<AccountKey>& accounts);

}  // namespace tidings::store
