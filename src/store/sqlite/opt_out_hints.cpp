// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/opt_out_hints.hpp"

#include "store/memory/key_hash.hpp"

namespace tidings::store::sqlite {

void OptOutHints::open(Connection& database)
{
    {
        Rows rows = database.query("SELECT account, number FROM opt_outs LIMIT ?", numbers_max_ + 1);
        while (rows.next()) add(rows.as<AccountKey>(0), rows.text(1));
    }
    if (all_fit_) return;
    // Skips from account to account, however many numbers each has.
    for (AccountKey last{};;) {
        Rows rows = database.query("SELECT min(account) FROM opt_outs WHERE account > ?", last);
        rows.next();
        if (rows.is_null(0)) return;
        last = rows.as<AccountKey>(0);
        accounts_.insert(last);
    }
}

void OptOutHints::add(AccountKey account, std::string_view number)
{
    accounts_.insert(account);
    if (!all_fit_) return;
    numbers_.insert(key_hash(account, number));
    all_fit_ = numbers_.size() <= numbers_max_;
    // Half a list would be worse than none: who is missing in it would be written to.
    if (!all_fit_) numbers_.clear();
}

bool OptOutHints::may_have(AccountKey account, std::string_view number) const
{
    if (!accounts_.contains(account)) return false;
    return !all_fit_ || numbers_.contains(key_hash(account, number));
}

}  // namespace tidings::store::sqlite
