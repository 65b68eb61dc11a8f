// SPDX-License-Identifier: Apache-2.0
#include "store/rules/opt_outs.hpp"

#include "message/national_plan.hpp"
#include "store/new_message.hpp"
#include "store/rules/life.hpp"

namespace tidings::store::rules {

using message::Wish;

namespace {

NewMessage confirmation_of(const Account& account, const Inbound& reply, base::Uuid id)
{
    message::Submission submission;
    submission.content = account.opt_out_confirmation;
    submission.destination = message::written(reply.source);
    submission.source = reply.destination;
    return new_message(id, std::move(submission), account);
}

void confirm(Batch& batch, const Account& account, const Inbound& reply)
{
    if (account.opt_out_confirmation.empty()) return;
    NewMessage message = confirmation_of(account, reply, batch.ids.next());
    MessageRow row = row_of(account.key, message);
    // The row is not among the Facts yet, so that a message which nobody can pay leaves no trace.
    if (!debit(batch, row, message.cost)) return;
    // Made due without refusal_of(): the handset has just been put on the list, and the rules would end its
    // confirmation with 302.
    row.sender = reply.destination;
    row.sender_type = message::infer_source_type(row.sender);
    make_due(batch, row);
    advance(batch, row, {batch.now, message::Code::processing, "confirms an opt-out"});
    batch.facts.messages.add(std::move(row));
}

// Whether the handset gets a confirmation. An item wants the list and the balance of the accounts that, by
// what was loaded, may get the reply. A message that was submitted in this very batch may make the reply that
// of another account, of which neither is known. Its handset goes on the list all the same and is told
// nothing.
bool is_new_to_list(const Facts& facts, const Account& account, const AccountName& handset)
{
    bool may_be_told = !account.prepaid || facts.balances.is_known(account.key);
    return may_be_told && facts.listings.is_known(handset) && !facts.listings.find(handset);
}

void put_on_list(Batch& batch, const Account& account, const Inbound& reply)
{
    AccountName handset{account.key, reply.source};
    bool is_new = is_new_to_list(batch.facts, account, handset);
    batch.facts.listings.set(handset, Listing());
    batch.effects.listings.push_back({std::move(handset), ListingChange::Kind::add, batch.now});
    if (is_new) confirm(batch, account, reply);
}

void take_off_list(Batch& batch, const Account& account, const Inbound& reply)
{
    AccountName handset{account.key, reply.source};
    batch.facts.listings.set_absent(handset);
    batch.effects.listings.push_back({std::move(handset), ListingChange::Kind::remove, batch.now});
}

}  // namespace

std::string handset_of(const Account& account, const Inbound& reply)
{
    return message::lacks_country(reply.source) ? message::e164_digits(reply.source, account.country)
                                                : reply.source;
}

void want_opt_out(const Surroundings& surroundings, AccountKey account, const Inbound& reply, Wants& wants)
{
    if (!surroundings.account(account).features.has(Feature::opt_out)) return;
    // Most replies ask for nothing, and then cost no look-up.
    if (!reply.part && message::wish_of(reply.content) != Wish::opt_out) return;
    wants.listings.push_back({account, handset_of(surroundings.account(account), reply)});
    want_balance(surroundings, account, wants);
}

Wish heed(Batch& batch, const Account& account, const Inbound& reply)
{
    if (!account.features.has(Feature::opt_out)) return Wish::none;
    Wish wish = message::wish_of(reply.content);
    switch (wish) {
    case Wish::opt_out: put_on_list(batch, account, reply); break;
    case Wish::opt_in: take_off_list(batch, account, reply); break;
    case Wish::none:
    case Wish::perhaps_opt_out: break;
    }
    return wish;
}

}  // namespace tidings::store::rules
