// SPDX-License-Identifier: Apache-2.0
// How SQLite takes a batch of items through load, decide and write (rules/item.hpp), all of it in the
// transaction that is open.
#include "store/sqlite/ledger.hpp"

#include "store/rules/life.hpp"

namespace tidings::store::sqlite {

rules::Surroundings Ledger::surroundings() const
{
    base::Time now = clock_.now();
    return {.settings = *settings_,
            .now = now,
            .pause_shift = on_pause_scale(now) - now,
            .link_names = link_names_,
            .limits = limits_.of_link};
}

void Ledger::carry_out(Connection& database, std::span<rules::Item* const> items)
{
    wants_.clear();
    facts_.clear();
    decided_.clear();
    rules::Surroundings around = surroundings();
    for (rules::Item* item : items) item->first(around, wants_);
    loader_.load(database, around, wants_, facts_);
    // What the first load brought stays known, and is not loaded again by the second one.
    wants_.begin_second();
    for (rules::Item* item : items) item->second(around, facts_, wants_);
    loader_.load(database, around, wants_, facts_);
    rules::Batch batch{around, facts_, decided_, ids_, last_seq_};
    for (rules::Item* item : items) item->decide(batch);
    write_batch(database);
}

void Ledger::carry_out(Connection& database, rules::Item& item)
{
    rules::Item* const items[] = {&item};
    carry_out(database, items);
}

void Ledger::in_batch(Connection& database, const std::function<void(rules::Batch&)>& step,
                      const rules::Wants& wants)
{
    facts_.clear();
    decided_.clear();
    rules::Surroundings around = surroundings();
    loader_.load(database, around, wants, facts_);
    rules::Batch batch{around, facts_, decided_, ids_, last_seq_};
    step(batch);
    write_batch(database);
}

void Ledger::write_batch(Connection& database)
{
    // From here on the rest of the transaction, another batch included, reads all of this from the tables.
    // What the world outside is to see waits in new_due_, new_callbacks_ and after_commit().
    choose_direct(decided_);
    writer_.write(database, facts_, decided_);
    std::ranges::move(decided_.due, std::back_inserter(new_due_));
    std::ranges::move(decided_.due_callbacks, std::back_inserter(new_callbacks_));
    give_back(decided_);
    if (!decided_.sent.empty()) lives_.keep_sent_keys_for(decided_.duplicate_window);
    for (rules::LogLine& line : decided_.log)
        after_commit([line = std::move(line)] { base::log_line(line.level, line.text); });
}

bool Ledger::advance(Connection& database, MessageRow& row, message::Code code, base::Time at,
                     std::string what)
{
    bool is_allowed = false;
    in_batch(database, [&](rules::Batch& batch) {
        is_allowed = rules::advance(batch, row, {at, code, std::move(what)});
    });
    return is_allowed;
}

void Ledger::make_due(Connection& database, MessageRow& row)
{
    in_batch(database, [&](rules::Batch& batch) { rules::make_due(batch, row); });
}

void Ledger::hold(Connection& database, MessageRow& row, base::Time at, std::string why)
{
    in_batch(database, [&](rules::Batch& batch) { rules::hold(batch, row, at, std::move(why)); });
}

void Ledger::tell(Connection& database, rules::Told told)
{
    in_batch(database, [&](rules::Batch& batch) { rules::tell(batch, std::move(told)); });
}

}  // namespace tidings::store::sqlite
