// SPDX-License-Identifier: Apache-2.0
// What an account's rules make of a message that is due: when it is accepted or, if it had to wait, when it
// is released. What the rules have to know of earlier messages is read and changed in the same transaction.
#include "store/sqlite/ledger.hpp"

#include <fmt/format.h>

namespace tidings::store {

using message::Code;

Ledger::Candidate Ledger::candidate(MessageRow& row, const message::Submission& submission,
                                    base::Time now) const
{
    return {.row = row,
            .submission = submission,
            .now = now,
            .account = settings_->accounts.at(row.key.account),
            .duplicate_key = {}};
}

std::optional<Ledger::Refusal> Ledger::refusal_of(Connection& database, Candidate& it) const
{
    if (!choose_sender(it))
        return Refusal{Code::source_blocked, "its source is not registered for the account"};
    return refuse_duplicate(database, it);
}

void Ledger::let_go(Connection& database, const Candidate& it)
{
    if (it.duplicate_key) sent_.add(database, *it.duplicate_key, {it.row.key.id, it.now});
    make_due(it.row);
    advance(database, it.row, Code::processing, it.now, sender_of(it.row));
}

// For the trace.
std::string Ledger::sender_of(const MessageRow& row)
{
    return row.sender.empty() ? "from the link's own number" : "from " + row.sender;
}

// False: the account does not let this message out.
bool Ledger::choose_sender(const Candidate& it) const
{
    const std::string& source = it.submission.source;
    message::SenderRules rules;
    rules.unregistered = it.account.unregistered_source;
    rules.is_registered =
        !source.empty() && settings_->may_send_from(it.account, message::canonical_source(source));
    rules.default_source = it.account.default_source;
    rules.pool = settings_->pool;
    auto sender = message::choose_sender(it.submission, rules);
    if (!sender) return false;
    it.row.sender = std::move(sender->address);
    it.row.sender_type = sender->type;
    return true;
}

std::optional<Ledger::Refusal> Ledger::refuse_duplicate(Connection& database, Candidate& it) const
{
    auto window = it.account.duplicate_window;
    if (window.count() == 0) return {};
    AccountKey account = it.account.key;
    it.duplicate_key = message::duplicate_key(static_cast<std::uint32_t>(account), it.submission);
    auto sent = sent_.find(database, *it.duplicate_key);
    if (!sent || !message::is_within(window, sent->at, it.now)) return {};
    auto original = load_message(database, {account, sent->message});
    if (original && !message::blocks_duplicates(original->progress)) return {};
    return Refusal{Code::duplicate, "repeats " + sent->message.text()};
}

bool Ledger::end_sent_keys(Connection& database, base::Time now)
{
    std::chrono::seconds longest{0};
    for (const auto& [_, account] : settings_->accounts)
        longest = std::max(longest, account.duplicate_window);
    return sent_.end(database, now - longest, batch_max);
}

}  // namespace tidings::store
