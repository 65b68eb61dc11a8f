// SPDX-License-Identifier: Apache-2.0
// The world of facts.hpp with a carrier in it: what a store keeps between batches of parked receipts, doubts
// and parts is kept here, and each batch learns of it anew, as it would from a disk.
#pragma once

#include "store/rules/doubts.hpp"
#include "store/rules/receipts.hpp"
#include "store/rules/record.hpp"
#include "store/rules/replies.hpp"
#include "support/facts.hpp"

#include <algorithm>

namespace tidings::test {

class CarrierRulesTest : public RulesTest {
protected:
    // ---- what links say
    store::Change change(const store::NewMessage& message, Code code,
                         std::vector<std::string> carrier_ids = {})
    {
        return {.key = key(message),
                .code = code,
                .at = clock.now(),
                .link = link,
                .carrier_ids = std::move(carrier_ids)};
    }
    void record(const store::Change& change)
    {
        store::rules::Record item({change});
        carry_out(item);
    }
    void submitted(const store::NewMessage& message, std::vector<std::string> carrier_ids)
    {
        record(change(message, Code::submitted, std::move(carrier_ids)));
    }
    // A message that the carrier has, under these ids.
    store::NewMessage submit(store::NewMessage message, std::vector<std::string> carrier_ids)
    {
        accept(message);
        take(message);
        submitted(message, std::move(carrier_ids));
        return message;
    }
    store::NewMessage submit(std::vector<std::string> carrier_ids)
    {
        return submit(text(), std::move(carrier_ids));
    }
    // A link has it in hand.
    void take(const store::NewMessage& message) { taken_[thread_of(row(message))] = key(message); }

    // ---- what carriers say
    store::Receipt receipt(const std::string& carrier_id, Code code)
    {
        return {.carrier_id = carrier_id,
                .code = code,
                .provisional = false,
                .at = clock.now(),
                .source = our_number,
                .destination = handset};
    }
    void receive(std::vector<store::Receipt> receipts)
    {
        store::rules::Receipts item(link, std::move(receipts));
        carry_out(item);
    }
    void receive(const std::string& carrier_id, Code code) { receive({receipt(carrier_id, code)}); }

    store::Inbound reply(const std::string& content)
    {
        return {.source = handset,
                .destination = our_number,
                .content = content,
                .part = {},
                .received_at = clock.now(),
                .fingerprint = base::sha256(std::to_string(++fingerprints_))};
    }
    void receive(std::vector<store::Inbound> inbound)
    {
        store::rules::AddInbound item(link, std::move(inbound));
        carry_out(item);
    }
    void receive(const store::Inbound& inbound) { receive(std::vector{inbound}); }

    // ---- what time brings
    void reach_verdicts()
    {
        std::vector<store::MessageKey> late;
        for (const auto& row : facts.messages.rows())
            if (row.queue == store::rules::Queue::verdict &&
                row.seq <= clock.now().time_since_epoch().count())
                late.push_back(row.key);
        store::rules::ReachVerdicts item(std::move(late));
        carry_out(item);
    }
    void give_up_receipts()
    {
        std::vector<store::rules::ParkedReceipt> late;
        for (const auto& parked : parked_)
            if (waits(parked) && parked.arrived_at <= clock.now() - store::rules::match_window)
                late.push_back(parked);
        store::rules::GiveUpReceipts item(std::move(late));
        carry_out(item);
    }

    std::size_t parked(store::rules::ParkedReceipt::State state = store::rules::ParkedReceipt::State::waits)
    {
        return static_cast<std::size_t>(
            std::ranges::count(parked_, state, &store::rules::ParkedReceipt::state));
    }
    std::size_t unmatched() { return parked(store::rules::ParkedReceipt::State::unmatched); }

    void begin_batch() override
    {
        facts.carrier_ids.clear();
        facts.threads.clear();
        facts.sent_between.clear();
        facts.parked.clear();
        facts.doubts_of.clear();
        facts.doubts_between.clear();
    }
    void learn(const store::rules::Wants& wants) override
    {
        for (const auto& id : wants.carrier_ids) facts.carrier_ids.learn(id, with_id(id));
        for (const auto& thread : wants.threads) facts.threads.learn(thread, messages_of(thread));
        for (const auto& thread : wants.sent_between) facts.sent_between.learn(thread, sent_between(thread));
        for (const auto& id : wants.parked) learn_parked(id);
        for (const auto& wanted : wants.parked_between) learn_parked(wanted);
        for (const auto& name : wants.doubts_of) facts.doubts_of.learn(name, doubt_of(name));
        for (const auto& numbers : wants.doubts_between)
            facts.doubts_between.learn(numbers, doubts_between(numbers));
        learn_absent(wants.seen, facts.seen);
        for (const auto& name : wants.reply_parts) facts.reply_parts.learn(name, store::rules::ReplyParts());
        RulesTest::learn(wants);
    }
    void end_batch() override
    {
        for (auto& parked : facts.parked.rows()) save(parked);
        for (const auto& change : effects.doubts) save(change);
        for (const auto& name : effects.reply_parts) {
            store::rules::ReplyParts& parts = *facts.reply_parts.find(name);
            parts.removes_rows = false;
            for (auto& [_, part] : parts.by_sequence) part.is_unsaved = false;
        }
    }

private:
    struct DoubtRow {
        store::rules::LinkThread numbers;
        store::rules::Doubted doubted;
    };

    static bool waits(const store::rules::ParkedReceipt& parked)
    {
        return parked.state == store::rules::ParkedReceipt::State::waits;
    }
    static store::rules::Thread thread_of(const store::rules::MessageRow& row)
    {
        return {row.sender, message::digits_of(row.destination)};
    }

    // Newest first.
    std::vector<store::MessageKey> with_id(const store::rules::CarrierId& id)
    {
        std::vector<const store::rules::MessageRow*> found;
        for (const auto& row : facts.messages.rows())
            if (row.link == id.link && row.part_with(id.id)) found.push_back(&row);
        std::ranges::sort(found, std::greater(), &store::rules::MessageRow::submitted_at);
        std::vector<store::MessageKey> keys;
        for (const auto* row : found)
            if (keys.size() < store::rules::same_id_max) keys.push_back(row->key);
        return keys;
    }
    store::rules::ThreadMessages messages_of(const store::rules::Thread& thread)
    {
        store::rules::ThreadMessages messages;
        std::optional<base::Time> newest;
        for (const auto& row : facts.messages.rows())
            if (thread_of(row) == thread && row.submitted_at > newest) {
                newest = row.submitted_at;
                messages.submitted = row.key;
            }
        if (auto taken = taken_.find(thread); taken != taken_.end()) messages.under_way = taken->second;
        return messages;
    }
    std::vector<store::MessageKey> sent_between(const store::rules::Thread& thread)
    {
        std::vector<const store::rules::MessageRow*> found;
        for (const auto& row : facts.messages.rows())
            if (thread_of(row) == thread && row.submitted_at) found.push_back(&row);
        std::ranges::stable_sort(found, std::greater(), &store::rules::MessageRow::submitted_at);
        std::vector<store::MessageKey> keys;
        for (const auto* row : found)
            if (keys.size() < store::rules::same_id_max) keys.push_back(row->key);
        return keys;
    }
    void learn_parked(const store::rules::CarrierId& id)
    {
        std::vector<store::rules::ParkedReceipt> found;
        for (const auto& parked : parked_)
            if (waits(parked) && store::rules::id_of(parked) == id) found.push_back(parked);
        facts.parked.learn(id, std::move(found));
    }
    void learn_parked(const store::rules::ParkedBetween& wanted)
    {
        std::vector<std::string> ids;
        const auto& [link, thread] = wanted.numbers;
        for (const auto& [_, on, receipt, arrived_at, state] : parked_)
            if (state == store::rules::ParkedReceipt::State::waits && on == link &&
                receipt.source == thread.number && receipt.destination == thread.handset &&
                std::ranges::find(ids, receipt.carrier_id) == ids.end())
                ids.push_back(receipt.carrier_id);
        if (std::ssize(ids) <= wanted.ids_max)
            for (const std::string& id : ids) learn_parked(store::rules::CarrierId{link, id});
        facts.parked.learn(wanted.numbers, std::move(ids));
    }
    std::optional<store::rules::DoubtedThread> doubt_of(const store::rules::DoubtName& name)
    {
        for (const auto& [numbers, doubted] : doubts_)
            if (numbers.link == name.link && doubted.message == name.message)
                return store::rules::DoubtedThread{numbers.thread, doubted.times};
        return {};
    }
    std::vector<store::rules::Doubted> doubts_between(const store::rules::LinkThread& numbers)
    {
        std::vector<store::rules::Doubted> found;
        for (const auto& it : doubts_)
            if (it.numbers == numbers && found.size() < 2) found.push_back(it.doubted);
        return found;
    }

    void save(store::rules::ParkedReceipt& parked)
    {
        auto row = std::ranges::find(parked_, parked.key, &store::rules::ParkedReceipt::key);
        if (parked.key == 0) row = parked_.end();
        if (row != parked_.end()) {
            row->state = parked.state;
        } else if (waits(parked)) {
            parked.key = ++last_parked_;
            parked_.push_back(parked);
        }
    }
    void save(const store::rules::DoubtChange& change)
    {
        auto row = std::ranges::find_if(doubts_, [&](const DoubtRow& it) {
            return it.numbers == change.numbers && it.doubted.message == change.message;
        });
        if (row == doubts_.end())
            doubts_.push_back({change.numbers, {change.message, change.by}});
        else if ((row->doubted.times += change.by) == 0)
            doubts_.erase(row);
    }

    std::vector<store::rules::ParkedReceipt> parked_;
    std::vector<DoubtRow> doubts_;
    std::unordered_map<store::rules::Thread, store::MessageKey> taken_;
    std::int64_t last_parked_ = 0;
    int fingerprints_ = 0;
};

}  // namespace tidings::test
