// SPDX-License-Identifier: Apache-2.0
#include "message/receipt_words.hpp"

#include <algorithm>
#include <array>

namespace tidings::message {

namespace {

struct Word {
    std::string_view word;  // folded
    Outcome outcome;
};

// Whole words, as single carriers and aggregators write them.
constexpr Word words[] = {
    // Not final: it is on its way, or waits.
    {"SENT", {Code::enroute_at_carrier}},
    {"SUBMITTED", {Code::enroute_at_carrier}},
    {"SUBMITD", {Code::enroute_at_carrier}},
    {"SUBMIT", {Code::enroute_at_carrier}},
    {"TRANSIT", {Code::enroute_at_carrier}},
    {"INTRANSIT", {Code::enroute_at_carrier}},
    {"FORWARDED", {Code::enroute_at_carrier}},
    {"FORWARD", {Code::enroute_at_carrier}},
    {"DISPATCHED", {Code::enroute_at_carrier}},
    {"ROUTED", {Code::enroute_at_carrier}},
    {"ACK", {Code::accepted}},
    {"ACKED", {Code::accepted}},
    {"QUEUED", {Code::pending}},
    {"QUEUE", {Code::pending}},
    {"WAITING", {Code::pending}},
    {"PROCESSING", {Code::pending}},
    {"INPROGRESS", {Code::pending}},
    {"RETRY", {Code::pending}},
    {"RETRYING", {Code::pending}},
    {"DEFERRED", {Code::pending}},
    {"DELAYED", {Code::pending}},
    {"TEMPFAIL", {Code::pending}},
    {"TEMP-FAIL", {Code::pending}},
    // Delivered.
    {"DELIV", {Code::delivered}},
    {"DLVRD", {Code::delivered}},
    {"DELVRD", {Code::delivered}},
    {"DELVERED", {Code::delivered}},
    {"SUCCESS", {Code::delivered}},
    {"READ", {Code::delivered_to_handset}},
    {"SEEN", {Code::delivered_to_handset}},
    // The carrier would not: no credit, no leave, or a list that forbids it.
    {"NOCRED", {Code::rejected_by_carrier}},
    {"NO-CREDIT", {Code::rejected_by_carrier}},
    {"NOCREDIT", {Code::rejected_by_carrier}},
    {"LOWCRED", {Code::rejected_by_carrier}},
    {"REJCTD", {Code::rejected_by_carrier}},
    {"REFUSED", {Code::rejected_by_carrier}},
    {"DENIED", {Code::rejected_by_carrier}},
    {"BLOCKED", {Code::rejected_by_carrier}},
    {"SPAM", {Code::rejected_by_carrier}},
    {"DUPLICATE", {Code::rejected_by_carrier}},
    {"TEMPLATE-ERR", {Code::rejected_by_carrier}},
    {"BLACKLST", {Code::destination_blocked_by_carrier}},
    {"BLACKLIST", {Code::destination_blocked_by_carrier}},
    {"BLACKLISTED", {Code::destination_blocked_by_carrier}},
    {"BLKLST", {Code::destination_blocked_by_carrier}},
    {"DND", {Code::destination_blocked_by_carrier}},
    {"DNDNUMB", {Code::destination_blocked_by_carrier}},
    {"DND-REJECTED", {Code::destination_blocked_by_carrier}},
    {"NCPR", {Code::destination_blocked_by_carrier}},
    {"OPTOUT", {Code::destination_blocked_by_carrier}},
    {"OPT-OUT", {Code::destination_blocked_by_carrier}},
    {"INVNUM", {Code::invalid_destination}},
    {"INVDST", {Code::invalid_destination}},
    {"INVALIDNUM", {Code::invalid_destination}},
    {"INV-NUMBER", {Code::invalid_destination}},
    {"INVSRC", {Code::invalid_source}},
    {"INV-SENDER", {Code::invalid_source}},
    // It did not get there.
    {"EXP", {Code::expired_at_carrier}},
    {"EXPRD", {Code::expired_at_carrier}},
    {"EXP-MSG-Q-EXD", {Code::expired_at_carrier}},
    {"TIMEOUT", {Code::expired_at_carrier}},
    {"TIMEDOUT", {Code::expired_at_carrier}},
    {"ABSENT", {Code::unreachable}},
    {"ABSENT-SUB", {Code::unreachable}},
    {"MOB-OFF", {Code::unreachable}},
    {"UNREACH", {Code::unreachable}},
    {"UNREACHABLE", {Code::unreachable}},
    {"UNDLVRD", {Code::undeliverable}},
    {"UNDLV", {Code::undeliverable}},
    {"UNDVLD", {Code::undeliverable}},
    {"UNDELVRD", {Code::undeliverable}},
    {"NOTDELIVERED", {Code::undeliverable}},
    {"NOT-DELIVERED", {Code::undeliverable}},
    {"DELIVERY-FAILED", {Code::undeliverable}},
    {"DELIVERYFAILED", {Code::undeliverable}},
    {"DELIVERY-FAILURE", {Code::undeliverable}},
    {"SYSERR", {Code::undeliverable}},
    {"SYS-ERR", {Code::undeliverable}},
    {"SYSTEM-ERROR", {Code::undeliverable}},
    {"NETERR", {Code::undeliverable}},
    {"NET-ERR", {Code::undeliverable}},
    {"ERROR", {Code::undeliverable}},
    {"NOROUTE", {Code::undeliverable}},
    {"NO-ROUTE", {Code::undeliverable}},
    {"NACK", {Code::undeliverable}},
    {"DROPPED", {Code::undeliverable}},
    {"CANCELED", {Code::deleted_by_carrier}},
    {"CANCELLED", {Code::deleted_by_carrier}},
};

// The standard's words by their first letters: DELIVRD and DELIVERED, ACCEPTD and ACCEPTED, UNDELIV and
// UNDELIVERABLE. What begins with DELIVERY may go on to say that it failed.
constexpr Word beginnings[] = {
    {"DELIVR", {Code::delivered}},
    {"DELIVERED", {Code::delivered}},
    {"UNDEL", {Code::undeliverable}},
    {"EXPIR", {Code::expired_at_carrier}},
    {"DELET", {Code::deleted_by_carrier}},
    {"ACCEP", {Code::accepted}},
    {"REJEC", {Code::rejected_by_carrier}},
    {"ENROU", {Code::enroute_at_carrier}},
    {"SCHED", {Code::scheduled_at_carrier}},
    {"BUFF", {Code::pending}},
    {"PEND", {Code::pending}},
    {"SKIP", {Code::skipped_by_carrier}},
    {"FAIL", {Code::undeliverable}},
    {"UNKN", {Code::undeliverable, true}},
};

// By the number in the parameter.
constexpr std::array<Outcome, 10> states = {{
    {Code::scheduled_at_carrier},
    {Code::enroute_at_carrier},
    {Code::delivered},
    {Code::expired_at_carrier},
    {Code::deleted_by_carrier},
    {Code::undeliverable},
    {Code::accepted},
    {Code::undeliverable, true},
    {Code::rejected_by_carrier},
    {Code::skipped_by_carrier},
}};

char folded(char c)
{
    if (c == '_') return '-';
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

}  // namespace

std::string folded_word(std::string_view stat)
{
    constexpr std::string_view blanks = " \t\r\n";
    stat.remove_prefix(std::min(stat.find_first_not_of(blanks), stat.size()));
    stat = stat.substr(0, stat.find_last_not_of(blanks) + 1);
    std::string word(stat);
    std::ranges::transform(word, word.begin(), folded);
    return word;
}

std::optional<Outcome> outcome_of(std::string_view stat, const ReceiptStates& of_link)
{
    std::string word = folded_word(stat);
    if (auto own = of_link.find(word); own != of_link.end()) return Outcome{own->second};
    if (auto known = std::ranges::find(words, word, &Word::word); known != std::end(words))
        return known->outcome;
    for (const Word& beginning : beginnings)
        if (word.starts_with(beginning.word)) return beginning.outcome;
    return {};
}

std::optional<Outcome> outcome_of_state(std::uint32_t message_state)
{
    if (message_state >= states.size()) return {};
    return states[message_state];
}

bool is_state_of_version_5(std::uint32_t message_state) { return message_state == 0 || message_state == 9; }

bool is_code_of_receipt(Code code)
{
    switch (code) {
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
    case Code::unreachable: return true;
    case Code::none:
    case Code::processing:
    case Code::rerouting:
    case Code::held:
    case Code::submitted:
    case Code::usage_threshold:
    case Code::destination_blocked:
    case Code::source_blocked:
    case Code::dropped:
    case Code::duplicate:
    case Code::expired_before_submission:
    case Code::gateway_failure:
    case Code::discarded:
    case Code::no_route:
    case Code::source_unsupported: return false;
    }
    return false;  // a number that is no code
}

}  // namespace tidings::message
