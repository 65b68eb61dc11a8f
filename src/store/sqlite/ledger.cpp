// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/ledger.hpp"

#include "base/log.hpp"
#include "store/sqlite/carrier_rows.hpp"
#include "store/sqlite/conditions.hpp"
#include "store/sqlite/opt_out_rows.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cassert>

namespace tidings::store::sqlite {

using message::Code;
using message::Status;
using Rest = Outbox<Outbound>::Rest;

Ledger::Ledger(base::Clock& clock, base::UuidSource& ids, Limits limits)
    : clock_(clock), ids_(ids), limits_(limits), hints_(limits), callbacks_(limits.callbacks)
{
}

// Everything in memory is made anew from what is on disk; nothing that was only in memory is missed. What
// links had in hand when the process ended stands in its queue as before, and will be taken again.
//
// The order matters: pauses are mended before anything is read by its time, and rows are counted and watched
// before hold_marked() moves some of them.
void Ledger::open(Connection& database)
{
    committed_settings_ = settings_;
    begun_ = clock_.sighting();
    mend_pauses(database);
    callback_writer_.open(database);
    row_counts_.open(database);
    row_counts_.watch(database);

    open_queues(database);
    {
        static const Statement last("SELECT max(seq) FROM callbacks WHERE {}", in(Queue::due));
        Rows rows = database.query(last);
        rows.next();
        // Callbacks and messages draw from one sequence, so that it goes on from the higher of both.
        last_seq_ = std::max(last_seq_, rows.integer(0));
    }
    callbacks_.fall_behind(callback_lanes(database));

    // All that the last run had in memory and not in the tables for what left it. Two batches more: it held
    // up to one more, and the order of submitted_at is not exactly the order in which messages came.
    std::vector<MessageKey> newest;
    {
        Rows rows = database.query(
            "SELECT account, id FROM messages WHERE submitted_at IS NOT NULL "
            "ORDER BY submitted_at DESC LIMIT ?",
            limits_.recent + 2 * hints_.recent.batch());
        while (rows.next()) newest.push_back({rows.as<AccountKey>(0), rows.uuid(1)});
    }
    // Oldest first, as they came: of two with the same id or thread the later one counts.
    for (auto key = newest.rbegin(); key != newest.rend(); ++key) remember(*load_message(database, *key));

    Rows links = database.query("SELECT key, name FROM links");
    while (links.next()) link_names_[links.as<LinkKey>(0)] = links.text(1);
    hold_marked(database);
    open_pool_use(database);
    hints_.sent.open(database);
    hints_.familiar.open(database);
    hints_.opt_outs.open(database);
    hints_.has_threads = database.query("SELECT 1 FROM threads LIMIT 1").next();

    static const Statement parked_ids("SELECT link, carrier_id FROM parked_receipts WHERE {}", is_waiting);
    Rows parked = database.query(parked_ids);
    while (parked.next()) hints_.parked.add({parked.as<LinkKey>(0), std::string(parked.text(1))});
}

// The lanes that the last run left, also those of links that are no more. From now on whoever puts something
// into a lane says so to its outbox. The seq goes on from the highest in these queues: in others it is a
// time.
void Ledger::open_queues(Connection& database)
{
    std::vector<std::pair<Queue, LaneKey>> lanes;
    {
        // One pass over messages_queue, which holds only what is due or with a link. Its cost goes by how
        // much waits, which only the start may take.
        static const Statement lanes_of_queues(
            "SELECT queue, account, count(*), max(seq) FROM messages WHERE {} GROUP BY queue, account",
            stands_in_line);
        Rows rows = database.query(lanes_of_queues);
        while (rows.next()) {
            auto queue = rows.as<Queue>(0);
            LaneKey lane{priority_in(queue), rows.as<AccountKey>(1)};
            outbox(queue_with(queue)).open(lane, static_cast<std::uint64_t>(rows.integer(2)));
            last_seq_ = std::max(last_seq_, rows.integer(3));
            lanes.emplace_back(queue_with(queue), lane);
        }
    }
    // What links had in hand when the last process ended stands at the heads of the lanes. A handset may
    // answer such a message before it is sent again, so these count as taken, by which replies find them.
    for (const auto& [queue, lane] : lanes) {
        std::vector<Outbound> heads;
        for (Queued<Outbound>& head : read_lane(database, queue, lane, Hints::taken_max / lanes.size()))
            heads.push_back(std::move(head.item));
        hints_.taken.add(heads);
    }
}

// Which numbers of the pool write to which handsets. What was submitted is remembered already; this is what
// is on its way.
void Ledger::open_pool_use(Connection& database)
{
    if (settings_->pool->numbers.empty()) return;
    static const Statement in_line("SELECT sender, destination FROM messages WHERE {} LIMIT ?",
                                   stands_in_line);
    Rows rows = database.query(in_line, hints_.pool_use.uses_max());
    while (rows.next()) {
        std::string sender(rows.text(0));
        if (settings_->is_shared(sender))
            hints_.pool_use.add(sender, message::digits_of(rows.text(1)), clock_.now());
    }
}

Outbox<Outbound>& Ledger::outbox(Queue queue)
{
    std::lock_guard lock(outboxes_mutex_);
    // Made when it is first asked for, and never removed, so that a reference to it stays good. One that is
    // made after stop_waiting() is closed from the start: nobody would wake who waits there.
    auto [found, made] = outboxes_.try_emplace(queue, limits_.queued);
    if (made && stopped_) found->second.wakeup().close();
    return found->second;
}

std::vector<Queue> Ledger::link_queues()
{
    std::lock_guard lock(outboxes_mutex_);
    std::vector<Queue> queues;
    for (auto& [queue, box] : outboxes_)
        if (queue > Queue::due) queues.push_back(queue);
    return queues;
}

void Ledger::count_waiting(Connection& database, LinkStatus& status)
{
    auto add = [&status](std::uint64_t count, base::Time due_since) {
        status.waiting += count;
        status.due_since = std::min(status.due_since.value_or(due_since), due_since);
    };
    Queue queue = queue_of(status.link);
    Outbox<Outbound>& box = outbox(queue);
    // What is in memory is counted one by one; of a lane's rest on disk the count is known, and one search
    // finds the oldest. So the cost goes by the number of lanes, however much waits.
    box.for_each([&](const Outbound& message) { add(1, message.due_since); });
    for (const auto& [lane, cursor, count] : box.backlogs()) {
        static const Statement first(
            "SELECT changed_at FROM messages WHERE queue = ? AND {} AND account = ? AND seq > ? "
            "ORDER BY seq LIMIT 1",
            stands_in_line);
        Rows rows = database.query(first, lane_in(queue, lane.priority), lane.account, cursor);
        if (rows.next()) add(count, rows.time(0));
    }
}

void Ledger::stop_waiting()
{
    callbacks_.wakeup().close();
    std::lock_guard lock(outboxes_mutex_);
    stopped_ = true;
    for (auto& [queue, box] : outboxes_) box.wakeup().close();
}

void Ledger::committed()
{
    committed_settings_ = settings_;
    row_counts_.committed();
    callback_writer_.committed();
    made_due_.clear();
    hints_.parked.committed();
    // What was read from disk goes into memory before what has just become due, which stands behind it in its
    // lane.
    for (auto& effect : effects_) effect();
    effects_.clear();
    if (!new_due_.empty()) outbox(Queue::due).push_all(std::exchange(new_due_, {}));
    if (!new_callbacks_.empty()) callbacks_.push_all(std::exchange(new_callbacks_, {}));
}

// Hints need no rolling back, and last_seq_ goes on: a seq that nobody has does no harm.
void Ledger::rolled_back()
{
    settings_ = committed_settings_;
    row_counts_.rolled_back();
    callback_writer_.rolled_back();
    callbacks_.give_back_displaced(std::exchange(made_due_, {}));
    hints_.parked.rolled_back();
    effects_.clear();
    new_due_.clear();
    new_callbacks_.clear();
}

void Ledger::name_link(LinkKey link, std::string name)
{
    after_commit([this, link, name = std::move(name)]() mutable { link_names_[link] = std::move(name); });
}

const std::string& Ledger::account_id(AccountKey account) const { return settings_->accounts.at(account).id; }

void Ledger::remember(const MessageRow& row)
{
    note_submitted(hints_.recent, row);
    if (settings_->is_shared(row.sender))
        hints_.pool_use.add(row.sender, message::digits_of(row.destination), *row.submitted_at);
}

void Ledger::move_to(Connection& database, Queue queue, const Outbound& message)
{
    // Only if it still stands in line. Meanwhile the message may have ended or been held, and then must not
    // come back.
    Rows rows =
        database.query("SELECT queue FROM messages WHERE account = ? AND id = ? AND queue IS NOT NULL",
                       message.key.account, message.key.id);
    if (!rows.next() || !has_lanes(rows.as<Queue>(0))) return;
    Queue lane = lane_in(queue, message.priority);
    row_counts_.moved(rows.as<Queue>(0), lane);
    database.run("UPDATE messages SET queue = ?, seq = ? WHERE account = ? AND id = ?", lane, ++last_seq_,
                 message.key.account, message.key.id);
}

bool Ledger::make_due_again(Connection& database, Queue queue)
{
    Outbox<Outbound>& box = outbox(queue);
    // Hungry lanes are those with messages on disk that did not come into memory. What was in memory the
    // caller has taken already (SqliteStore::make_due_again).
    std::vector<LaneKey> lanes = box.hungry(batch_max), due;
    for (const LaneKey& lane : lanes) {
        std::size_t limit = batch_max - due.size();
        if (limit == 0) break;
        std::vector<Queued<Outbound>> found = read_lane(database, queue, lane, limit);
        for (const Queued<Outbound>& message : found) {
            move_to(database, Queue::due, message.item);
            due.push_back(lane);
        }
        after_commit([&box, lane, count = found.size(), is_empty = found.size() < limit] {
            box.lost(lane, count);
            if (is_empty) box.read_from_disk(lane, {}, Rest::none);
        });
    }
    bool more = due.size() == batch_max || lanes.size() == batch_max;
    after_commit([this, due = std::move(due)] { outbox(Queue::due).fall_behind(due); });
    return more;
}

// How many rows are read of each lane when several lanes are read at once: an equal share of what one read
// may bring, and one at least.
std::size_t Ledger::read_share(std::size_t lanes) const
{
    return std::max<std::size_t>(1, std::min(read_max, limits_.queued) / lanes);
}

// What stands in the lane behind its cursor, that is, on disk only. Served by messages_queue, whose columns
// are queue, account and seq.
std::vector<Queued<Outbound>> Ledger::read_lane(Connection& database, Queue queue, const LaneKey& lane,
                                                std::size_t limit)
{
    std::vector<Queued<Outbound>> found;
    static const Statement next(
        "SELECT * FROM messages WHERE queue = ? AND {} AND account = ? AND seq > ? ORDER BY seq LIMIT ?",
        stands_in_line);
    Rows rows =
        database.query(next, lane_in(queue, lane.priority), lane.account, outbox(queue).cursor(lane), limit);
    while (rows.next()) {
        MessageRow row = read_message(rows);
        found.push_back({row.seq, outbound_of(row)});
    }
    return found;
}

void Ledger::read_queue(Connection& database, Queue queue)
{
    Outbox<Outbound>& box = outbox(queue);
    std::vector<LaneKey> hungry = box.hungry(lanes_read_max);
    for (const LaneKey& lane : hungry) {
        std::size_t limit = read_share(hungry.size());
        std::vector<Queued<Outbound>> found = read_lane(database, queue, lane, limit);
        Rest rest = found.size() < limit ? Rest::none : Rest::more;
        after_commit([&box, lane, rest, found = std::move(found)]() mutable {
            box.read_from_disk(lane, std::move(found), rest);
        });
    }
}

void Ledger::inbound_answered(Connection& database, const base::Sha256& fingerprint)
{
    database.run("DELETE FROM seen_inbound WHERE fingerprint = ?", blob_of(fingerprint));
}

bool Ledger::add_opt_out(Connection& database, AccountKey account, const std::string& number)
{
    hints_.opt_outs.add(account, number);
    return add_to_list(database, account, number, clock_.now());
}

void Ledger::confirm_reports(Connection& database, AccountKey account, const std::vector<base::Uuid>& ids)
{
    for (const base::Uuid& id : ids)
        // A confirmed report goes: callbacks that still tell of it have its code and times in their own rows.
        // A confirmed reply stays until its life ends, because callbacks are made of it each time they become
        // due.
        database.run("DELETE FROM reports WHERE account = ? AND id = ?", account, id);
}

void Ledger::confirm_replies(Connection& database, AccountKey account, const std::vector<base::Uuid>& ids)
{
    for (const base::Uuid& id : ids)
        database.run("UPDATE replies SET confirmed = 1 WHERE account = ? AND id = ?", account, id);
}

void Ledger::before_commit(Connection& database)
{
    make_displaced_due(database);
    callback_writer_.before_commit(database);
    evict(database);
}

void Ledger::evict(Connection& database)
{
    if (auto count = hints_.sent.evict(database)) after_commit([this, count] { hints_.sent.evicted(count); });
    if (auto count = hints_.familiar.evict(database))
        after_commit([this, count] { hints_.familiar.evicted(count); });
    // The row is read once more, since what has happened to the message meanwhile decides what is worth an
    // index: of one that was delivered no further receipt is of interest, but a reply may still come.
    auto surplus = hints_.recent.surplus();
    if (surplus.empty()) return;
    for (const MessageKey& key : surplus) {
        auto row = load_message(database, key);
        if (!row || !row->submitted_at) continue;
        hints_.has_threads = true;
        database.run(
            "INSERT INTO threads (number, handset, account, message, submitted_at) VALUES (?, ?, ?, ?, ?) "
            "ON CONFLICT DO UPDATE SET account = excluded.account, message = excluded.message, "
            "submitted_at = excluded.submitted_at WHERE submitted_at <= excluded.submitted_at",
            row->sender, message::digits_of(row->destination), key.account, key.id, *row->submitted_at);
        if (row->progress.status == Status::delivered) continue;
        for (const PartRow& part : row->parts) {
            if (part.part.carrier_id.empty()) continue;
            database.run(
                "INSERT OR REPLACE INTO carrier_ids (link, carrier_id, account, message) VALUES (?, ?, ?, ?)",
                row->link, part.part.carrier_id, key.account, key.id);
        }
    }
    after_commit([this, count = surplus.size()] { hints_.recent.forget_oldest(count); });
}

}  // namespace tidings::store::sqlite
