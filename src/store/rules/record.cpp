// SPDX-License-Identifier: Apache-2.0
#include "store/rules/record.hpp"

#include "store/rules/life.hpp"
#include "store/rules/receipts.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace tidings::store::rules {

using message::Code;

namespace {

// From here on receipts and replies find the message: those of later batches by what the store writes, those
// of this batch by the Facts. These only learn it where somebody wanted the key; to add keys that nobody
// wanted would look like a complete answer to who asks for them next.
void remember(Batch& batch, const MessageRow& row)
{
    Facts& facts = batch.facts;
    batch.effects.submitted.push_back(&row);
    if (!facts.carrier_ids.is_empty())
        for (const PartRow& part : row.parts)
            if (auto* known = facts.carrier_ids.find_if_known({row.link, part.part.carrier_id}))
                if (known->empty() || known->front() != row.key) known->insert(known->begin(), row.key);
    bool is_shared = batch.settings.is_shared(row.sender);
    if (!is_shared && facts.threads.is_empty() && facts.sent_between.is_empty()) return;
    Thread thread{row.sender, message::digits_of(row.destination)};
    if (std::vector<MessageKey>* known = facts.sent_between.find_if_known(thread)) {
        std::erase(*known, row.key);
        known->insert(known->begin(), row.key);
    }
    if (ThreadMessages* known = facts.threads.find_if_known(thread)) known->submitted = row.key;
    if (!is_shared) return;
    facts.pool_uses.set(thread, *row.submitted_at);
    batch.effects.pool_uses.push_back({std::move(thread), *row.submitted_at});
}

// Its parts are all at one carrier, or all to be sent anew.
void forget_taken(MessageRow& row)
{
    if (!row.taken) return;
    row.taken.reset();
    row.unsaved.taken = true;
}

void note_taken(MessageRow& row, const PartsTaken& taken)
{
    if (message::is_final(row.progress.status)) return;
    row.taken = taken;
    row.unsaved.taken = true;
}

// The carrier refused the message in a way that leaves it to others. It becomes due again, and the dispatcher
// passes over the links in `refused_by`.
void refuse(Batch& batch, MessageRow& row, const Change& change)
{
    if (message::is_final(row.progress.status)) return;
    add_step(row, {change.at, Code::none, fmt::format("refused on {}", batch.link_name(change.link))});
    row.refused_by.push_back(change.link);
    forget_taken(row);
    row.unsaved.refused_by = true;
    // No link has it any more. Without this a restart would take it for one that its link had marked.
    row.link = {};
    make_due(batch, row);
}

// Ends the message with the code of `change`. Where that brings no reason of its own, the trace says on which
// link it ended.
void end_on_link(Batch& batch, MessageRow& row, const Change& change)
{
    bool by_link = change.why.empty();
    advance(
        batch, row,
        {change.at, change.code, by_link ? fmt::format("on {}", batch.link_name(change.link)) : change.why});
}

void hold_on_link(Batch& batch, MessageRow& row, const Change& change)
{
    row.link = change.link;
    row.unsaved.life = true;
    bool in_doubt = change.why.empty();
    hold(batch, row, change.at,
         in_doubt ? fmt::format("in doubt on {}", batch.link_name(change.link)) : change.why);
}

void record(Batch& batch, MessageRow& row, const Change& change)
{
    if (change.is_only_step)
        add_step(row, {change.at, Code::none, change.why});
    else if (change.taken)
        note_taken(row, *change.taken);
    else if (change.code == Code::submitted)
        submit(batch, row, change);
    else if (change.code == Code::none)
        refuse(batch, row, change);
    else if (change.code == Code::held)
        hold_on_link(batch, row, change);
    else
        end_on_link(batch, row, change);
}

}  // namespace

void Record::first(const Surroundings&, Wants& wants)
{
    for (const Change& change : changes_) {
        wants.messages.push_back(change.key);
        // Receipts may have been faster than the response, so whatever is parked under the new ids is loaded
        // along.
        for (const std::string& id : change.carrier_ids) wants.parked.push_back({change.link, id});
        // And so may one that has no id.
        if (!change.carrier_ids.empty()) wants.parked.push_back({change.link, {}});
    }
}

void Record::second(const Surroundings&, const Facts& facts, Wants& wants)
{
    for (const Change& change : changes_) {
        if (change.carrier_ids.empty()) continue;
        if (const MessageRow* row = facts.messages.find(change.key))
            want_parked_without_id(facts, change.link, *row, wants);
    }
}

// Changes of messages that are no longer there are dropped: their life has ended while relay had them.
void Record::decide(Batch& batch)
{
    for (const Change& change : changes_)
        if (MessageRow* row = batch.facts.messages.find(change.key)) record(batch, *row, change);
}

// A message may be submitted again, after a doubt or by another link. It then keeps the ids of the last time
// alone; receipts with earlier ids find no message by them any more.
void submit(Batch& batch, MessageRow& row, const Change& change)
{
    row.queue.reset();
    base::Time due_since = row.progress.changed_at;
    forget_taken(row);
    row.link = change.link;
    row.submitted_at = change.at;
    row.parts.clear();
    row.parts.reserve(change.carrier_ids.size());
    for (const std::string& id : change.carrier_ids) row.parts.push_back({{id, Code::submitted}, false});
    row.unsaved.life = true;
    remember(batch, row);
    advance(batch, row,
            {change.at, Code::submitted,
             fmt::format("on {} as {}", batch.link_name(change.link), fmt::join(change.carrier_ids, ", "))});
    for (const std::string& id : change.carrier_ids)
        if (!id.empty()) apply_parked(batch, {change.link, id}, row);
    apply_parked_without_id(batch, change.link, row, due_since);
}

}  // namespace tidings::store::rules
