// SPDX-License-Identifier: Apache-2.0
// What an account's rules make of a message that is due: when it is accepted or, if it had to wait, when it
// is released. In this order:
//
//     sender       it gets one, by the source that it names, the number that its handset knows, the account's
//                  default or the pool (message/sender.hpp); an unregistered source may end it, with 303
//     opt-out      its destination is on the account's list: 302
//     screening    its sender is blocked: 303; its text matches a pattern: 304, or it is held, 151
//     duplicates   the same went out within the account's window (message/duplicate.hpp): 305
//     caps         the account has sent what it may in this day or month: 301
//
// A test send (Submission::test_outcome) meets none of them: it ends as it says, at once, and counts for
// nothing.
//
// The first rule that refuses a message decides; what no rule refuses goes out. To ask changes nothing that
// is stored: the rules read Facts, and only what lets a message go changes them. That is why a preview may
// ask as well, for whatever time.
#pragma once

#include "store/rules/batch.hpp"
#include "store/rules/prepared.hpp"

#include <optional>
#include <string>

namespace tidings::store::rules {

enum class Screening { due, done };  // done: the operator let it pass

// A message before its account's rules. `row` gets the sender that they choose.
struct Candidate {
    const Account& account;
    MessageRow& row;
    const message::Submission& submission;
    Compared& compared;
    base::Time now{};  // when it is to leave
    Screening screening = Screening::due;

    // What the choice of its sender came to.
    bool is_from_pool = false;
    std::string known_sender{};     // to its destination; empty: none
    bool becomes_familiar = false;  // its own sender, instead
};

// Why a message ends or, with code 151, waits for the operator.
struct Refusal {
    message::Code code{};
    std::string why;  // for the trace
};

// What the rules have to know of such a message. Keeps in `compared` what it works out.
void want_admission(const Surroundings& surroundings, const Account& account,
                    const message::Submission& submission, Compared& compared, Wants& wants);

// Chooses its sender. Nothing: it may go.
std::optional<Refusal> refusal_of(const Surroundings& surroundings, const Facts& facts, Candidate& it);

// Does what was decided: sends it on its way, ends or holds it.
void conclude(Batch& batch, const Candidate& it, std::optional<Refusal> refusal);

// A message that had to wait, with what the rules compare of it.
struct Waiting {
    MessageKey key;
    message::Submission submission{};
    Compared compared{};
};

// For an item's second(): once the row is loaded it tells what the rules have to know of it.
void want_admission(const Surroundings& surroundings, const Facts& facts, Waiting& it, Wants& wants);

// It waits no longer: asks, and does what was decided.
void meet_rules(Batch& batch, MessageRow& row, Waiting& it, Screening screening);

}  // namespace tidings::store::rules
