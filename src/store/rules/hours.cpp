// SPDX-License-Identifier: Apache-2.0
#include "store/rules/hours.hpp"

namespace tidings::store::rules {

using message::Code;

namespace {

std::string reason(const MessageRow& row, base::Time until)
{
    if (until == scheduled_in(row.extra)) return "waits for its time";
    return "waits for the account's hours, until " + base::to_iso(until);
}

}  // namespace

base::Time first_allowed(const Surroundings& surroundings, const MessageRow& row, base::Time time)
{
    const Account& account = surroundings.account(row.key.account);
    return message::first_allowed(time, {account.hours, account.zone}, message::digits_of(row.destination));
}

void postpone(MessageRow& row, base::Time until, base::Time now)
{
    if (until > now) add_step(row, {now, Code::none, reason(row, until)});
    row.queue = Queue::timed;
    row.seq = until.time_since_epoch().count();
    row.unsaved.life = true;
    // The time that the application asked for stays in `extra` beside the one that the hours allow: when the
    // hours change, the next release is counted from the former (PostponeAgain).
    set_release(row, until);
}

void PostponeAgain::first(const Surroundings&, Wants& wants) { wants.add(keys_); }

void PostponeAgain::decide(Batch& batch)
{
    for (const MessageKey& key : keys_) {
        MessageRow& row = *batch.facts.messages.find(key);
        base::Time wanted = std::max(batch.now, scheduled_in(row.extra).value_or(batch.now));
        base::Time until = first_allowed(batch, row, wanted);
        // Most messages stay where they are after a change of hours. To write only the others keeps the rows
        // and the trace of millions of waiting messages as they were.
        if (row.seq != until.time_since_epoch().count()) postpone(row, until, batch.now);
    }
}

}  // namespace tidings::store::rules
