// SPDX-License-Identifier: Apache-2.0
// The steps that a message's life is made of, whichever rule takes them. Each changes the row, marks it as
// unsaved and adds what follows from it to the effects. The row is one of the batch's, or will be added to
// it.
#pragma once

#include "store/rules/batch.hpp"

namespace tidings::store::rules {

constexpr auto life = std::chrono::days(45);  // of a message, report or reply
// How long a number that many use belongs to the message that it sent last to a handset, for its replies.
constexpr auto pool_window = std::chrono::days(7);

// Moves the message to the code of `step`, if the life cycle allows that, and says whether it did
// (message/status.hpp). Then a report and callbacks tell of it, a message that ended leaves its queue, and
// one that never reached a carrier gives its credits back.
bool advance(Batch& batch, MessageRow& row, Step step);

// Puts it at the end of what is due, from where relay takes it after the commit.
void make_due(Batch& batch, MessageRow& row);

// It waits for the operator; `why` is for the trace. Does nothing to what a carrier has already or is over.
void hold(Batch& batch, MessageRow& row, base::Time at, std::string why);

// A prepaid account pays for it. False: the balance, which must have been wanted, does not suffice.
bool debit(Batch& batch, MessageRow& row, std::int64_t cost);
bool can_pay(const Surroundings& surroundings, const Facts& facts, AccountKey account, std::int64_t cost);
void want_balance(const Surroundings& surroundings, AccountKey account, Wants& wants);
void give_back_credits(Batch& batch, const MessageRow& row);

// "from 61491570110", for the trace.
std::string sender_of(const MessageRow& row);

}  // namespace tidings::store::rules
