// SPDX-License-Identifier: Apache-2.0
// Messages that wait for their time, or for the hours of their account.
#include "store/sqlite/ledger.hpp"

namespace tidings::store::sqlite {

using message::Code;

namespace {

std::string reason(const MessageRow& row, base::Time until)
{
    if (until == scheduled_in(row.extra)) return "waits for its time";
    return "waits for the account's hours, until " + base::to_iso(until);
}

}  // namespace

base::Time Ledger::first_allowed(const MessageRow& row, base::Time time) const
{
    const Account& account = settings_->accounts.at(row.key.account);
    return message::first_allowed(time, {account.hours, account.zone}, message::digits_of(row.destination));
}

void Ledger::postpone(MessageRow& row, base::Time until, base::Time now)
{
    if (until > now) add_step(row, {now, Code::none, reason(row, until)});
    row.queue = Queue::timed;
    row.seq = until.time_since_epoch().count();
    set_release(row, until);
}

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
    base::Time until = first_allowed(*row, wanted);
    if (row->seq == until.time_since_epoch().count()) return;
    postpone(*row, until, now);
    save_message(database, *row);
    save_extra(database, *row);
}

}  // namespace tidings::store::sqlite
