// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "store/rules/callback_row.hpp"
#include "store/sqlite/rows.hpp"
#include "store/store.hpp"

namespace tidings::store::sqlite {

using rules::CallbackRow;
using rules::is_test;
using rules::test_reply;
using rules::test_report;

// What a batch of a replay came to.
struct Replayed {
    std::size_t callbacks = 0;
    bool more = false;
    base::Uuid next{};   // from which to go on
    CallbackKey last{};  // of dead letters: behind which
};

// Those in which something waits, in order, behind `after`, `max` at most.
std::vector<CallbackLane> callback_lanes(Connection& database, const std::optional<CallbackLane>& after = {},
                                         std::size_t max = static_cast<std::size_t>(-1));

// From a query that selects all columns (`*`) of callbacks.
CallbackRow read_callback(const Rows& rows);

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
