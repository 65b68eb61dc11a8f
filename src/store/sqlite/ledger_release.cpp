// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/ledger.hpp"

#include "store/sqlite/reply_rows.hpp"

namespace tidings::store {

using message::Code;
using message::Status;

base::Time Ledger::on_pause_scale(base::Time time) const
{
    auto passed = clock_.steady() - begun_.steady;
    return time + (begun_.wall + passed - clock_.now());
}

base::Time Ledger::off_pause_scale(base::Time time) const { return time + (time - on_pause_scale(time)); }

// What a clock that was wrong has left behind: it would wait until that time really comes.
void Ledger::mend_pauses(Connection& database)
{
    base::Time now = clock_.now(), latest = now + pause_max;
    for (Queue queue : {Queue::retry, Queue::settle})
        database.run("UPDATE messages SET seq = ? WHERE queue = ? AND queue < 0 AND seq > ?", now, queue,
                     latest);
    database.run("UPDATE callbacks SET seq = ? WHERE queue = -1 AND seq > ?", now, latest);
    database.run("UPDATE parked_receipts SET arrived_at = ? WHERE unmatched = 0 AND arrived_at > ?", now,
                 latest);
    database.run("UPDATE reply_parts SET received_at = ? WHERE received_at > ?", now, latest);
}

bool Ledger::release(Connection& database, base::Time now)
{
    base::Time pause_end = on_pause_scale(now);
    bool more = expire_waiting(database, Status::scheduled, now);
    more |= expire_waiting(database, Status::enroute, now);
    more |= expire_submitted(database, now);
    more |= postpone_again(database, now);
    more |= release_scheduled(database, now);
    more |= release_retries(database, pause_end);
    more |= release_settled(database, pause_end);
    more |= release_callbacks(database, pause_end);
    more |= release_parked(database, pause_end);
    more |= release_parts(database, pause_end);
    more |= forget_old(database, now);
    more |= end_sent_keys(database, now);
    more |= end_lives(database, now);
    return more;
}

std::vector<MessageKey> Ledger::ready(Connection& database, Queue queue, base::Time now) const
{
    std::vector<MessageKey> keys;
    Rows rows = database.query(
        "SELECT account, id FROM messages WHERE queue = ? AND queue < 0 AND seq <= ? "
        "ORDER BY seq, account, id LIMIT ?",
        queue, now, batch_max);
    while (rows.next()) keys.push_back({rows.as<AccountKey>(0), rows.uuid(1)});
    return keys;
}

bool Ledger::release_scheduled(Connection& database, base::Time now)
{
    std::vector<MessageKey> keys = ready(database, Queue::timed, now);
    for (const MessageKey& key : keys) {
        auto row = load_message(database, key);
        if (base::Time leaves = first_allowed(*row, now); leaves > now) {
            postpone(*row, leaves, now);
            save_extra(database, *row);
        } else {
            meet_rules(database, *row, now, Screening::due);
        }
        save_message(database, *row);
    }
    return keys.size() == batch_max;
}

// Those that were put back for another try.
bool Ledger::release_retries(Connection& database, base::Time pause_end)
{
    std::vector<MessageKey> keys = ready(database, Queue::retry, pause_end);
    for (const MessageKey& key : keys) {
        auto row = load_message(database, key);
        make_due(*row);
        save_message(database, *row);
    }
    return keys.size() == batch_max;
}

// Those of this status whose expiry is not after `time`.
std::vector<MessageRow> Ledger::expired(Connection& database, Status status, base::Time time) const
{
    std::vector<MessageRow> expired;
    Rows rows = database.query(
        "SELECT * FROM messages WHERE status = ? AND status <= 3 "
        "AND expiry IS NOT NULL AND expiry <= ? LIMIT ?",
        status, time, batch_max);
    while (rows.next()) expired.push_back(read_message(rows));
    return expired;
}

// A message in the hands of a taker may be at the carrier already: the taker looks at its expiry itself. All
// others are either still in memory, or on disk beyond what was read into memory.
bool Ledger::expire_waiting(Connection& database, Status status, base::Time now)
{
    std::vector<MessageRow> rows = expired(database, status, now);
    if (rows.empty()) return false;
    std::set<MessageKey> in_memory = expired_in_memory(now);
    std::size_t ended = 0;
    for (MessageRow& row : rows) {
        if (is_taken(row) && !in_memory.contains(row.key)) continue;
        bool in_doubt = row.queue == Queue::held && row.link != LinkKey{};
        advance(database, row, in_doubt ? Code::expired_at_carrier : Code::expired_before_submission, now);
        save_message(database, row);
        ++ended;
    }
    return ended == batch_max;
}

// Or in memory, to be taken next.
bool Ledger::is_taken(const MessageRow& row)
{
    if (!row.queue || !has_lanes(*row.queue)) return false;
    LaneKey lane{priority_in(*row.queue), row.key.account};
    return row.seq <= outbox(queue_with(*row.queue)).cursor(lane);
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

// The carrier should have reported on these long ago.
bool Ledger::expire_submitted(Connection& database, base::Time now)
{
    std::vector<MessageRow> rows = expired(database, Status::submitted, now - report_grace);
    for (MessageRow& row : rows) {
        advance(database, row, Code::expired_at_carrier, now, "no receipt came");
        save_message(database, row);
    }
    return rows.size() == batch_max;
}

bool Ledger::forget_old(Connection& database, base::Time now)
{
    auto seen = database.run(
        "DELETE FROM seen_inbound WHERE fingerprint IN (SELECT fingerprint FROM seen_inbound "
        "WHERE at <= ? LIMIT ?)",
        now - seen_window, batch_max);
    auto doubts = database.run(
        "DELETE FROM doubts WHERE (account, message) IN (SELECT account, message FROM doubts "
        "WHERE at <= ? LIMIT ?)",
        now - doubt_window, batch_max);
    auto keys = database.run(
        "DELETE FROM idempotency_keys WHERE (account, key) IN (SELECT account, key FROM idempotency_keys "
        "WHERE at <= ? LIMIT ?)",
        now - idempotency_window, batch_max);
    return std::max({seen, doubts, keys}) >= static_cast<std::int64_t>(batch_max);
}

// A batch of what is over its life, of each account; once a minute unless there is more.
bool Ledger::end_lives(Connection& database, base::Time now)
{
    if (lives_ended_at_ && clock_.steady() - *lives_ended_at_ < life_period) return false;
    base::Time before = now - life;
    bool more = false;
    std::int64_t gone = 0;
    for (const auto& [account, _] : settings_->accounts) {
        more |= end_messages(database, account, before);
        gone += database.run(
            "DELETE FROM reports WHERE account = ? AND id IN (SELECT id FROM reports WHERE account = ? "
            "AND id < ? LIMIT ?)",
            account, account, base::Uuid::first_at(before), batch_max);
        gone += database.run(
            "DELETE FROM callbacks WHERE account = ?1 AND (id, webhook) IN "
            "(SELECT id, webhook FROM callbacks WHERE account = ?1 AND id < ?2 LIMIT ?3)",
            account, base::Uuid::first_at(before), batch_max);
        gone += database.run(
            "DELETE FROM callback_attempts WHERE account = ? AND (id, webhook, number) IN "
            "(SELECT id, webhook, number FROM callback_attempts WHERE account = ? AND id < ? LIMIT ?)",
            account, account, base::Uuid::first_at(before), batch_max);
        gone += end_replies(database, account, base::Uuid::first_at(before), batch_max);
    }
    gone += static_cast<std::int64_t>(bury_overdue(database, now));
    gone += database.run(
        "DELETE FROM parked_receipts WHERE key IN (SELECT key FROM parked_receipts WHERE unmatched = 1 "
        "AND arrived_at < ? LIMIT ?)",
        before, batch_max);
    gone += database.run(
        "DELETE FROM unmatched_replies WHERE key IN (SELECT key FROM unmatched_replies "
        "WHERE received_at < ? LIMIT ?)",
        before, batch_max);
    more |= gone > 0;
    if (!more) lives_ended_at_ = clock_.steady();
    return more;
}

// A message scheduled far ahead lives from that time on.
bool Ledger::end_messages(Connection& database, AccountKey account, base::Time before)
{
    std::vector<MessageKey> ended;
    {
        Rows rows = database.query(
            "SELECT id FROM messages WHERE account = ? AND id < ? "
            "AND coalesce(extra ->> '$.scheduled', 0) < ? LIMIT ?",
            account, base::Uuid::first_at(before), before, batch_max);
        while (rows.next()) ended.push_back({account, rows.uuid(0)});
    }
    for (const MessageKey& key : ended) {
        auto row = load_message(database, key);
        for (const PartRow& part : row->parts)
            database.run("DELETE FROM carrier_ids WHERE link = ? AND carrier_id = ? AND message = ?",
                         row->link, part.part.carrier_id, key.id);
        database.run("DELETE FROM threads WHERE number = ? AND handset = ? AND message = ?", row->sender,
                     message::digits_of(row->destination), key.id);
        database.run("DELETE FROM messages WHERE account = ? AND id = ?", key.account, key.id);
    }
    return ended.size() == batch_max;
}

}  // namespace tidings::store
