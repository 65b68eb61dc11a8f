// SPDX-License-Identifier: Apache-2.0
// What an account's rules make of a message that is due: when it is accepted or, if it had to wait, when it
// is released. What the rules have to know of earlier messages is read and changed in the same transaction.
#include "store/sqlite/ledger.hpp"

#include "base/log.hpp"

#include <boost/algorithm/string/predicate.hpp>

#include <algorithm>

namespace tidings::store::sqlite {

using message::Code;

Ledger::Candidate Ledger::candidate(MessageRow& row, const message::Submission& submission,
                                    base::Time now) const
{
    return {
        .row = row, .submission = submission, .now = now, .account = settings_->accounts.at(row.key.account)};
}

std::optional<Ledger::Refusal> Ledger::refusal_of(Connection& database, Candidate& it)
{
    if (!choose_sender(database, it))
        return Refusal{Code::source_blocked, "its source is not registered for the account"};
    if (is_opted_out(database, it)) return Refusal{Code::destination_blocked, "its destination opted out"};
    if (auto refusal = screen(it)) return refusal;
    if (auto refusal = refuse_duplicate(database, it)) return refusal;
    return refuse_over_cap(database, it);
}

void Ledger::settle_candidate(Connection& database, const Candidate& it, std::optional<Refusal> refusal)
{
    if (!refusal)
        let_go(database, it);
    else if (refusal->code == Code::held)
        hold(database, it.row, it.now, std::move(refusal->why));
    else
        advance(database, it.row, refusal->code, it.now, std::move(refusal->why));
}

void Ledger::meet_rules(Connection& database, MessageRow& row, base::Time now, Screening screening)
{
    message::Submission submission = submission_of(row);
    Candidate it = candidate(row, submission, now);
    it.screening = screening;
    settle_candidate(database, it, refusal_of(database, it));
    save_sender(database, row);
}

void Ledger::let_go(Connection& database, const Candidate& it)
{
    if (it.account.looks_for_duplicates()) {
        sent_.add(database, *it.compared.duplicate_key, {it.row.key.id, it.now});
        keep_sent_keys_for(it.account.duplicate_window);
    }
    std::string handset = message::digits_of(it.row.destination);
    if (it.is_from_pool) pool_use_.add(it.row.sender, handset, it.now);
    if (it.becomes_familiar && it.known_sender.empty())
        familiar_.add(database, it.account.key, handset, it.row.sender);
    else if (it.becomes_familiar)
        familiar_.replace(database, it.account.key, handset, it.row.sender);
    if (it.account.caps.any()) {
        message::Usage& usage = usage_of(database, it.account.key);
        ++usage.of_day;
        ++usage.of_month;
        used_.insert(it.account.key);
    }
    make_due(it.row);
    advance(database, it.row, Code::processing, it.now, sender_of(it.row));
}

// For the trace.
std::string Ledger::sender_of(const MessageRow& row)
{
    return row.sender.empty() ? "from the link's own number" : "from " + row.sender;
}

// False: the account does not let this message out.
bool Ledger::choose_sender(Connection& database, Candidate& it) const
{
    const std::string& source = it.submission.source;
    message::SenderRules rules;
    rules.unregistered = it.account.unregistered_source;
    rules.is_registered =
        !source.empty() && settings_->may_send_from(it.account, message::canonical_source(source));
    rules.default_source = it.account.default_source;
    bool names_none = message::names_no_sender(it.submission, rules);
    bool has_familiar = it.account.features.has(Feature::familiar_sender);
    bool follows = has_familiar && !names_none && rules.is_registered &&
                   it.account.features.has(Feature::familiar_source);
    if (has_familiar && (names_none || follows)) rules.familiar = familiar_sender(database, it);
    auto sender = message::choose_sender(it.submission, rules);
    if (!sender) return false;
    bool is_open = sender->address.empty() && !settings_->pool->numbers.empty();
    if (is_open) {
        sender->address = number_of_pool(database, it);
        sender->type = message::infer_source_type(sender->address);
    }
    bool is_number = sender->type != message::SourceType::alphanumeric;
    it.becomes_familiar = (has_familiar && is_open) || (follows && is_number);
    if (sender->address == it.known_sender) it.becomes_familiar = false;
    it.is_from_pool = is_open || settings_->is_shared(sender->address);
    it.row.sender = std::move(sender->address);
    it.row.sender_type = sender->type;
    return true;
}

// The number that the handset knows, as long as the account may send from it; empty: none.
std::string_view Ledger::familiar_sender(Connection& database, Candidate& it) const
{
    std::string handset = message::digits_of(it.row.destination);
    it.known_sender = familiar_.find(database, it.account.key, handset);
    if (it.known_sender.empty() || settings_->may_send_from(it.account, it.known_sender))
        return it.known_sender;
    base::log_info("{} is no longer a number of the account: {} gets another familiar sender",
                   base::masked(it.known_sender), base::masked(handset));
    return {};
}

const std::string& Ledger::number_of_pool(Connection& database, const Candidate& it) const
{
    std::string handset = message::digits_of(it.row.destination);
    auto use = [&](const std::string& number) { return last_use(database, number, handset, it.now); };
    return message::choose_from_pool(settings_->pool_for(handset), handset, use);
}

std::optional<base::Time> Ledger::last_use(Connection& database, const std::string& number,
                                           const std::string& handset, base::Time now) const
{
    auto used = pool_use_.last(number, handset);
    if (!used && has_threads_) {
        Rows rows = database.query("SELECT submitted_at FROM threads WHERE number = ? AND handset = ?",
                                   number, handset);
        if (rows.next()) used = rows.time(0);
    }
    if (used && now - *used > pool_window) return {};
    return used;
}

// What was submitted is remembered already; this is what is on its way.
void Ledger::open_pool_use(Connection& database)
{
    if (settings_->pool->numbers.empty()) return;
    Rows rows = database.query("SELECT sender, destination FROM messages WHERE queue >= 0 LIMIT ?",
                               pool_use_.uses_max());
    while (rows.next()) {
        std::string sender(rows.text(0));
        if (settings_->is_shared(sender))
            pool_use_.add(sender, message::digits_of(rows.text(1)), clock_.now());
    }
}

std::optional<Ledger::Refusal> Ledger::screen(Candidate& it)
{
    const Account& account = it.account;
    std::string sender = message::canonical_source(it.row.sender);
    auto is_sender = [&](const std::string& source) { return boost::iequals(source, sender); };
    if (std::ranges::any_of(account.blocked_sources, is_sender))
        return Refusal{Code::source_blocked, "its source is blocked"};
    if (!account.screens_texts()) return {};
    const std::string& text = it.compared.screened_text_of(it.submission);
    if (auto match = message::find_match(account.drop_patterns, text))
        return Refusal{Code::dropped, "matches " + match->text()};
    if (it.screening == Screening::done) return {};
    if (auto match = message::find_match(account.hold_patterns, text))
        return Refusal{Code::held, "matches " + match->text()};
    return {};
}

std::optional<Ledger::Refusal> Ledger::refuse_duplicate(Connection& database, Candidate& it) const
{
    if (!it.account.looks_for_duplicates()) return {};
    AccountKey account = it.account.key;
    auto sent = sent_.find(database, it.compared.duplicate_key_of(account, it.submission));
    if (!sent || !message::is_within(it.account.duplicate_window, sent->at, it.now)) return {};
    auto original = load_message(database, {account, sent->message});
    if (original && !message::blocks_duplicates(original->progress)) return {};
    return Refusal{Code::duplicate, "repeats " + sent->message.text()};
}

std::optional<Ledger::Refusal> Ledger::refuse_over_cap(Connection& database, const Candidate& it)
{
    const message::Caps& caps = it.account.caps;
    if (!caps.any()) return {};
    message::Usage& usage = usage_of(database, it.account.key);
    usage = message::at(usage, it.now);
    if (message::allows(caps, usage)) return {};
    return Refusal{Code::usage_threshold, "over a cap of the account"};
}

message::Usage& Ledger::usage_of(Connection& database, AccountKey account)
{
    auto [found, is_new] = usage_.try_emplace(account);
    if (!is_new) return found->second;
    Rows rows = database.query("SELECT day, of_day, of_month FROM usage WHERE account = ?", account);
    if (rows.next()) {
        found->second.day = std::chrono::sys_days(std::chrono::days(rows.integer(0)));
        found->second.of_day = static_cast<std::uint32_t>(rows.integer(1));
        found->second.of_month = static_cast<std::uint32_t>(rows.integer(2));
    }
    return found->second;
}

// Once for each account in a commit, however many messages it sent.
void Ledger::save_usage(Connection& database)
{
    for (AccountKey account : used_) {
        const message::Usage& usage = usage_.at(account);
        database.run("INSERT OR REPLACE INTO usage (account, day, of_day, of_month) VALUES (?, ?, ?, ?)",
                     account, usage.day.time_since_epoch().count(), usage.of_day, usage.of_month);
    }
    used_.clear();
}

// The longest window in which an account looks for duplicates is known when a round of end_lives() has asked
// all of them, and from the accounts that sent since: one may look for them only since the round passed it.
void Ledger::keep_sent_keys_for(std::chrono::seconds window)
{
    if (longest_window_) longest_window_ = std::max(*longest_window_, window);
    round_.longest_window = std::max(round_.longest_window, window);
}

bool Ledger::end_sent_keys(Connection& database, base::Time now)
{
    return longest_window_ && sent_.end(database, now - *longest_window_, batch_max);
}

}  // namespace tidings::store::sqlite
