// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/ledger.hpp"

namespace tidings::store {

bool Ledger::release(Connection& database, base::Time now)
{
    bool more = release_messages(database, now);
    more |= release_settled(database, now);
    more |= release_callbacks(database, now);
    more |= release_parked(database, now);
    more |= release_parts(database, now);
    forget_old(database, now);
    return more;
}

// Scheduled messages whose time has come, and those that were put back for another try.
bool Ledger::release_messages(Connection& database, base::Time now)
{
    std::vector<MessageKey> keys;
    {
        Rows rows = database.query("SELECT account, id FROM messages WHERE queue = ? AND seq <= ? ORDER BY seq LIMIT ?",
                                   Queue::timed, now, batch_max);
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

void Ledger::forget_old(Connection& database, base::Time now)
{
    database.run("DELETE FROM seen_inbound WHERE fingerprint IN (SELECT fingerprint FROM seen_inbound WHERE at <= ? "
                 "LIMIT ?)",
                 now - seen_window, batch_max);
}

}  // namespace tidings::store
