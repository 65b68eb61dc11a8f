// SPDX-License-Identifier: Apache-2.0
#include "store/rules/release.hpp"

#include "store/rules/hours.hpp"
#include "store/rules/life.hpp"

namespace tidings::store::rules {

ReleaseScheduled::ReleaseScheduled(const std::vector<MessageKey>& keys)
{
    messages_.reserve(keys.size());
    for (const MessageKey& key : keys) messages_.push_back({.key = key});
}

void ReleaseScheduled::first(const Surroundings&, Wants& wants)
{
    for (const Waiting& it : messages_) wants.messages.push_back(it.key);
}

void ReleaseScheduled::second(const Surroundings& surroundings, const Facts& facts, Wants& wants)
{
    for (Waiting& it : messages_) want_admission(surroundings, facts, it, wants);
}

void ReleaseScheduled::decide(Batch& batch)
{
    for (Waiting& it : messages_) {
        MessageRow& row = *batch.facts.messages.find(it.key);
        base::Time leaves = first_allowed(batch, row, batch.now);
        // The hours may have changed since this time was set, or the message was released late, at night.
        // Otherwise it meets the rules, which it did not meet when it was accepted.
        if (leaves > batch.now)
            postpone(row, leaves, batch.now);
        else
            meet_rules(batch, row, it, Screening::due);
    }
}

void ReleaseRetries::first(const Surroundings&, Wants& wants) { wants.add(keys_); }

void ReleaseRetries::decide(Batch& batch)
{
    for (const MessageKey& key : keys_) make_due(batch, *batch.facts.messages.find(key));
}

void PutBack::first(const Surroundings&, Wants& wants) { wants.add(keys_); }

void PutBack::decide(Batch& batch)
{
    for (const MessageKey& key : keys_) {
        MessageRow* row = batch.facts.messages.find(key);
        // Relay gives back what it took some time ago. Meanwhile a receipt may have settled the message, or
        // it may have ended: then it is not under way, and must not be sent again.
        if (!row || !row->queue || !has_lanes(*row->queue)) continue;
        row->queue = Queue::retry;
        row->link = {};
        // A pause of ours, which a wall clock that is set must neither shorten nor stretch.
        row->seq = batch.on_pause_scale(at_).time_since_epoch().count();
        row->unsaved.life = true;
        add_step(*row, {batch.now, message::Code::none, "put back until " + base::to_iso(at_)});
    }
}

}  // namespace tidings::store::rules
