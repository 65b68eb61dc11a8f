// SPDX-License-Identifier: Apache-2.0
#include "store/rules/receipts.hpp"

#include "store/rules/life.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ranges>

namespace tidings::store::rules {

using message::Code;

namespace {

constexpr auto unknown_window = std::chrono::hours(24);  // for UNKNOWN to become something better

std::vector<message::Part> parts_of(const MessageRow& row)
{
    std::vector<message::Part> parts;
    parts.reserve(row.parts.size());
    for (const PartRow& part : row.parts) parts.push_back(part.part);
    return parts;
}

// A part keeps its final code, unless a late delivery corrects it. Receipts come in any order: an
// intermediate one that is late must not undo the final one.
bool may_become(Code from, Code to)
{
    message::Status was = message::status_of(from), is = message::status_of(to);
    if (!message::is_final(was)) return true;
    return was != message::Status::delivered && is == message::Status::delivered;
}

// The message waits for its verdict until `time` at the latest, whatever is still missing then. What comes
// while it waits may shorten the wait and not extend it, hence the minimum. A message that stands in another
// queue is on its way out once more, and waits for nothing: the new submit will have receipts of its own.
void await_verdict(MessageRow& row, base::Time time)
{
    std::int64_t seq = time.time_since_epoch().count();
    if (row.queue == Queue::verdict) row.seq = std::min(row.seq, seq);
    if (row.queue) return;
    row.queue = Queue::verdict;
    row.seq = seq;
}

// The carrier says UNKNOWN. That may be its last word, so the part counts as undeliverable, but only when
// nothing better has come by the end of unknown_window.
void apply_unknown(const Batch& batch, MessageRow& row, PartRow& part, const Receipt& receipt)
{
    bool is_over = message::is_final(row.progress.status);
    if (is_over || part.provisional || message::is_final(message::status_of(part.part.code))) return;
    part.provisional = true;
    row.unsaved.life = true;
    add_step(row, {receipt.at, Code::none, "receipt for " + receipt.carrier_id + ": unknown"});
    await_verdict(row, batch.on_pause_scale(batch.now + unknown_window));
}

void apply(Batch& batch, MessageRow& row, PartRow& part, const Receipt& receipt)
{
    if (receipt.provisional) return apply_unknown(batch, row, part, receipt);
    if (!may_become(part.part.code, receipt.code)) return;
    bool was_over = message::is_final(row.progress.status);
    part.part.code = receipt.code;
    part.provisional = false;
    row.unsaved.life = true;
    auto code = message::verdict(parts_of(row));
    std::string what = "receipt for " + receipt.carrier_id;
    bool advanced = code && advance(batch, row, {receipt.at, *code, what});
    // A receipt that does not move the message is noted all the same, so that the trace has what the carrier
    // said of each part.
    if (!advanced)
        add_step(row, {receipt.at, Code::none, fmt::format("{}: {}", what, static_cast<int>(receipt.code))});
    // A message that has ended waits for nothing, even if a late receipt leaves its parts without a common
    // verdict.
    if (!code && !was_over) await_verdict(row, batch.on_pause_scale(batch.now + message::verdict_after));
}

// Some carriers give many messages the same id. Then the message in question may not be among those that are
// looked at, and the numbers of the receipt are the only other thing to find it by.
bool is_crowded(const std::vector<MessageKey>& with_id) { return with_id.size() >= same_id_max; }

class BestMatch {
public:
    BestMatch(Facts& facts, LinkKey link, const Receipt& receipt)
        : facts_(facts), link_(link), receipt_(receipt)
    {
    }
    void consider(const MessageKey& key)
    {
        MessageRow* row = facts_.messages.find(key);
        // The ids by which rows are found are kept beside them and may lag behind: a message that was sent
        // again has other ids since. What its row says is what counts.
        if (!row || row->link != link_ || !row->part_with(receipt_.carrier_id)) return;
        if (!best_ || merit(*best_) < merit(*row)) best_ = row;
    }
    MessageRow* get() const { return best_; }

private:
    std::pair<bool, std::optional<base::Time>> merit(const MessageRow& row) const
    {
        return {message::digits_of(row.destination) == receipt_.destination, row.submitted_at};
    }

    Facts& facts_;
    LinkKey link_;
    const Receipt& receipt_;
    MessageRow* best_ = nullptr;
};

// The message that a receipt is about, by the rules at the head of receipts.hpp; nullptr when no message is
// known to have its id.
MessageRow* find_by_receipt(Facts& facts, LinkKey link, const Receipt& receipt)
{
    BestMatch best(facts, link, receipt);
    const std::vector<MessageKey>& with_id = *facts.carrier_ids.find({link, receipt.carrier_id});
    for (const MessageKey& key : with_id | std::views::take(same_id_max)) best.consider(key);
    if (!is_crowded(with_id)) return best.get();
    const ThreadMessages* thread = facts.threads.find_if_known({receipt.source, receipt.destination});
    if (thread && thread->submitted) best.consider(*thread->submitted);
    return best.get();
}

}  // namespace

void Receipts::first(const Surroundings&, Wants& wants)
{
    for (const Receipt& receipt : receipts_) wants.carrier_ids.push_back({link_, receipt.carrier_id});
}

void Receipts::second(const Surroundings&, const Facts& facts, Wants& wants)
{
    for (const Receipt& receipt : receipts_) {
        CarrierId id{link_, receipt.carrier_id};
        const std::vector<MessageKey>& with_id = *facts.carrier_ids.find(id);
        wants.add(with_id);
        if (is_crowded(with_id)) wants.threads.push_back({receipt.source, receipt.destination});
        // The receipt is going to be parked, and the number of those with one id is limited: so it is
        // necessary to know how many wait already.
        if (with_id.empty()) wants.parked.push_back(std::move(id));
    }
}

void Receipts::decide(Batch& batch)
{
    // In the order in which the carrier sent them, since two of the same message may be in one batch.
    for (Receipt& receipt : receipts_) {
        MessageRow* row = find_by_receipt(batch.facts, link_, receipt);
        if (row)
            apply(batch, *row, *row->part_with(receipt.carrier_id), receipt);
        else
            park(batch, receipt);
    }
}

// A part has two or three receipts, so that a few with one id are enough to keep. When a carrier sends more
// of them the oldest go: the newest says how the message is.
void Receipts::park(Batch& batch, Receipt& receipt) const
{
    CarrierId id{link_, receipt.carrier_id};
    ParkedReceipt parked{.link = link_, .receipt = std::move(receipt)};
    parked.arrived_at = batch.on_pause_scale(batch.now);
    batch.facts.parked.add(std::move(parked));
    std::vector<ParkedReceipt*> waiting = batch.facts.parked.waiting(id);
    std::size_t kept = std::min(waiting.size(), batch.limits.parked_with_one_id);
    for (ParkedReceipt* surplus : waiting | std::views::take(waiting.size() - kept))
        surplus->state = ParkedReceipt::State::dropped;
}

void apply_parked(Batch& batch, const CarrierId& id, MessageRow& row, PartRow* part)
{
    for (ParkedReceipt* parked : batch.facts.parked.waiting(id)) {
        // Matched in either case, so that the row of the receipt goes and nobody matches it a second time.
        if (part) apply(batch, row, *part, parked->receipt);
        parked->state = ParkedReceipt::State::matched;
    }
}

void ReachVerdicts::first(const Surroundings&, Wants& wants) { wants.add(keys_); }

void ReachVerdicts::decide(Batch& batch)
{
    for (const MessageKey& key : keys_) {
        MessageRow* row = batch.facts.messages.find(key);
        // Since the scan found its key an item of this batch may have brought the missing receipt, or sent
        // the message on its way again.
        if (!row || row->queue != Queue::verdict) continue;
        row->queue.reset();
        row->unsaved.life = true;
        for (PartRow& part : row->parts)
            if (part.provisional) part.part.code = Code::undeliverable;
        auto code = message::verdict(parts_of(*row), true);
        if (code) advance(batch, *row, {batch.now, *code, "waited long enough"});
    }
}

}  // namespace tidings::store::rules
