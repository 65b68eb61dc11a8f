// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "store/rules/callback_row.hpp"
#include "store/sqlite/rows.hpp"
#include "store/store.hpp"

namespace tidings::store::sqlite {

using rules::CallbackRow;
using rules::is_test;

// Those in which something waits, in order, behind `after`, `max` at most.
std::vector<CallbackLane> callback_lanes(Connection& database, const std::optional<CallbackLane>& after = {},
                                         std::size_t max = static_cast<std::size_t>(-1));

// From a query that selects all columns (`*`) of callbacks.
CallbackRow read_callback(const Rows& rows);

// What of a delivered one its own row has: the attempt that delivered it.
CallbackAttempt delivery_of(const Rows& rows, const CallbackRow& row);

// How many attempts were made before it was told again, likewise.
int earlier_attempts(const Rows& rows);

// For the facts of a batch.
std::vector<CallbackRow> load_receivers(Connection& database, const rules::EventKey& event);
std::optional<rules::EventRow> load_unconfirmed(Connection& database, const rules::EventKey& event);

}  // namespace tidings::store::sqlite
