// SPDX-License-Identifier: Apache-2.0
// The numbers that are not to be written to. An account may have hundreds of thousands of them; a list is
// asked only for those whose hash it has.
#include "store/sqlite/ledger.hpp"

#include "message/cost.hpp"

namespace tidings::store::sqlite {

using message::Code;
using message::Wish;

bool is_listed(Connection& database, AccountKey account, const std::string& number)
{
    return database.query("SELECT 1 FROM opt_outs WHERE account = ? AND number = ?", account, number).next();
}

bool Ledger::add_opt_out(Connection& database, AccountKey account, const std::string& number)
{
    opt_out_hints_.add(account, number);
    return database.run("INSERT OR IGNORE INTO opt_outs (account, number, at) VALUES (?, ?, ?)", account,
                        number, clock_.now()) == 1;
}

bool Ledger::remove_opt_out(Connection& database, AccountKey account, const std::string& number)
{
    return database.run("DELETE FROM opt_outs WHERE account = ? AND number = ?", account, number) == 1;
}

bool Ledger::is_opted_out(Connection& database, const Candidate& it) const
{
    if (!it.account.features.has(Feature::opt_out)) return false;
    std::string number = message::digits_of(it.row.destination);
    return opt_out_hints_.may_have(it.account.key, number) && is_listed(database, it.account.key, number);
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
    message.converted = text::convert(account.opt_out_confirmation, account.converter);
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

}  // namespace tidings::store::sqlite
