// SPDX-License-Identifier: Apache-2.0
// Messages that wait for their time, or for the hours of their account.
#include "store/sqlite/ledger.hpp"

#include "store/rules/hours.hpp"

namespace tidings::store::sqlite {

// They may be many, so that release() does it, a batch at a time.
void Ledger::hours_changed(Connection& database, AccountKey account)
{
    database.run(
        "INSERT OR REPLACE INTO holds_to_renew (account, last_seq, last_account, last_id) "
        "VALUES (?, 0, 0, x'')",
        account);
}

// Looks through a batch of what waits for a time, of whichever account. A message that is moved ahead of the
// look-through is met again, and then stays where it is.
bool Ledger::postpone_again(Connection& database, base::Time now)
{
    AccountKey account{};
    std::vector<MessageKey> batch;
    std::int64_t last_seq = 0;
    {
        Rows changed = database.query("SELECT * FROM holds_to_renew ORDER BY account LIMIT 1");
        if (!changed.next()) return false;
        account = changed.as<AccountKey>(0);
        Rows rows = database.query(
            "SELECT account, id, seq FROM messages WHERE queue = ? AND queue < 0 "
            "AND (seq, account, id) > (?, ?, ?) ORDER BY seq, account, id LIMIT ?",
            Queue::timed, changed.integer(1), changed.as<AccountKey>(2), Blob{changed.text(3)}, batch_max);
        while (rows.next()) {
            batch.push_back({rows.as<AccountKey>(0), rows.uuid(1)});
            last_seq = rows.integer(2);
        }
    }
    for (const MessageKey& key : batch)
        if (key.account == account) postpone_again(database, key, now);
    if (batch.size() < batch_max)
        database.run("DELETE FROM holds_to_renew WHERE account = ?", account);
    else
        database.run(
            "UPDATE holds_to_renew SET last_seq = ?, last_account = ?, last_id = ? WHERE account = ?",
            last_seq, batch.back().account, batch.back().id, account);
    return true;
}

void Ledger::postpone_again(Connection& database, const MessageKey& key, base::Time now)
{
    auto row = load_message(database, key);
    base::Time wanted = std::max(now, scheduled_in(row->extra).value_or(now));
    base::Time until = rules::first_allowed(surroundings(), *row, wanted);
    if (row->seq == until.time_since_epoch().count()) return;
    rules::postpone(*row, until, now);
    save_message(database, *row);
    save_extra(database, *row);
}

}  // namespace tidings::store::sqlite
