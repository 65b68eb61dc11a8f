// SPDX-License-Identifier: Apache-2.0
// Messages that wait for their time, or for the hours of their account.
#include "store/sqlite/ledger.hpp"

#include "store/rules/hours.hpp"
#include "store/sqlite/conditions.hpp"

namespace tidings::store::sqlite {

// The account may have millions of messages waiting. So this only notes that they are to be looked through,
// in the transaction of the edit, and release() does it, a batch at a time.
void Ledger::hours_changed(Connection& database, AccountKey account)
{
    database.run(
        "INSERT OR REPLACE INTO holds_to_renew (account, last_seq, last_account, last_id) "
        "VALUES (?, 0, 0, x'')",
        account);
}

// Looks through a batch of what waits for a time, of whichever account, in the order of that time, and goes
// on behind it with the next call. A message that is postponed to a later time is met there once more, and
// then stays as it is, because the same hours give the same time.
bool Ledger::postpone_again(Connection& database, base::Time)
{
    AccountKey account{};
    std::vector<MessageKey> of_account;
    std::size_t looked_at = 0;
    std::int64_t last_seq = 0;
    MessageKey last;
    {
        Rows changed = database.query("SELECT * FROM holds_to_renew ORDER BY account LIMIT 1");
        if (!changed.next()) return false;
        account = changed.as<AccountKey>(0);
        static const Statement behind(
            "SELECT account, id, seq FROM messages WHERE {} AND {} "
            "AND (seq, account, id) > (?, ?, ?) ORDER BY seq, account, id LIMIT ?",
            in(Queue::timed), waits_for_a_time);
        Rows rows = database.query(behind, changed.integer(1), changed.as<AccountKey>(2),
                                   Blob{changed.text(3)}, batch_max);
        for (; rows.next(); ++looked_at) {
            last = {rows.as<AccountKey>(0), rows.uuid(1)};
            last_seq = rows.integer(2);
            // Others are passed over: there is no index by account over what waits for a time, and hours
            // change rarely.
            if (last.account == account) of_account.push_back(last);
        }
    }
    rules::PostponeAgain item(std::move(of_account));
    carry_out(database, item);
    if (looked_at < batch_max)
        database.run("DELETE FROM holds_to_renew WHERE account = ?", account);
    else
        // The place goes into the same commit as what was postponed, so that a crash neither skips nor
        // repeats a batch.
        database.run(
            "UPDATE holds_to_renew SET last_seq = ?, last_account = ?, last_id = ? WHERE account = ?",
            last_seq, last.account, last.id, account);
    return true;
}

}  // namespace tidings::store::sqlite
