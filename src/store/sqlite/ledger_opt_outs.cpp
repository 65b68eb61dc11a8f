// SPDX-License-Identifier: Apache-2.0
// The numbers that are not to be written to.
#include "store/sqlite/ledger.hpp"

#include "store/rules/life.hpp"
#include "store/rules/opt_outs.hpp"

namespace tidings::store::sqlite {

using message::Wish;

bool Ledger::add_opt_out(Connection& database, AccountKey account, const std::string& number)
{
    hints_.opt_outs.add(account, number);
    return database.run("INSERT OR IGNORE INTO opt_outs (account, number, at) VALUES (?, ?, ?)", account,
                        number, clock_.now()) == 1;
}

bool Ledger::remove_opt_out(Connection& database, AccountKey account, const std::string& number)
{
    return database.run("DELETE FROM opt_outs WHERE account = ? AND number = ?", account, number) == 1;
}

// Does what a reply to this account asks for and says what that is.
Wish Ledger::heed(Connection& database, const Account& account, const Inbound& inbound)
{
    if (!account.features.has(Feature::opt_out)) return Wish::none;
    Wish wish = message::wish_of(inbound.content);
    switch (wish) {
    case Wish::opt_out:
        if (add_opt_out(database, account.key, inbound.source)) confirm_opt_out(database, account, inbound);
        break;
    case Wish::opt_in: remove_opt_out(database, account.key, inbound.source); break;
    case Wish::none:
    case Wish::perhaps_opt_out: break;
    }
    return wish;
}

void Ledger::confirm_opt_out(Connection& database, const Account& account, const Inbound& inbound)
{
    rules::Wants wants;
    rules::want_balance(surroundings(), account.key, wants);
    in_batch(
        database, [&](rules::Batch& batch) { rules::confirm_opt_out(batch, account, inbound); }, wants);
}

}  // namespace tidings::store::sqlite
