// SPDX-License-Identifier: Apache-2.0
#include "store/rules/replay.hpp"

#include "store/endpoint.hpp"
#include "store/rules/telling.hpp"

#include <algorithm>

namespace tidings::store::rules {

namespace {

// The id that follows in the order of bytes, as a number with a carry.
base::Uuid next_after(base::Uuid id)
{
    for (auto byte = id.bytes.rbegin(); byte != id.bytes.rend(); ++byte)
        if (++*byte != 0) break;
    return id;
}

// A row that stands for an event in a range.
struct FoundRow {
    EventRow event;
    bool counts = true;  // not by itself when it is pending: that is on its way
};
base::Uuid event_id(const FoundRow& seen) { return seen.event.key.id; }

FoundRow seen(const CallbackRow& row)
{
    return {{.key = event_of(row.key),
             .message = row.message,
             .code = row.code,
             .changed_at = row.changed_at,
             .created_at = row.created_at},
            !is_pending(row.queue) && !is_test(row.code)};
}

// Ends at `limit` rows: beyond that some may be missing, since each kind was read up to it. An event whose
// rows are not all there waits for the next batch, unless it fills this one alone. Tells from which id to go
// on.
std::optional<base::Uuid> cut(std::vector<FoundRow>& rows, std::size_t limit)
{
    if (rows.size() < limit) return {};
    rows.resize(limit);
    base::Uuid last = event_id(rows.back());
    if (event_id(rows.front()) == last) return next_after(last);
    std::erase_if(rows, [&](const FoundRow& row) { return event_id(row) == last; });
    return last;
}

}  // namespace

// An event's id does not tell its account, so the same id is asked for in many accounts. Nearly all of them
// do not know it: they cost one look each here, and nothing in the second load.
void ReplayEvent::first(const Surroundings&, Wants& wants)
{
    for (const EventKey& event : events_) {
        wants.receivers.push_back(event);
        wants.unconfirmed.push_back(event);
    }
}

void ReplayEvent::second(const Surroundings&, const Facts& facts, Wants& wants)
{
    for (const EventKey& event : events_) {
        for (const CallbackRow* row : receivers(facts, event)) want_content(*row, wants);
        if (const EventRow* row = facts.unconfirmed.find(event)) want_to_tell_again(*row, wants);
    }
}

void ReplayEvent::decide(Batch& batch)
{
    for (const EventKey& event : events_) result += replay(batch, event);
}

std::vector<const CallbackRow*> ReplayEvent::receivers(const Facts& facts, const EventKey& event) const
{
    std::vector<const CallbackRow*> wanted;
    if (const std::vector<CallbackRow>* all = facts.receivers.find(event))
        for (const CallbackRow& row : *all)
            if (!webhook_ || row.key.webhook == *webhook_) wanted.push_back(&row);
    return wanted;
}

std::size_t ReplayEvent::replay(Batch& batch, const EventKey& event) const
{
    std::vector<CallbackRow> told;  // copies: what is decided of them changes the facts
    for (const CallbackRow* row : receivers(batch.facts, event)) told.push_back(*row);
    std::size_t replayed = 0;
    for (const CallbackRow& row : told) {
        if (!is_pending(row.queue)) {
            replayed += revive(batch, row);
            continue;
        }
        if (row.queue == Queue::timed) make_callback_due(batch, row);
        ++replayed;
    }
    // Whoever was told hears it again. Only when none of the receivers asked for was told before does the
    // event go to those who would be told of it today.
    const EventRow* unconfirmed = batch.facts.unconfirmed.find(event);
    return told.empty() && unconfirmed ? tell_again(batch, *unconfirmed, webhook_) : replayed;
}

void ReplayDead::first(const Surroundings&, Wants& wants)
{
    for (const CallbackRow& row : dead_) want_content(row, wants);
}

void ReplayDead::decide(Batch& batch)
{
    for (const CallbackRow& row : dead_) result += revive(batch, row);
}

ReplayBetween::ReplayBetween(FoundEvents found, std::optional<base::Uuid> webhook) : webhook_(webhook)
{
    std::vector<FoundRow> rows;
    rows.reserve(found.callbacks.size() + found.unconfirmed.size());
    for (const CallbackRow& row : found.callbacks) rows.push_back(seen(row));
    for (EventRow& row : found.unconfirmed) rows.push_back({std::move(row)});
    std::ranges::stable_sort(rows, {}, event_id);
    // Pending ones and tests are counted until here, so that a batch ends where the reading ended.
    next = cut(rows, found.limit);
    std::erase_if(rows, [](const FoundRow& row) { return !row.counts; });
    auto [repeated, end] = std::ranges::unique(rows, {}, event_id);
    rows.erase(repeated, end);
    for (FoundRow& row : rows) events_.push_back(std::move(row.event));
}

void ReplayBetween::first(const Surroundings&, Wants& wants)
{
    for (const EventRow& event : events_) want_to_tell_again(event, wants);
}

// An event may go to a hundred webhooks, and then a batch of events is a hundred times as much work. So it
// may end early, and `next` says where the following one goes on.
void ReplayBetween::decide(Batch& batch)
{
    for (const EventRow& event : events_) {
        result += tell_again(batch, event, webhook_);
        if (result < batch_weight_max || &event == &events_.back()) continue;
        next = next_after(event.key.id);
        break;
    }
}

void TestWebhook::decide(Batch& batch)
{
    const Webhook* webhook = batch.settings.find_webhook(account_, webhook_);
    if (!webhook) return;
    CallbackRow row;
    row.key = {account_, batch.ids.next(), webhook_};
    // The values of events are in order: all from enroute_dr on are reports.
    bool hears_reports = webhook->events.bits() >= message::Events{message::Event::enroute_dr}.bits();
    row.code = hears_reports ? test_report : test_reply;
    row.changed_at = row.created_at = row.since = batch.now;
    row.endpoint = endpoint_of(webhook->call.url);
    result = row.key.id;
    queue_callback(batch, *content_of(batch, batch.facts, row), std::move(row));
}

}  // namespace tidings::store::rules
