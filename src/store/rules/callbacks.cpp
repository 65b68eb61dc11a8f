// SPDX-License-Identifier: Apache-2.0
#include "store/rules/callbacks.hpp"

#include "store/rules/telling.hpp"

#include <cstdlib>

namespace tidings::store::rules {

using Kind = CallbackWrite::Kind;
using Then = CallbackOutcome::Then;

namespace {

std::int64_t seq_at(base::Time time) { return time.time_since_epoch().count(); }

// What changes of a callback's row when it was taken and comes back: its place and its count of attempts. All
// else of the row stays as it is on disk, which is why the outcome need not bring it along.
CallbackWrite moved(const CallbackOutcome& outcome, Queue queue, std::int64_t seq)
{
    CallbackWrite change{.kind = Kind::moved, .row = {}, .attempt = {}};
    change.row.key = outcome.key;
    change.row.endpoint = outcome.endpoint;
    change.row.attempts = outcome.attempts;
    change.row.queue = queue;
    change.row.seq = seq;
    return change;
}

CallbackWrite change_by(Batch& batch, const CallbackOutcome& outcome, bool is_told)
{
    switch (outcome.then) {
    // A callback can be done without having been told: when its webhook was removed nobody wants it any more,
    // and a test that failed is not tried again. Such a row goes; one that was told stays as the log.
    case Then::done: {
        base::Time told_at = is_told ? outcome.attempt->at + outcome.attempt->took : base::Time();
        CallbackWrite change = moved(outcome, Queue::told, seq_at(told_at));
        change.kind = is_told ? Kind::told : Kind::forgotten;
        return change;
    }
    // Pauses between attempts are ours alone, so they go by the scale that nobody sets: a wall clock that is
    // set back by an hour must not stop all callbacks for an hour.
    case Then::again: return moved(outcome, Queue::timed, seq_at(batch.on_pause_scale(outcome.at)));
    case Then::untried: return moved(outcome, Queue::due, batch.next_seq());
    case Then::dead: return moved(outcome, Queue::dead, seq_at(batch.now));
    }
    std::abort();
}

}  // namespace

void RecordCallbacks::decide(Batch& batch)
{
    for (CallbackOutcome& outcome : outcomes_) {
        CallbackLane lane = lane_of(outcome);
        // The lane may be given one more for each that came back, however that ended; without this count its
        // limit would be used up by callbacks that are long recorded.
        ++batch.effects.given_back[lane];
        // It was put to the end of its lane on disk without going to memory. The lane is told, since what it
        // has in memory does not reach to its end any more.
        if (outcome.then == Then::untried) batch.effects.fell_behind.push_back(lane);
        bool is_told = outcome.attempt && message::is_success(outcome.attempt->status);
        CallbackWrite change = change_by(batch, outcome, is_told);
        // The attempt that delivered a callback stays in the callback's own row. One that failed goes to the
        // table of failed attempts.
        if (is_told == (change.kind == Kind::told)) change.attempt = std::move(outcome.attempt);
        change_callback(batch, std::move(change));
    }
}

void ReleaseCallbacks::first(const Surroundings&, Wants& wants)
{
    for (const CallbackRow& row : ready_) want_content(row, wants);
}

void ReleaseCallbacks::decide(Batch& batch)
{
    for (CallbackRow& row : ready_) make_callback_due(batch, std::move(row));
}

bool is_overdue(const CallbackRow& row, base::Time now) { return row.since < now - callback_overdue_after; }

void Bury::decide(Batch& batch)
{
    for (CallbackRow& row : overdue_) {
        row.queue = Queue::dead;
        row.seq = seq_at(batch.now);
        change_callback(batch, {Kind::moved, std::move(row), {}});
    }
}

}  // namespace tidings::store::rules
