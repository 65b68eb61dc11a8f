// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "store/sqlite/rows.hpp"
#include "store/store.hpp"

namespace tidings::store::sqlite {

// What a batch of a replay came to.
struct Replayed {
    std::size_t callbacks = 0;
    bool more = false;
    base::Uuid next{};   // from which to go on
    CallbackKey last{};  // of dead letters: behind which
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

// Those in which something waits, in order, behind `after`, `max` at most.
std::vector<CallbackLane> callback_lanes(Connection& database, const std::optional<CallbackLane>& after = {},
                                         std::size_t max = static_cast<std::size_t>(-1));

// From a query that selects all columns (`*`) of callbacks.
CallbackRow read_callback(const Rows& rows);

// In the place of a code: events that did not happen, which tell the operator whether a webhook works.
constexpr message::Code test_report{1}, test_reply{2};
inline bool is_test(message::Code code) { return code == test_report || code == test_reply; }

void add_attempt(Connection& database, const CallbackKey& key, const CallbackAttempt& attempt);
void forget_attempts(Connection& database, const CallbackKey& key);

// For the operator. What is pending in all is looked through where that is little.
struct CallbackScope {
    const std::vector<AccountKey>& accounts;  // in order
    std::uint64_t pending = 0;                // of all accounts
};
CallbackPage callback_page(Connection& database, const CallbackFilter& filter, const CallbackScope& scope);
std::vector<LoggedAttempt> logged_attempts(Connection& database, base::Uuid id,
                                           const std::vector<AccountKey>& accounts);

}  // namespace tidings::store::sqlite
