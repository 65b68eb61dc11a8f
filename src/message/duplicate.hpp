// SPDX-License-Identifier: Apache-2.0
// What counts as the same message sent again: the same account, number, format, content, subject and media,
// to the letter. Content is compared as it was submitted, before anything is converted, and nothing is
// trimmed or folded: a text that differs by a space differs.
#pragma once

#include "message/message.hpp"
#include "message/status.hpp"

#include <array>
#include <chrono>
#include <cstdint>

namespace tidings::message {

// Two messages that differ have different keys, as far as anybody can find out: half of a SHA-256.
using DuplicateKey = std::array<std::uint8_t, 16>;

// `account` tells accounts apart and nothing more.
DuplicateKey duplicate_key(std::uint32_t account, const Submission& message);

// What an account that looks for duplicates looks back, unless it says otherwise; and the most it may: keys
// are kept that long.
constexpr std::chrono::seconds duplicate_window_default = std::chrono::hours(24);
constexpr std::chrono::seconds duplicate_window_max = std::chrono::days(7);

// Whether what goes out at `now` comes within `window` of what went out at `sent`.
bool is_within(std::chrono::seconds window, base::Time sent, base::Time now);

// Whether a message that stands so keeps others like it from being sent: one that never reached a carrier
// does not.
bool blocks_duplicates(const Progress& progress);

}  // namespace tidings::message
