// SPDX-License-Identifier: Apache-2.0
// The life of a message: which status each code stands for, and which code may follow which.
//
//     [scheduled] → enroute → submitted → delivered | expired | rejected | failed     scheduled → cancelled
//
// A message never moves backwards. The exceptions: submitted → enroute with 102 when it is rerouted, and
// expired/failed → delivered when a positive receipt comes late. A code is told once per message, but 200 to
// 213 once more after each 102.
#pragma once

#include "base/time.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tidings::message {

enum class Status : std::uint8_t {
    scheduled = 1,  // waits for its time; has no code
    enroute = 2,
    submitted = 3,
    delivered = 4,
    expired = 5,
    rejected = 6,
    failed = 7,
    cancelled = 8,  // by the application, from scheduled only; has no code
};

std::string_view name(Status status);  // "enroute"; every one is in the list that all clients know
bool is_final(Status status);

// The documented codes of the reference; error_code on the wire is this number in decimal.
enum class Code : std::uint16_t {
    none = 0,
    processing = 101,
    rerouting = 102,
    held = 151,
    submitted = 200,
    accepted = 210,
    enroute_at_carrier = 211,
    pending = 212,
    scheduled_at_carrier = 213,
    delivered = 220,
    delivered_to_handset = 221,
    usage_threshold = 301,
    destination_blocked = 302,
    source_blocked = 303,
    dropped = 304,
    duplicate = 305,
    expired_before_submission = 320,
    gateway_failure = 330,
    discarded = 331,
    no_route = 332,
    source_unsupported = 333,
    undeliverable = 400,
    expired_at_carrier = 401,
    rejected_by_carrier = 402,
    skipped_by_carrier = 403,
    deleted_by_carrier = 405,
    invalid_source = 410,
    invalid_destination = 411,
    destination_blocked_by_carrier = 412,
    no_sms_service = 413,
    unreachable = 414,
};

std::string text_of(Code code);  // "220", as it stands on the wire; empty for none

// The status a code stands for. Code::none has none: asking is a bug.
Status status_of(Code code);

// Where a message stands. Kept in its row, changed only by advance().
struct Progress {
    Status status = Status::enroute;
    Code code = Code::processing;
    std::uint64_t told = 0;   // one bit per code that was already told; see advance()
    base::Time changed_at{};  // when the present code came
};

// Whether a message that ends with this code costs nothing: it never reached a carrier, and what it was
// paid is to be given back.
bool is_free_of_charge(Code code);

constexpr auto late_receipt_window = std::chrono::hours(72);  // expired/failed → delivered

// Moves `progress` to `code` if the rules above allow it and says whether it did. True means: one delivery
// report.
bool advance(Progress& progress, Code code, base::Time at);

// One segment of a long message, or the whole of a short one, as its carrier knows it.
struct Part {
    std::string carrier_id;       // as given in submit_sm_resp
    Code code = Code::submitted;  // the last code that the carrier told
};

// What the codes of all parts say of the message: the least advanced of the codes while none is negative;
// delivered when all parts are; a negative code once all parts are final. While parts are still out beside a
// negative one: nothing, until `wait_is_over` says so (60 s after the first negative).
std::optional<Code> verdict(std::span<const Part> parts, bool wait_is_over = false);
constexpr auto verdict_after = std::chrono::seconds(60);

}  // namespace tidings::message
