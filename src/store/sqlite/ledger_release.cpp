// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/ledger.hpp"

namespace tidings::store {

bool Ledger::release(Connection& database, base::Time now)
{
    bool more = release_messages(database, Queue::timed, now);
    more |= release_messages(database, Queue::retry, now);
    more |= release_settled(database, now);
    more |= release_callbacks(database, now);
    more |= release_parked(database, now);
    more |= release_parts(database, now);
    more |= forget_old(database, now);
    more |= end_lives(database, now);
    return more;
}

// Scheduled messages whose time has come, and those that were put back for another try.
bool Ledger::release_messages(Connection& database, Queue queue, base::Time now)
{
    std::vector<MessageKey> keys;
    {
        Rows rows = database.query(
            "SELECT account, id FROM messages WHERE queue = ? AND seq <= ? ORDER BY seq LIMIT ?", queue, now,
            batch_max);
        while (rows.next()) keys.push_back({rows.as<AccountKey>(0), rows.uuid(1)});
    }
    for (const MessageKey& key : keys) {
        auto row = load_message(database, key);
        make_due(*row);
        if (row->progress.status == message::Status::scheduled)
            advance(database, *row, message::Code::processing, now);
        save_message(database, *row);
    }
    return keys.size() == batch_max;
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
    return std::max(seen, doubts) >= static_cast<std::int64_t>(batch_max);
}

// A batch of what is over its life, of each account; once a minute unless there is more.
bool Ledger::end_lives(Connection& database, base::Time now)
{
    if (now - lives_ended_at_ < life_period) return false;
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
            "DELETE FROM replies WHERE account = ? AND id IN (SELECT id FROM replies WHERE account = ? "
            "AND id < ? LIMIT ?)",
            account, account, base::Uuid::first_at(before), batch_max);
    }
    gone += database.run(
        "DELETE FROM parked_receipts WHERE key IN (SELECT key FROM parked_receipts WHERE unmatched = 1 "
        "AND arrived_at < ? LIMIT ?)",
        before, batch_max);
    gone += database.run(
        "DELETE FROM unmatched_replies WHERE key IN (SELECT key FROM unmatched_replies "
        "WHERE received_at < ? LIMIT ?)",
        before, batch_max);
    more |= gone > 0;
    if (!more) lives_ended_at_ = now;
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
