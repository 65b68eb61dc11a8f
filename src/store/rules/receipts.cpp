// SPDX-License-Identifier: Apache-2.0
#include "store/rules/receipts.hpp"

#include "message/same_number.hpp"
#include "store/rules/life.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>
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

using Parts = std::vector<PartRow*>;

std::string name_of(const Receipt& receipt)
{
    return receipt.carrier_id.empty() ? "receipt without an id" : "receipt for " + receipt.carrier_id;
}

// The carrier says UNKNOWN. That may be its last word, so the part counts as undeliverable, but only when
// nothing better has come by the end of unknown_window.
void apply_unknown(const Batch& batch, MessageRow& row, const Parts& parts, const Receipt& receipt)
{
    if (message::is_final(row.progress.status)) return;
    bool is_news = false;
    for (PartRow* part : parts) {
        if (part->provisional || message::is_final(message::status_of(part->part.code))) continue;
        part->provisional = is_news = true;
    }
    if (!is_news) return;
    row.unsaved.life = true;
    add_step(row, {receipt.at, Code::none, name_of(receipt) + ": unknown"});
    await_verdict(row, batch.on_pause_scale(batch.now + unknown_window));
}

// It says nothing that is understood. Whoever looks for the message's end finds here what its carrier said.
void note_word(MessageRow& row, const Receipt& receipt)
{
    std::string what = receipt.word.empty() ? "nothing of a status" : receipt.word + ", which nobody knows";
    add_step(row, {receipt.at, Code::none, fmt::format("{}: {}", name_of(receipt), what)});
}

// Carriers say the same twice, and "undeliverable" after "delivered".
void say_nothing_new(Batch& batch, const MessageRow& row, const Receipt& receipt)
{
    batch.effects.log.push_back(
        {base::LogLevel::debug,
         fmt::format("{} says {}, which changes nothing: message {} is {}", name_of(receipt),
                     static_cast<int>(receipt.code), row.key.id.text(), message::name(row.progress.status))});
}

// A carrier that gives all parts the same id speaks of all of them at once.
void apply(Batch& batch, MessageRow& row, const Parts& parts, const Receipt& receipt)
{
    if (receipt.code == Code::none) return note_word(row, receipt);
    if (receipt.provisional) return apply_unknown(batch, row, parts, receipt);
    bool is_news = false;
    for (PartRow* part : parts) {
        if (!may_become(part->part.code, receipt.code)) continue;
        part->part.code = receipt.code;
        part->provisional = false;
        is_news = true;
    }
    if (!is_news) return say_nothing_new(batch, row, receipt);
    bool was_over = message::is_final(row.progress.status);
    row.unsaved.life = true;
    auto code = message::verdict(parts_of(row));
    std::string what = name_of(receipt);
    bool advanced = code && advance(batch, row, {receipt.at, *code, what});
    // A receipt that does not move the message is noted all the same, so that the trace has what the carrier
    // said of each part.
    if (!advanced)
        add_step(row, {receipt.at, Code::none, fmt::format("{}: {}", what, static_cast<int>(receipt.code))});
    // A message that has ended waits for nothing, even if a late receipt leaves its parts without a common
    // verdict.
    if (!code && !was_over) await_verdict(row, batch.on_pause_scale(batch.now + message::verdict_after));
}

Parts parts_with(MessageRow& row, std::string_view carrier_id)
{
    Parts parts;
    for (PartRow& part : row.parts)
        if (part.part.carrier_id == carrier_id) parts.push_back(&part);
    return parts;
}

// Of which parts a receipt without an id speaks: of all if they have no ids that tell them apart, or else of
// the first that still waits for one. When as many have come as there are parts, all of them have theirs.
Parts parts_in_turn(MessageRow& row)
{
    if (row.parts.empty()) return {};
    Parts alike = parts_with(row, row.parts.front().part.carrier_id);
    if (alike.size() == row.parts.size()) return alike;
    auto waits = [](const PartRow& part) { return !message::is_final(message::status_of(part.part.code)); };
    auto next = std::ranges::find_if(row.parts, waits);
    return {next == row.parts.end() ? &row.parts.front() : &*next};
}

// ---- whose it is

// What a receipt's numbers say about its being a message's. Some carriers write them as in the submit and not
// as in an answer to it; some write a number of their own, or nothing, where the handset's should be.
enum class Addresses { of_another_handset, say_nothing, fit };

Addresses addresses(const Receipt& receipt, const MessageRow& row)
{
    using message::may_be_same_number;
    std::string handset = message::digits_of(row.destination);
    if (may_be_same_number(receipt.destination, handset)) return Addresses::fit;
    if (may_be_same_number(receipt.source, handset)) return Addresses::fit;
    bool is_as_submitted = !row.sender.empty() && may_be_same_number(receipt.destination, row.sender);
    const std::string& named = is_as_submitted ? receipt.source : receipt.destination;
    return message::looks_like_handset(named) ? Addresses::of_another_handset : Addresses::say_nothing;
}

// The two ways in which its numbers may be meant.
std::array<Thread, 2> threads_of(const Receipt& receipt)
{
    return {Thread{receipt.source, receipt.destination}, Thread{receipt.destination, receipt.source}};
}

bool is_between(const Receipt& receipt, const MessageRow& row)
{
    Thread sent{row.sender, message::digits_of(row.destination)};
    auto threads = threads_of(receipt);
    return std::ranges::find(threads, sent) != threads.end();
}

// Some carriers give many messages the same id. Then the message in question may not be among those that are
// looked at, and the numbers of the receipt are the only other thing to find it by.
bool is_crowded(const std::vector<MessageKey>& with_id) { return with_id.size() >= same_id_max; }

// Of the messages that have the receipt's id: the newest of those whose addresses fit. Where none fit, for
// they say nothing, the one that still waits for a receipt, if there is only one.
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
        switch (addresses(receipt_, *row)) {
        case Addresses::of_another_handset: return;
        case Addresses::say_nothing:
            if (std::ranges::find(candidates_, row) == candidates_.end()) candidates_.push_back(row);
            return;
        case Addresses::fit:
            if (!best_ || merit(*best_) < merit(*row)) best_ = row;
        }
    }
    MessageRow* get() const
    {
        if (best_ || candidates_.size() == 1) return best_ ? best_ : candidates_.front();
        auto is_over = [](const MessageRow* row) { return message::is_final(row->progress.status); };
        if (std::ranges::count_if(candidates_, std::not_fn(is_over)) != 1) return nullptr;
        return *std::ranges::find_if_not(candidates_, is_over);
    }

private:
    std::pair<bool, std::optional<base::Time>> merit(const MessageRow& row) const
    {
        return {message::may_be_same_number(row.sender, receipt_.source), row.submitted_at};
    }

    Facts& facts_;
    LinkKey link_;
    const Receipt& receipt_;
    MessageRow* best_ = nullptr;
    std::vector<MessageRow*> candidates_;  // different ones
};

// The message that a receipt is about, by the rules at the head of receipts.hpp; nullptr when no message is
// known to have its id.
MessageRow* find_by_id(Facts& facts, LinkKey link, const Receipt& receipt)
{
    BestMatch best(facts, link, receipt);
    const std::vector<MessageKey>& with_id = *facts.carrier_ids.find({link, receipt.carrier_id});
    for (const MessageKey& key : with_id | std::views::take(same_id_max)) best.consider(key);
    if (!is_crowded(with_id)) return best.get();
    for (const Thread& thread : threads_of(receipt))
        if (const std::vector<MessageKey>* sent = facts.sent_between.find_if_known(thread))
            for (const MessageKey& key : *sent) best.consider(key);
    return best.get();
}

// Adds the messages of a thread that a receipt without an id may be about. False: there may be more of them.
bool collect(Facts& facts, LinkKey link, const Thread& thread, std::vector<MessageRow*>& found)
{
    const std::vector<MessageKey>* sent = facts.sent_between.find_if_known(thread);
    if (!sent || sent->size() >= same_id_max) return !sent;
    for (const MessageKey& key : *sent) {
        MessageRow* row = facts.messages.find(key);
        if (row && row->link == link && !row->parts.empty()) found.push_back(row);
    }
    // What a link has in hand may have got its response already, and the receipt may be its.
    const ThreadMessages* known = facts.threads.find_if_known(thread);
    if (!known || !known->under_way) return true;
    const MessageRow* row = facts.messages.find(*known->under_way);
    return !row || row->progress.status != message::Status::enroute;
}

// nullptr: not exactly one message between its numbers waits for a receipt. Where none does, it may be about
// the only one that there was.
MessageRow* find_by_numbers(Facts& facts, LinkKey link, const Receipt& receipt)
{
    std::vector<MessageRow*> found;
    for (const Thread& thread : threads_of(receipt))
        if (!collect(facts, link, thread, found)) return nullptr;
    std::vector<MessageRow*> waiting;
    std::ranges::copy_if(found, std::back_inserter(waiting),
                         [](const MessageRow* row) { return !message::is_final(row->progress.status); });
    if (waiting.size() == 1) return waiting.front();
    return waiting.empty() && found.size() == 1 ? found.front() : nullptr;
}

// True: it found its message. With the second of its ids it is about the message that has that.
bool apply_to_its_message(Batch& batch, LinkKey link, Receipt& receipt)
{
    Facts& facts = batch.facts;
    if (receipt.carrier_id.empty()) {
        MessageRow* row = find_by_numbers(facts, link, receipt);
        if (row) apply(batch, *row, parts_in_turn(*row), receipt);
        return row;
    }
    MessageRow* row = find_by_id(facts, link, receipt);
    if (!row && !receipt.other_id.empty()) {
        std::swap(receipt.carrier_id, receipt.other_id);
        row = find_by_id(facts, link, receipt);
        if (!row) std::swap(receipt.carrier_id, receipt.other_id);
    }
    if (row) apply(batch, *row, parts_with(*row, receipt.carrier_id), receipt);
    return row;
}

}  // namespace

void want_message_of(LinkKey link, const Receipt& receipt, Wants& wants)
{
    for (const std::string& id : {receipt.carrier_id, receipt.other_id})
        if (!id.empty()) wants.carrier_ids.push_back({link, id});
    if (receipt.carrier_id.empty())
        for (const Thread& thread : threads_of(receipt)) want_thread(thread, wants);
}

void want_thread(const Thread& thread, Wants& wants)
{
    wants.sent_between.push_back(thread);
    wants.threads.push_back(thread);
}

void want_rows_of(LinkKey link, const Receipt& receipt, const Facts& facts, Wants& wants)
{
    for (const std::string& id : {receipt.carrier_id, receipt.other_id}) {
        if (id.empty()) continue;
        const std::vector<MessageKey>& with_id = *facts.carrier_ids.find({link, id});
        wants.add(with_id);
        if (!is_crowded(with_id)) continue;
        for (const Thread& thread : threads_of(receipt)) wants.sent_between.push_back(thread);
    }
}

// The receipt may have to be parked, and the number of those with one id is limited: so it is necessary to
// know how many wait already.
void Receipts::first(const Surroundings&, Wants& wants)
{
    for (const Receipt& receipt : receipts_) {
        want_message_of(link_, receipt, wants);
        wants.parked.push_back({link_, receipt.carrier_id});
    }
}

void Receipts::second(const Surroundings&, const Facts& facts, Wants& wants)
{
    for (const Receipt& receipt : receipts_) want_rows_of(link_, receipt, facts, wants);
}

void Receipts::decide(Batch& batch)
{
    // In the order in which the carrier sent them, since two of the same message may be in one batch.
    for (Receipt& receipt : receipts_)
        if (!apply_to_its_message(batch, link_, receipt)) park(batch, receipt);
}

// Of those with one id the oldest go when they are too many: a part has two or three receipts. Those without
// an id are of different messages, and so they may be more.
void Receipts::park(Batch& batch, Receipt& receipt) const
{
    CarrierId id{link_, receipt.carrier_id};
    ParkedReceipt parked{.link = link_, .receipt = std::move(receipt)};
    parked.arrived_at = batch.on_pause_scale(batch.now);
    batch.facts.parked.add(std::move(parked));
    std::vector<ParkedReceipt*> waiting = batch.facts.parked.waiting(id);
    std::size_t kept = std::min(waiting.size(), batch.limits.parked_with(id.id));
    for (ParkedReceipt* surplus : waiting | std::views::take(waiting.size() - kept))
        surplus->state = ParkedReceipt::State::dropped;
}

bool waits_between(const Facts& facts, const LinkThread& numbers, const MessageKey& but)
{
    const std::vector<MessageKey>* sent = facts.sent_between.find(numbers.thread);
    return std::ranges::any_of(*sent, [&](const MessageKey& key) {
        const MessageRow* row = facts.messages.find(key);
        return key != but && row && row->link == numbers.link && !message::is_final(row->progress.status);
    });
}

bool match_again(Batch& batch, ParkedReceipt& parked)
{
    if (!apply_to_its_message(batch, parked.link, parked.receipt)) return false;
    parked.state = ParkedReceipt::State::matched;
    return true;
}

void apply_parked(Batch& batch, const CarrierId& id, MessageRow& row)
{
    for (ParkedReceipt* parked : batch.facts.parked.waiting(id)) {
        if (addresses(parked->receipt, row) == Addresses::of_another_handset) continue;
        apply(batch, row, parts_with(row, id.id), parked->receipt);
        parked->state = ParkedReceipt::State::matched;
    }
}

void apply_lost(Batch& batch, const CarrierId& id, MessageRow& row)
{
    for (ParkedReceipt* parked : batch.facts.parked.waiting(id)) {
        if (!is_between(parked->receipt, row)) continue;
        // Matched in either case, so that the row of the receipt goes and nobody matches it a second time.
        if (!row.parts.empty()) apply(batch, row, {&row.parts.front()}, parked->receipt);
        parked->state = ParkedReceipt::State::matched;
    }
}

void want_parked_without_id(const Facts& facts, LinkKey link, const MessageRow& row, Wants& wants)
{
    for (const ParkedReceipt* parked : facts.parked.waiting({link, {}}))
        if (is_between(parked->receipt, row))
            for (const Thread& thread : threads_of(parked->receipt)) want_thread(thread, wants);
}

void apply_parked_without_id(Batch& batch, LinkKey link, MessageRow& row, base::Time since)
{
    for (ParkedReceipt* parked : batch.facts.parked.waiting({link, {}}))
        if (is_between(parked->receipt, row) && parked->arrived_at >= batch.on_pause_scale(since))
            match_again(batch, *parked);
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
