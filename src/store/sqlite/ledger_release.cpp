// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/ledger.hpp"

#include "store/rules/doubts.hpp"
#include "store/rules/expiry.hpp"
#include "store/rules/receipts.hpp"
#include "store/rules/release.hpp"
#include "store/rules/replies.hpp"
#include "store/sqlite/carrier_rows.hpp"
#include "store/sqlite/conditions.hpp"
#include "store/sqlite/pieces.hpp"

namespace tidings::store::sqlite {

using message::Status;

base::Time Ledger::on_pause_scale(base::Time time) const
{
    // The steady clock says what has passed since the start, whatever became of the wall clock meanwhile.
    auto passed = clock_.steady() - begun_.steady;
    return time + (begun_.wall + passed - clock_.now());
}

base::Time Ledger::off_pause_scale(base::Time time) const { return time + (time - on_pause_scale(time)); }

// What a clock that was wrong has left behind. A pause of ours is never longer than pause_max, so that a time
// beyond it was written while the clock was ahead, and whatever has it would wait until then. Scheduled times
// are left alone: applications may mean them.
void Ledger::mend_pauses(Connection& database)
{
    static const Statement messages("UPDATE messages SET seq = ? WHERE queue = ? AND {} AND seq > ?",
                                    waits_for_a_time);
    static const Statement callbacks("UPDATE callbacks SET seq = ? WHERE {} AND seq > ?", in(Queue::timed));
    static const Statement park_now("UPDATE parked_receipts SET arrived_at = ? WHERE {} AND arrived_at > ?",
                                    is_waiting);
    base::Time now = clock_.now(), latest = now + pause_max;
    for (Queue queue : {Queue::retry, Queue::verdict}) database.run(messages, now, queue, latest);
    database.run(callbacks, now, latest);
    database.run(park_now, now, latest);
    database.run("UPDATE reply_parts SET received_at = ? WHERE received_at > ?", now, latest);
}

// Goes through the steps, of which each does one batch. Once they have changed rows_max rows the other steps
// wait for the next call, which begins with them: so no call holds the writer for long, and no step starves.
bool Ledger::release(Connection& database, base::Time now)
{
    enum class Goes { by_wall_clock, by_pauses };
    struct Step {
        Goes goes;
        bool (Ledger::*take)(Connection&, base::Time);
    };
    static constexpr Step steps[] = {
        {Goes::by_wall_clock, &Ledger::expire_scheduled},  {Goes::by_wall_clock, &Ledger::expire_enroute},
        {Goes::by_wall_clock, &Ledger::expire_submitted},  {Goes::by_wall_clock, &Ledger::postpone_again},
        {Goes::by_wall_clock, &Ledger::release_scheduled}, {Goes::by_pauses, &Ledger::release_retries},
        {Goes::by_pauses, &Ledger::release_verdicts},      {Goes::by_pauses, &Ledger::release_callbacks},
        {Goes::by_pauses, &Ledger::release_parked},        {Goes::by_pauses, &Ledger::release_parts},
        {Goes::by_wall_clock, &Ledger::forget_old},        {Goes::by_wall_clock, &Ledger::end_sent_keys},
        {Goes::by_wall_clock, &Ledger::end_lives},
    };
    base::Time pause_end = on_pause_scale(now);
    auto before = database.rows_changed();
    bool more = false;
    for (std::size_t done = 0; done < std::size(steps); ++done) {
        // Begins where the last call stopped: a step that always has more to do would otherwise keep those
        // after it from their turn.
        const Step& step = steps[next_step_];
        more |= (this->*step.take)(database, step.goes == Goes::by_pauses ? pause_end : now);
        next_step_ = (next_step_ + 1) % std::size(steps);
        if (database.rows_changed() - before >= static_cast<std::int64_t>(rows_max)) return true;
    }
    return more;
}

bool Ledger::expire_scheduled(Connection& database, base::Time now)
{
    return expire_waiting(database, Status::scheduled, now);
}

bool Ledger::expire_enroute(Connection& database, base::Time now)
{
    return expire_waiting(database, Status::enroute, now);
}

std::vector<MessageKey> Ledger::ready(Connection& database, Queue queue, base::Time now) const
{
    std::vector<MessageKey> keys;
    // Served by messages_timed. `seq` is a time in these queues, and account and id only make the order
    // complete.
    static const Statement reached(
        "SELECT account, id FROM messages WHERE queue = ? AND {} AND seq <= ? "
        "ORDER BY seq, account, id LIMIT ?",
        waits_for_a_time);
    Rows rows = database.query(reached, queue, now, batch_max);
    while (rows.next()) keys.push_back({rows.as<AccountKey>(0), rows.uuid(1)});
    return keys;
}

bool Ledger::release_scheduled(Connection& database, base::Time now)
{
    std::vector<MessageKey> keys = ready(database, Queue::timed, now);
    rules::ReleaseScheduled item(keys);
    carry_out(database, item);
    return keys.size() == batch_max;
}

// Those that were put back for another try.
bool Ledger::release_retries(Connection& database, base::Time pause_end)
{
    std::vector<MessageKey> keys = ready(database, Queue::retry, pause_end);
    rules::ReleaseRetries item(keys);
    carry_out(database, item);
    return keys.size() == batch_max;
}

// A batch of those of this status whose expiry is not after `time`, in its order, behind `last`.
std::vector<Ledger::Standing> Ledger::expired(Connection& database, Status status, base::Time time,
                                              const Standing& last) const
{
    std::vector<Standing> expired;
    // Served by messages_expiry, which holds no message that has ended.
    static const Statement over(
        "SELECT account, id, queue, seq, expiry FROM messages WHERE status = ? AND {} AND expiry <= ? "
        "AND (expiry, account, id) > (?, ?, ?) ORDER BY expiry, account, id LIMIT ?",
        may_expire);
    Rows rows = database.query(over, status, time, last.expiry, last.key.account, last.key.id, batch_max);
    while (rows.next()) {
        Standing& it = expired.emplace_back();
        it.key = {rows.as<AccountKey>(0), rows.uuid(1)};
        if (!rows.is_null(2)) it.queue = rows.as<Queue>(2);
        it.seq = rows.integer(3);
        it.expiry = rows.time(4);
    }
    return expired;
}

// A message in the hands of a taker may be at the carrier already: the taker looks at its expiry itself. All
// others are either still in memory, or on disk beyond what was read into memory.
bool Ledger::expire_waiting(Connection& database, Status status, base::Time now)
{
    std::vector<MessageKey> keys;
    std::optional<std::set<MessageKey>> in_memory;
    // Past those that are in somebody's hands, which stay where they are found: a batch full of them must not
    // hide what waits behind. Takers have no more of them than their windows hold.
    for (Standing last;;) {
        std::vector<Standing> found = expired(database, status, now, last);
        // Those that are found stay in memory: whoever takes one sees its expiry and records that end once
        // more, which `advance` then refuses.
        if (!found.empty() && !in_memory) in_memory = expired_in_memory(now);
        for (const Standing& it : found) {
            bool came_to_memory = is_taken(it);
            if (came_to_memory && !in_memory->contains(it.key)) continue;
            // The lane counts what it still has on disk. A row that leaves without having come into memory is
            // taken off.
            if (!came_to_memory) leave_lane(it);
            keys.push_back(it.key);
        }
        if (found.size() < batch_max || keys.size() >= batch_max) break;
        last = found.back();
    }
    if (keys.empty()) return false;
    rules::Expire item(keys);
    carry_out(database, item);
    return keys.size() >= batch_max;
}

// Tells its lane that a message left it on disk which never came into memory, since the lane counts these.
void Ledger::leave_lane(const Standing& it)
{
    if (!it.queue || !has_lanes(*it.queue)) return;
    LaneKey lane{priority_in(*it.queue), it.key.account};
    after_commit([this, queue = queue_with(*it.queue), lane] { outbox(queue).lost(lane, 1); });
}

// Whether it came into memory: then it has been taken, or is going to be next. All that did has a seq up to
// the cursor of its lane.
bool Ledger::is_taken(const Standing& it)
{
    if (!it.queue || !has_lanes(*it.queue)) return false;
    LaneKey lane{priority_in(*it.queue), it.key.account};
    return it.seq <= outbox(queue_with(*it.queue)).cursor(lane);
}

std::set<MessageKey> Ledger::expired_in_memory(base::Time now)
{
    std::set<MessageKey> keys;
    std::lock_guard lock(outboxes_mutex_);
    for (auto& [queue, box] : outboxes_)
        box.for_each([&](const Outbound& message) {
            if (message.expiry && *message.expiry <= now) keys.insert(message.key);
        });
    return keys;
}

// Submitted messages without a final receipt, whose carrier should have reported on them long ago. They stand
// in no lane, or in the verdict queue, so that nobody has them in hand.
bool Ledger::expire_submitted(Connection& database, base::Time now)
{
    std::vector<MessageKey> keys;
    for (const Standing& it : expired(database, Status::submitted, now - rules::report_grace, {}))
        keys.push_back(it.key);
    rules::Expire item(keys);
    carry_out(database, item);
    return keys.size() == batch_max;
}

bool Ledger::release_verdicts(Connection& database, base::Time pause_end)
{
    std::vector<MessageKey> keys = ready(database, Queue::verdict, pause_end);
    bool more = keys.size() == batch_max;
    rules::ReachVerdicts item(std::move(keys));
    carry_out(database, item);
    return more;
}

// Each link has an equal share of the batch: a carrier that sends receipts without end must not keep those of
// others from being given up, or matched, in time.
bool Ledger::release_parked(Connection& database, base::Time pause_end)
{
    std::vector<LinkKey> links = row_counts_.links_with(RowCounts::Kind::parked_receipts);
    std::vector<rules::ParkedReceipt> late;
    bool more = false;
    for (LinkKey link : links) {
        std::size_t limit = std::max<std::size_t>(1, batch_max / links.size());
        auto found = parked_until(database, link, pause_end - rules::match_window, limit);
        more |= found.size() == limit;
        std::ranges::move(found, std::back_inserter(late));
    }
    rules::GiveUpReceipts item(std::move(late));
    carry_out(database, item);
    return more;
}

bool Ledger::release_parts(Connection& database, base::Time pause_end)
{
    std::vector<LinkKey> links = row_counts_.links_with(RowCounts::Kind::reply_parts);
    std::vector<rules::ReplyName> late;
    for (LinkKey link : links) {
        std::size_t limit = std::max<std::size_t>(1, batch_max / links.size());
        std::ranges::move(replies_in_parts_until(database, link, pause_end - rules::parts_window, limit),
                          std::back_inserter(late));
    }
    if (late.empty()) return false;
    rules::DeliverLateParts item(std::move(late));
    carry_out(database, item);
    return true;
}

// Keys and doubts that nobody will ask for any more. Each DELETE finds its rows by an index over their age
// and takes batch_max of them.
bool Ledger::forget_old(Connection& database, base::Time now)
{
    std::int64_t seen = 0;
    for (LinkKey link : row_counts_.links_with(RowCounts::Kind::seen_inbound))
        seen =
            std::max(seen, database.run("DELETE FROM seen_inbound WHERE fingerprint IN (SELECT fingerprint "
                                        "FROM seen_inbound WHERE link = ? AND at <= ? ORDER BY at LIMIT ?)",
                                        link, now - seen_window, batch_max));
    auto doubts = forget_doubts(database, now - doubt_window);
    auto keys = database.run(
        "DELETE FROM idempotency_keys WHERE (account, key) IN (SELECT account, key FROM idempotency_keys "
        "WHERE at <= ? ORDER BY at LIMIT ?)",
        now - idempotency_window, batch_max);
    return std::max({seen, doubts, keys}) >= static_cast<std::int64_t>(batch_max);
}

// Deleted one by one. Given a list of keys SQLite would search by the first columns alone and look at all
// rows that share them, which for one link may be very many.
std::int64_t Ledger::forget_doubts(Connection& database, base::Time before)
{
    struct Key {
        LinkKey link{};
        std::string destination, source;
        MessageKey message;
    };
    std::vector<Key> old;
    {
        Rows rows = database.query(
            "SELECT link, destination, source, account, message FROM doubts WHERE at <= ? ORDER BY at LIMIT "
            "?",
            before, batch_max);
        while (rows.next())
            old.push_back({rows.as<LinkKey>(0),
                           std::string(rows.text(1)),
                           std::string(rows.text(2)),
                           {rows.as<AccountKey>(3), rows.uuid(4)}});
    }
    for (const Key& key : old)
        database.run(
            "DELETE FROM doubts WHERE link = ? AND destination = ? AND source = ? AND account = ? AND "
            "message = ?",
            key.link, key.destination, key.source, key.message.account, key.message.id);
    return static_cast<std::int64_t>(old.size());
}

bool Ledger::end_sent_keys(Connection& database, base::Time now)
{
    std::optional<std::chrono::seconds> window = lives_.longest_window();
    return window && hints_.sent.end(database, now - *window, batch_max);
}

bool Ledger::end_lives(Connection& database, base::Time now) { return lives_.end(database, *settings_, now); }

}  // namespace tidings::store::sqlite
