// SPDX-License-Identifier: Apache-2.0
// Conditions of statements (conditions.hpp) about what carriers told: rows by links, which found no message
// yet, or never.
#pragma once

#include "store/sqlite/conditions.hpp"

#include <string_view>

namespace tidings::store::sqlite {

// Of parked_receipts. The indexes by carrier id and by numbers hold those that wait, and no others.
constexpr std::string_view is_waiting = "unmatched = 0";
constexpr std::string_view is_given_up = "unmatched = 1";

// Of reply_parts: those of one reply. Older versions did not say how wide a reference is, and theirs may be
// of either.
constexpr std::string_view are_of_reply =
    "link = ? AND source = ? AND destination = ? AND reference = ? AND total = ? AND wide IN (?, -1)";

// Of doubts: one row. Its source and destination are those of the message, which goes from number to handset.
constexpr std::string_view is_doubt =
    "link = ? AND destination = ? AND source = ? AND account = ? AND message = ?";

}  // namespace tidings::store::sqlite
