// SPDX-License-Identifier: Apache-2.0
// The numbers that are not to be written to. An account may have hundreds of thousands of them, and most have
// none: those are not asked for at all.
#include "store/sqlite/ledger.hpp"

#include "message/cost.hpp"

namespace tidings::store {

using message::Code;
using message::Wish;

bool is_listed(Connection& database, AccountKey account, const std::string& number)
{
    return database.query("SELECT 1 FROM opt_outs WHERE account = ? AND number = ?", account, number).next();
}

void Ledger::open_opt_outs(Connection& database)
{
    // Skips from account to account, however many numbers each has.
    std::optional<AccountKey> last = AccountKey{};
    while (last) {
        Rows rows = database.query("SELECT min(account) FROM opt_outs WHERE account > ?", *last);
        rows.next();
        last.reset();
        if (!rows.is_null(0)) last = rows.as<AccountKey>(0);
        if (last) may_have_opt_outs_.insert(*last);
    }
}

bool Ledger::add_opt_out(Connection& database, AccountKey account, const std::string& number)
{
    may_have_opt_outs_.insert(account);
    return database.run("INSERT OR IGNORE INTO opt_outs (account, number, at) VALUES (?, ?, ?)", account,
                        number, clock_.now()) == 1;
}

bool Ledger::remove_opt_out(Connection& database, AccountKey account, const std::string& number)
{
    return database.run("DELETE FROM opt_outs WHERE account = ? AND number = ?", account, number) == 1;
}

bool Ledger::is_opted_out(Connection& database, const Candidate& it) const
{
    return it.account.features.has(Feature::opt_out) && may_have_opt_outs_.contains(it.account.key) &&
           is_listed(database, it.account.key, message::digits_of(it.row.destination));
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

// Once, to who was not on the list before: an answering machine that says STOP gets no second one. It goes
// out from the number that was written to, and past the rules, which would stop it.
void Ledger::confirm_opt_out(Connection& database, const Account& account, const Inbound& inbound)
{
    if (account.opt_out_confirmation.empty()) return;
    NewMessage message;
    message.id = ids_.next();
    message.priority = account.priority;
    message.submission.content = account.opt_out_confirmation;
    message.submission.destination = "+" + inbound.source;
    message.submission.source = inbound.destination;
    message.converted = message::convert(account.opt_out_confirmation, account.converter);
    message.cost = message::credits_for(message.submission.format,
                                        message.converted.value_or(account.opt_out_confirmation));
    MessageRow row = row_of(account.key, message);
    if (!debit(database, row, message.cost)) return;
    row.sender = inbound.destination;
    row.sender_type = message::infer_source_type(row.sender);
    make_due(row);
    advance(database, row, Code::processing, clock_.now(), "confirms an opt-out");
    insert_message(database, row);
}

}  // namespace tidings::store
