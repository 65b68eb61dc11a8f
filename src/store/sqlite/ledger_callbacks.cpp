// SPDX-License-Identifier: Apache-2.0
// Callbacks on disk: lanes are read into memory, and scans find those that something has become due for. What
// becomes of them is decided in rules/callbacks.
#include "store/sqlite/ledger.hpp"

#include "store/rules/callbacks.hpp"
#include "store/sqlite/conditions.hpp"

namespace tidings::store::sqlite {

void Ledger::read_callbacks(Connection& database)
{
    make_displaced_due(database);
    // Some lanes at a time and each a share, so that one job of the writer stays short however many lanes are
    // hungry.
    std::vector<CallbackLane> hungry = callbacks_.hungry(lanes_read_max);
    for (const CallbackLane& lane : hungry) {
        // Twice what may be out, so that there is always something to go on with.
        std::size_t useful = std::min(limits_.callbacks, 2 * callbacks_.limit(lane));
        read_callbacks(database, lane, std::clamp<std::size_t>(useful, 1, read_share(hungry.size())));
    }
}

void Ledger::read_callbacks(Connection& database, const CallbackLane& lane, std::size_t limit)
{
    static const Statement due(
        "SELECT * FROM callbacks WHERE {} AND endpoint = ? AND account = ? AND seq > ? ORDER BY seq LIMIT ?",
        in(Queue::due));
    std::vector<CallbackRow> places;
    {
        Rows rows = database.query(due, lane.endpoint, lane.account, callbacks_.cursor(lane), limit);
        while (rows.next()) places.push_back(read_callback(rows));
    }
    std::vector<Queued<Callback>> found;
    know_content(database, places);
    rules::Surroundings around = surroundings();
    for (const CallbackRow& row : places) {
        if (auto callback = rules::content_of(around, facts_, row))
            found.push_back({row.seq, std::move(*callback)});
        else
            // What it was to tell of has ended its life, and nobody would ever take it: it would stand in its
            // lane for good.
            callback_writer_.forget(database, row.key);
    }
    auto rest = places.size() < limit ? CallbackBox::Rest::none : CallbackBox::Rest::more;
    after_commit([this, lane, rest, found = std::move(found)]() mutable {
        callbacks_.read_from_disk(lane, std::move(found), rest);
    });
}

// Loads into facts_ what these callbacks tell of. It stays there until the next batch clears it.
void Ledger::know_content(Connection& database, const std::vector<CallbackRow>& rows)
{
    wants_.clear();
    facts_.clear();
    for (const CallbackRow& row : rows) rules::want_content(row, wants_);
    loader_.load(database, surroundings(), wants_, facts_);
}

// What was just made goes to its lane in memory by itself, if that has room for all that is new of it. Both
// lists are in the order of seq.
void Ledger::choose_direct(rules::Effects& decided)
{
    std::map<CallbackLane, std::size_t> counts;
    for (const Queued<Callback>& callback : decided.due_callbacks) ++counts[lane_of(callback.item)];
    callbacks_.keep_with_room(counts);
    auto due = decided.due_callbacks.begin();
    for (rules::CallbackWrite& write : decided.callbacks) {
        if (write.kind != rules::CallbackWrite::Kind::made) continue;
        while (due->seq != write.row.seq) ++due;
        if (!counts.contains(lane_of(due->item))) continue;
        due->is_direct = true;
        write.row.queue = Queue::direct;
    }
}

// Before lanes are read, so that what memory had no place for any more is found on disk.
void Ledger::make_displaced_due(Connection& database)
{
    std::vector<Callback> displaced = callbacks_.take_displaced();
    for (const Callback& callback : displaced) callback_writer_.make_due(database, callback.key);
    std::ranges::move(displaced, std::back_inserter(made_due_));
}

// After the commit the lanes learn that some of their callbacks came back, so that others may be taken; and
// that some were put to their end on disk, which memory does not have.
void Ledger::give_back(rules::Effects& decided)
{
    if (decided.given_back.empty()) return;
    after_commit([this, counts = std::move(decided.given_back), behind = std::move(decided.fell_behind)] {
        // Before the lanes get their places back: as soon as they have, whoever waits takes from them.
        callbacks_.fall_behind(behind);
        for (const auto& [lane, count] : counts)
            callbacks_.adjust(lane, [&](CallbackGate& gate) { gate.gave_back(lane, count); });
    });
}

void Ledger::limit_callbacks(const CallbackLane& lane, std::size_t out_max, std::optional<base::Time> until)
{
    callbacks_.adjust(lane, [&](CallbackGate& gate) { gate.set_limit(lane, out_max, until); });
}

bool Ledger::release_callbacks(Connection& database, base::Time pause_end)
{
    // Served by callbacks_timed.
    static const Statement timed("SELECT * FROM callbacks WHERE {} AND seq <= ? ORDER BY seq LIMIT ?",
                                 in(Queue::timed));
    std::vector<CallbackRow> ready;
    {
        Rows rows = database.query(timed, pause_end, batch_max);
        while (rows.next()) ready.push_back(read_callback(rows));
    }
    std::size_t count = ready.size();
    rules::ReleaseCallbacks item(std::move(ready));
    if (count > 0) carry_out(database, item);
    return count == batch_max;
}

}  // namespace tidings::store::sqlite
