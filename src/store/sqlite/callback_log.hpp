// SPDX-License-Identifier: Apache-2.0
// The log of callbacks, for the operator: pending, delivered and given-up ones are rows of one table, and
// stay there for the life of their event. Attempts that failed have rows of their own; the one that delivered
// a callback is in the callback's.
#pragma once

#include "store/memory/direct_callbacks.hpp"
#include "store/sqlite/connection.hpp"

#include <vector>

namespace tidings::store::sqlite {

// What is pending in all is looked through where that is little.
struct CallbackScope {
    const std::vector<AccountKey>& accounts;  // in order
    std::uint64_t pending = 0;                // of all accounts
    const DirectCallbacks& direct;
};
CallbackPage callback_page(Connection& database, const CallbackFilter& filter, const CallbackScope& scope);
std::vector<LoggedAttempt> logged_attempts(Connection& database, base::Uuid id,
                                           const std::vector<AccountKey>& accounts);

}  // namespace tidings::store::sqlite
