// SPDX-License-Identifier: Apache-2.0
// Who is told of an event, and what. An event is a report or a reply. Its receivers are the callback_url of
// the message or, where there is none, the webhooks of its account that want to hear of such events; both,
// when the account says so. Each receiver has a callback of its own, which is tried and given up apart from
// the others.
//
// A callback's row names the event and the receiver. What it says is made anew each time it becomes due, of
// the message and the reply as they are then: so an event whose message has ended its life is told no more.
#pragma once

#include "store/rules/batch.hpp"

namespace tidings::store::rules {

// What happened. `row` has its key without a webhook, and no endpoint yet.
struct Told {
    CallbackRow row;
    Callback callback;
    std::optional<base::Uuid> only{};  // the one receiver that is to hear of it; nil: the callback_url
};

// Whether anybody is told of what befalls this message. Where nobody is, nothing of it need be made.
bool is_heard(const Surroundings& surroundings, const MessageRow& row);

// Of an event that has just been made.
void tell(Batch& batch, Told told);

// Of an event from before, to whom it would be told now, from the first try on. Whom it is being told already
// hears it once. How many callbacks that makes; none when what it tells of has ended its life. `only` is
// Told's.
void want_to_tell_again(const EventRow& event, Wants& wants);
std::size_t tell_again(Batch& batch, const EventRow& event, const std::optional<base::Uuid>& only);

// For one receiver, whom `row` names, and who was not told of this event yet.
void queue_callback(Batch& batch, Callback callback, CallbackRow row);

// One that is over begins again, to where its webhook is now. False: what it tells of has ended its life, and
// the callback is gone.
bool revive(Batch& batch, const CallbackRow& over);

// One that waits for a time waits no longer; it is its turn behind what is due already.
void make_callback_due(Batch& batch, CallbackRow row);

// What is to be written of a callback that is there, and what the rules that follow see of it.
void change_callback(Batch& batch, CallbackWrite change);

// What a callback says. Nothing: what it tells of has ended its life.
void want_content(const CallbackRow& row, Wants& wants);
std::optional<Callback> content_of(const Surroundings& surroundings, const Facts& facts,
                                   const CallbackRow& row);

}  // namespace tidings::store::rules
