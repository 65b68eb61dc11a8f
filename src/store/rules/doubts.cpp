// SPDX-License-Identifier: Apache-2.0
#include "store/rules/doubts.hpp"

#include "base/log.hpp"
#include "store/rules/receipts.hpp"
#include "store/rules/record.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace tidings::store::rules {

using message::Code;

namespace {

// For the store always, and in the Facts if somebody in this batch wanted these numbers. The load brings two
// doubts at most, however many there are. That does no harm, since a doubt ends only where there is exactly
// one: as long as there are two, none is taken out, and so none that was not loaded can come to light.
void change_doubt(Batch& batch, const LinkThread& numbers, const MessageKey& message, int by)
{
    batch.effects.doubts.push_back({numbers, message, by, batch.now});
    std::vector<Doubted>* known = batch.facts.doubts_between.find_if_known(numbers);
    if (!known) return;
    auto place = std::ranges::find(*known, message, &Doubted::message);
    if (place == known->end()) place = known->insert(place, Doubted{message, 0});
    place->times += by;
    if (place->times == 0) known->erase(place);
}

// The id is that of a submit whose response was lost. If the message was sent again since, and has another
// id, the doubt stays, so that later receipts with the lost id find it, too.
void adopt(Batch& batch, MessageRow& row, const LinkThread& numbers, const std::string& carrier_id)
{
    if (row.progress.status == message::Status::enroute) {
        Change change{.key = row.key,
                      .code = Code::submitted,
                      .at = batch.now,
                      .link = numbers.link,
                      .carrier_ids = {}};
        change.carrier_ids.push_back(carrier_id);
        submit(batch, row, change);
        return change_doubt(batch, numbers, row.key, -1);
    }
    // The message stands under another id by now, or ended before a carrier answered. The receipt of the lost
    // submit then speaks of the first part: a delivery is a delivery, by whichever of the two submits.
    apply_lost(batch, {numbers.link, carrier_id}, row);
}

// Gives what is parked with these numbers to the one message that is in doubt with them. False: there is no
// such message, or there are several, or more ids than the doubt explains.
bool match_by_doubt(Batch& batch, const LinkThread& numbers)
{
    const std::vector<Doubted>& doubts = *batch.facts.doubts_between.find(numbers);
    // With two messages in doubt between the same numbers a receipt could be of either. To guess would tell
    // one application of a delivery that may not have happened; so the doubt stays.
    if (doubts.size() != 1) return false;
    Doubted doubted = doubts.front();  // as it is now: what is adopted changes it
    std::vector<std::string> ids = batch.facts.parked.ids_waiting(numbers);
    // More ids than submits without an answer: at least one of them belongs to something else, and nothing
    // says which.
    if (ids.empty() || std::ssize(ids) > doubted.times) return false;
    // A receipt without an id may as well be about another message between them that waits for one.
    bool has_no_id = std::ranges::find(ids, std::string()) != ids.end();
    if (has_no_id && waits_between(batch.facts, numbers, doubted.message)) return false;
    MessageRow* row = batch.facts.messages.find(doubted.message);
    if (!row) return false;
    for (const std::string& id : ids) adopt(batch, *row, numbers, id);
    return true;
}

std::string why_unmatched(const Receipt& receipt)
{
    std::string handset = base::masked(receipt.destination);
    if (receipt.carrier_id.empty())
        return fmt::format(
            "receipt without an id from {} fits no message, or more than one; kept as unmatched", handset);
    return fmt::format("receipt {} from {} fits no message; kept as unmatched", receipt.carrier_id, handset);
}

LinkThread numbers_of(LinkKey link, const Receipt& receipt)
{
    return {link, {receipt.source, receipt.destination}};
}

}  // namespace

void AddDoubts::first(const Surroundings&, Wants& wants)
{
    for (const Doubt& doubt : doubts_) wants.messages.push_back(doubt.key);
}

void AddDoubts::decide(Batch& batch)
{
    for (const Doubt& doubt : doubts_) add_doubt(batch, link_, doubt);
}

void add_doubt(Batch& batch, LinkKey link, const Doubt& doubt)
{
    change_doubt(batch, {link, {doubt.source, doubt.destination}}, doubt.key, 1);
    MessageRow* row = batch.facts.messages.find(doubt.key);
    if (!row) return;
    add_step(*row, {batch.now, Code::none, fmt::format("in doubt on {}", batch.link_name(link))});
    row->unsaved.life = true;
}

OpenDoubts::OpenDoubts(LinkKey link, const std::vector<MessageKey>& keys) : link_(link)
{
    messages_.reserve(keys.size());
    for (const MessageKey& key : keys) messages_.push_back({key});
}

void OpenDoubts::first(const Surroundings&, Wants& wants)
{
    for (const InDoubt& it : messages_) {
        wants.messages.push_back(it.key);
        wants.doubts_of.push_back({link_, it.key});
    }
}

void OpenDoubts::second(const Surroundings&, const Facts& facts, Wants& wants)
{
    for (InDoubt& it : messages_) {
        const MessageRow* row = facts.messages.find(it.key);
        const DoubtedThread* doubt = facts.doubts_of.find({link_, it.key});
        // Only what may still be sent again needs to know what is parked. All else ends without it.
        if (!row || row->progress.status != message::Status::enroute || !doubt) continue;
        it.numbers = {link_, doubt->thread};
        wants.doubts_between.push_back(*it.numbers);
        wants.parked_between.push_back({*it.numbers, doubt->times});
        wants.sent_between.push_back(doubt->thread);
    }
}

void OpenDoubts::decide(Batch& batch)
{
    for (const InDoubt& it : messages_)
        if (!has_ended(batch, it)) result.push_back(it.key);
}

bool OpenDoubts::has_ended(Batch& batch, const InDoubt& it) const
{
    const MessageRow* row = batch.facts.messages.find(it.key);
    if (!row || row->progress.status != message::Status::enroute) return true;  // nothing left to send
    return it.numbers && match_by_doubt(batch, *it.numbers);
}

void GiveUpReceipts::first(const Surroundings&, Wants& wants)
{
    for (const ParkedReceipt& it : receipts_) {
        wants.doubts_between.push_back(numbers_of(it.link, it.receipt));
        want_message_of(it.link, it.receipt, wants);
    }
}

void GiveUpReceipts::second(const Surroundings&, const Facts& facts, Wants& wants)
{
    for (const ParkedReceipt& it : receipts_) {
        want_rows_of(it.link, it.receipt, facts, wants);
        LinkThread numbers = numbers_of(it.link, it.receipt);
        const std::vector<Doubted>& doubts = *facts.doubts_between.find(numbers);
        if (doubts.size() != 1) continue;
        wants.messages.push_back(doubts.front().message);
        wants.sent_between.push_back(numbers.thread);
        wants.parked_between.push_back({std::move(numbers), doubts.front().times});
    }
}

void GiveUpReceipts::decide(Batch& batch)
{
    for (ParkedReceipt& it : receipts_) {
        ParkedReceipt& parked = batch.facts.parked.learn(std::move(it));
        if (parked.state != ParkedReceipt::State::waits) continue;  // it was matched with one before it
        if (match_again(batch, parked)) continue;
        if (match_by_doubt(batch, numbers_of(parked.link, parked.receipt))) continue;
        parked.state = ParkedReceipt::State::unmatched;
        batch.effects.log.push_back({base::LogLevel::warning, why_unmatched(parked.receipt)});
    }
}

}  // namespace tidings::store::rules
