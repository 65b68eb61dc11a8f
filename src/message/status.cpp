// SPDX-License-Identifier: Apache-2.0
// What each code means is one switch per question, so that a new code has to be given an answer everywhere:
// none of them has a default.
//
// advance() is the only way for a message to move. It refuses what was told already, and what would move it
// backwards. Rerouting is the exception: the message leaves one carrier for another, so what the carriers
// said of its way (200 to 213) may be said again by the next one.
#include "message/status.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cstdlib>

namespace tidings::message {

namespace {

// A code's place here is its bit in Progress::told, which is stored: append only.
constexpr std::array codes = {
    Code::processing,
    Code::rerouting,
    Code::held,
    Code::submitted,
    Code::accepted,
    Code::enroute_at_carrier,
    Code::pending,
    Code::scheduled_at_carrier,
    Code::delivered,
    Code::delivered_to_handset,
    Code::usage_threshold,
    Code::destination_blocked,
    Code::source_blocked,
    Code::dropped,
    Code::duplicate,
    Code::expired_before_submission,
    Code::gateway_failure,
    Code::discarded,
    Code::no_route,
    Code::source_unsupported,
    Code::undeliverable,
    Code::expired_at_carrier,
    Code::rejected_by_carrier,
    Code::skipped_by_carrier,
    Code::deleted_by_carrier,
    Code::invalid_source,
    Code::invalid_destination,
    Code::destination_blocked_by_carrier,
    Code::no_sms_service,
    Code::unreachable,
};
static_assert(codes.size() <= 64);

std::uint64_t bit(Code code)
{
    auto place = std::find(codes.begin(), codes.end(), code);
    assert(place != codes.end());
    return std::uint64_t{1} << (place - codes.begin());
}

// The codes that a carrier may tell again after a message was rerouted to it.
std::uint64_t submitted_bits()
{
    std::uint64_t bits = 0;
    for (Code code : codes)
        if (status_of(code) == Status::submitted) bits |= bit(code);
    return bits;
}

enum class Rank { waiting, enroute, submitted, final };

Rank rank(Status status)
{
    switch (status) {
    case Status::scheduled: return Rank::waiting;
    case Status::enroute: return Rank::enroute;
    case Status::submitted: return Rank::submitted;
    case Status::delivered:
    case Status::expired:
    case Status::rejected:
    case Status::failed:
    case Status::cancelled: return Rank::final;
    }
    std::abort();
}

// A message that has ended stays as it ended. Only "it arrived" is believed afterwards, for some days: a
// carrier that gave up a message, or we for it, knew less than the handset that has it.
bool may_follow(const Progress& from, Code code, base::Time at)
{
    Status to = status_of(code);
    if (is_final(from.status)) {
        bool undone = from.status == Status::expired || from.status == Status::failed;
        return undone && to == Status::delivered && at - from.changed_at <= late_receipt_window;
    }
    if (code == Code::rerouting) return from.status != Status::scheduled;
    return rank(to) >= rank(from.status);
}

bool is_negative(Code code)
{
    return code != Code::none && is_final(status_of(code)) && status_of(code) != Status::delivered;
}

bool is_final_code(Code code) { return code != Code::none && is_final(status_of(code)); }

}  // namespace

std::string_view name(Status status)
{
    switch (status) {
    case Status::scheduled: return "scheduled";
    case Status::enroute: return "enroute";
    case Status::submitted: return "submitted";
    case Status::delivered: return "delivered";
    case Status::expired: return "expired";
    case Status::rejected: return "rejected";
    case Status::failed: return "failed";
    case Status::cancelled: return "cancelled";
    }
    std::abort();
}

bool is_final(Status status) { return rank(status) == Rank::final; }

std::string text_of(Code code)
{
    return code == Code::none ? std::string() : std::to_string(static_cast<int>(code));
}

Status status_of(Code code)
{
    switch (code) {
    case Code::none: break;
    case Code::processing:
    case Code::rerouting:
    case Code::held: return Status::enroute;
    case Code::submitted:
    case Code::accepted:
    case Code::enroute_at_carrier:
    case Code::pending:
    case Code::scheduled_at_carrier: return Status::submitted;
    case Code::delivered:
    case Code::delivered_to_handset: return Status::delivered;
    case Code::expired_before_submission:
    case Code::expired_at_carrier: return Status::expired;
    case Code::usage_threshold:
    case Code::destination_blocked:
    case Code::source_blocked:
    case Code::dropped:
    case Code::duplicate:
    case Code::rejected_by_carrier:
    case Code::skipped_by_carrier:
    case Code::invalid_source:
    case Code::invalid_destination:
    case Code::destination_blocked_by_carrier:
    case Code::no_sms_service:
    case Code::unreachable: return Status::rejected;
    case Code::gateway_failure:
    case Code::discarded:
    case Code::no_route:
    case Code::source_unsupported:
    case Code::undeliverable:
    case Code::deleted_by_carrier: return Status::failed;
    }
    std::abort();
}

bool is_free_of_charge(Code code)
{
    switch (code) {
    case Code::usage_threshold:
    case Code::destination_blocked:
    case Code::source_blocked:
    case Code::dropped:
    case Code::duplicate:
    case Code::expired_before_submission:
    case Code::gateway_failure:
    case Code::discarded:
    case Code::no_route:
    case Code::source_unsupported: return true;
    case Code::none:
    case Code::processing:
    case Code::rerouting:
    case Code::held:
    case Code::submitted:
    case Code::accepted:
    case Code::enroute_at_carrier:
    case Code::pending:
    case Code::scheduled_at_carrier:
    case Code::delivered:
    case Code::delivered_to_handset:
    case Code::undeliverable:
    case Code::expired_at_carrier:
    case Code::rejected_by_carrier:
    case Code::skipped_by_carrier:
    case Code::deleted_by_carrier:
    case Code::invalid_source:
    case Code::invalid_destination:
    case Code::destination_blocked_by_carrier:
    case Code::no_sms_service:
    case Code::unreachable: return false;
    }
    std::abort();
}

bool advance(Progress& progress, Code code, base::Time at)
{
    if (progress.told & bit(code)) return false;
    if (!may_follow(progress, code, at)) return false;
    if (code == Code::rerouting) progress.told &= ~submitted_bits();
    progress.told |= bit(code);
    progress.status = status_of(code);
    progress.code = code;
    progress.changed_at = at;
    return true;
}

std::optional<Code> verdict(std::span<const Part> parts, bool wait_is_over)
{
    if (parts.empty()) return {};
    auto negative =
        std::find_if(parts.begin(), parts.end(), [](const Part& part) { return is_negative(part.code); });
    if (negative != parts.end()) {
        bool all_final = std::all_of(parts.begin(), parts.end(),
                                     [](const Part& part) { return is_final_code(part.code); });
        if (all_final || wait_is_over) return negative->code;
        return {};
    }
    // Codes that are not negative grow as the message gets on.
    Code least = std::min_element(parts.begin(), parts.end(), [](const Part& a, const Part& b) {
                     return a.code < b.code;
                 })->code;
    if (least == Code::none) return {};
    return least;
}

}  // namespace tidings::message
