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

}  // namespace tidings::store
