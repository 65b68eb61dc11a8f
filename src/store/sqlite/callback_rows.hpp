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

// A row of `callbacks` or `dead_letters`.
struct CallbackRow {
    CallbackKey key;
    std::optional<base::Uuid> message;
    message::Code code{};  // none: a reply
    base::Time changed_at{};
    base::Time created_at{};
    base::Time since{};
    int attempts = 0;
    EndpointKey endpoint{};
};

// From a query that selects all columns (`*`) of one of the two tables. Behind those that both have are queue
// and seq, or the time since which it is dead.
constexpr int queue_column = 10, seq_column = 11, died_at_column = 10;
CallbackRow read_callback(const Rows& rows);
std::optional<CallbackRow> load_callback_row(Connection& database, const CallbackKey& key);

// In the place of a code: events that did not happen, which tell the operator whether a webhook works.
constexpr message::Code test_report{1}, test_reply{2};
inline bool is_test(message::Code code) { return code == test_report || code == test_reply; }

void add_attempt(Connection& database, const CallbackKey& key, const CallbackAttempt& attempt);

// For the operator.
std::vector<CallbackEntry> callback_entries(Connection& database, const CallbackFilter& filter,
                                            const std::vector<AccountKey>& accounts);
std::vector<LoggedAttempt> logged_attempts(Connection& database, base::Uuid id,
                                           const std::vector<AccountKey>& accounts);

}  // namespace tidings::store
