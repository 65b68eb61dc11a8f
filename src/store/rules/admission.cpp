// SPDX-License-Identifier: Apache-2.0
// The rules run twice over a message, with the same plan of its sender: once to say which facts they need
// (want_admission), and once to decide (refusal_of). What the first does not want the second must not ask
// for, even if another item of the batch has changed something in between. That is why the plan depends on
// settings and on the submission alone.
#include "store/rules/admission.hpp"

#include "message/screening.hpp"
#include "store/rules/life.hpp"

#include <boost/algorithm/string/predicate.hpp>

#include <algorithm>
#include <cstdlib>

namespace tidings::store::rules {

using message::Code;

namespace {

// How a message comes to its sender, before anything is known of its handset.
struct SenderPlan {
    message::SenderRules rules;
    bool names_none = false;
    bool follows = false;  // the number that it names becomes its handset's familiar sender
    bool asks_for_familiar = false;
};

SenderPlan plan_sender(const Settings& settings, const Account& account,
                       const message::Submission& submission)
{
    SenderPlan plan;
    const std::string& source = submission.source;
    plan.rules.unregistered = account.unregistered_source;
    plan.rules.is_registered =
        !source.empty() && settings.may_send_from(account, message::canonical_source(source));
    plan.rules.default_source = account.default_source;
    plan.names_none = message::names_no_sender(submission, plan.rules);
    bool has_familiar = account.features.has(Feature::familiar_sender);
    plan.follows = has_familiar && !plan.names_none && plan.rules.is_registered &&
                   account.features.has(Feature::familiar_source);
    plan.asks_for_familiar = has_familiar && (plan.names_none || plan.follows);
    return plan;
}

// Whether the pool has to give it a number when its handset knows none.
bool may_need_pool(const Settings& settings, const message::Submission& submission, const SenderPlan& plan)
{
    if (settings.pool->numbers.empty()) return false;
    auto sender = message::choose_sender(submission, plan.rules);
    return sender && sender->address.empty();
}

// A use that is older than pool_window counts as none: after that time a reply is not taken for an answer to
// it, so the number is as good as an unused one.
const std::string& number_of_pool(const Surroundings& surroundings, const Facts& facts, const Candidate& it)
{
    std::string handset = message::digits_of(it.row.destination);
    auto last_use = [&](const std::string& number) -> std::optional<base::Time> {
        const base::Time* used = facts.pool_uses.find({number, handset});
        if (!used || it.now - *used > pool_window) return {};
        return *used;
    };
    return message::choose_from_pool(surroundings.settings.pool_for(handset), handset, last_use);
}

// Gives the message its sender. False: it names a source that is not registered for its account, and the
// account rejects such messages.
bool choose_sender(const Surroundings& surroundings, const Facts& facts, Candidate& it)
{
    const Settings& settings = surroundings.settings;
    SenderPlan plan = plan_sender(settings, it.account, it.submission);
    if (plan.asks_for_familiar) {
        std::string handset = message::digits_of(it.row.destination);
        if (const std::string* known = facts.familiar.find({it.account.key, handset}))
            it.known_sender = *known;
        // The handset may know a number that the account has given back since. It stays in known_sender, so
        // that another one can replace it, but the message does not go out from it.
        if (settings.may_send_from(it.account, it.known_sender)) plan.rules.familiar = it.known_sender;
    }
    auto sender = message::choose_sender(it.submission, plan.rules);
    if (!sender) return false;
    bool is_open = sender->address.empty() && !settings.pool->numbers.empty();
    if (is_open) {
        sender->address = number_of_pool(surroundings, facts, it);
        sender->type = message::infer_source_type(sender->address);
    }
    bool has_familiar = it.account.features.has(Feature::familiar_sender);
    bool is_number = sender->type != message::SourceType::alphanumeric;
    it.becomes_familiar = (has_familiar && is_open) || (plan.follows && is_number);
    if (sender->address == it.known_sender) it.becomes_familiar = false;
    // A shared number that the message names itself, or that its handset knows, counts as a use of the pool
    // as well: the next message to this handset should go out from another one, so that a reply can be meant
    // for one message only.
    it.is_from_pool = is_open || settings.is_shared(sender->address);
    it.row.sender = std::move(sender->address);
    it.row.sender_type = sender->type;
    it.row.unsaved.sender = true;
    return true;
}

bool is_opted_out(const Facts& facts, const Candidate& it)
{
    if (!it.account.features.has(Feature::opt_out)) return false;
    return facts.listings.find({it.account.key, message::digits_of(it.row.destination)}) != nullptr;
}

std::optional<Refusal> screen(Candidate& it)
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
    // The operator's release is about the hold patterns only. What a drop pattern matches was never held,
    // unless the pattern is newer than the hold: then it applies.
    if (it.screening == Screening::done) return {};
    if (auto match = message::find_match(account.hold_patterns, text))
        return Refusal{Code::held, "matches " + match->text()};
    return {};
}

std::optional<Refusal> refuse_duplicate(const Facts& facts, Candidate& it)
{
    if (!it.account.looks_for_duplicates()) return {};
    AccountKey account = it.account.key;
    const Sent* sent = facts.sent.find(it.compared.duplicate_key_of(account, it.submission));
    if (!sent || !message::is_within(it.account.duplicate_window, sent->at, it.now)) return {};
    // The key says that the same went out; the row says how that ended. Something that never reached a
    // carrier does not stand in the way of a second try. Where the row has ended its life the key alone
    // decides.
    const MessageRow* original = facts.messages.find({account, sent->message});
    if (original && !message::blocks_duplicates(original->progress)) return {};
    return Refusal{Code::duplicate, "repeats " + sent->message.text()};
}

message::Usage usage_at(const Facts& facts, AccountKey account, base::Time now)
{
    const message::Usage* usage = facts.usage.find(account);
    return message::at(usage ? *usage : message::Usage(), now);
}

std::optional<Refusal> refuse_over_cap(const Facts& facts, const Candidate& it)
{
    const message::Caps& caps = it.account.caps;
    if (!caps.any() || message::allows(caps, usage_at(facts, it.account.key, it.now))) return {};
    return Refusal{Code::usage_threshold, "over a cap of the account"};
}

void count_usage(Batch& batch, const Candidate& it)
{
    if (!it.account.caps.any()) return;
    message::Usage usage = usage_at(batch.facts, it.account.key, it.now);
    ++usage.of_day;
    ++usage.of_month;
    // In the Facts for the next message of the batch, else a batch of a thousand could all fit under a cap
    // that has room for one; in the Effects for the disk.
    batch.facts.usage.set(it.account.key, usage);
    batch.effects.usage[it.account.key] = usage;
}

void remember_duplicate_key(Batch& batch, const Candidate& it)
{
    if (!it.account.looks_for_duplicates()) return;
    // It is there: refuse_duplicate has looked for it with this very key, as the message had to pass that
    // rule.
    const message::DuplicateKey& key = *it.compared.duplicate_key;
    Sent sent{it.row.key.id, it.now};
    batch.facts.sent.set(key, sent);
    batch.effects.sent.push_back({key, sent});
    batch.effects.duplicate_window = std::max(batch.effects.duplicate_window, it.account.duplicate_window);
}

void remember_sender(Batch& batch, const Candidate& it)
{
    const std::string& number = it.row.sender;
    if (!it.is_from_pool && !it.becomes_familiar) return;
    std::string handset = message::digits_of(it.row.destination);
    if (it.is_from_pool) {
        batch.facts.pool_uses.set({number, handset}, it.now);
        batch.effects.pool_uses.push_back({{number, handset}, it.now});
    }
    if (!it.becomes_familiar) return;
    AccountName known{it.account.key, handset};
    bool replaces = !it.known_sender.empty();
    if (replaces && !batch.settings.may_send_from(it.account, it.known_sender))
        batch.effects.log.push_back(
            {base::LogLevel::info,
             fmt::format("{} is no longer a number of the account: {} gets another familiar sender",
                         base::masked(it.known_sender), base::masked(handset))});
    batch.facts.familiar.set(known, number);
    batch.effects.familiar.push_back({std::move(known), number, replaces});
}

// Only what goes out is remembered. A message that was refused, or that a pattern holds, neither counts
// against a cap nor makes a later one its duplicate; one that is held is remembered when the operator
// releases it.
//
// Sends it on its way, and remembers what the rules have to know of it.
void let_go(Batch& batch, const Candidate& it)
{
    remember_duplicate_key(batch, it);
    remember_sender(batch, it);
    count_usage(batch, it);
    make_due(batch, it.row);
    advance(batch, it.row, {it.now, Code::processing, sender_of(it.row)});
}

Code code_of(message::TestOutcome outcome)
{
    switch (outcome) {
    case message::TestOutcome::delivered: return Code::delivered;
    case message::TestOutcome::failed: return Code::undeliverable;
    case message::TestOutcome::rejected: return Code::rejected_by_carrier;
    case message::TestOutcome::expired: return Code::expired_at_carrier;
    }
    std::abort();
}

// A test send goes the way of others as far as its application can see, and is never due: so no link finds
// it.
void pretend_to_send(Batch& batch, const Candidate& it)
{
    advance(batch, it.row, {it.now, Code::processing, "a test send: no carrier gets it"});
    advance(batch, it.row, {it.now, Code::submitted, "as if a carrier had it"});
    advance(batch, it.row, {it.now, code_of(*it.submission.test_outcome), "as its sending_mode says"});
}

}  // namespace

void want_admission(const Surroundings& surroundings, const Account& account,
                    const message::Submission& submission, Compared& compared, Wants& wants)
{
    if (submission.test_outcome) return;
    const Settings& settings = surroundings.settings;
    SenderPlan plan = plan_sender(settings, account, submission);
    std::string handset = message::digits_of(submission.destination);
    if (plan.asks_for_familiar) wants.familiar.push_back({account.key, handset});
    if (may_need_pool(settings, submission, plan)) ++wants.pool_uses[handset];
    if (account.looks_for_duplicates())
        wants.sent.push_back({account.key, compared.duplicate_key_of(account.key, submission)});
    if (account.caps.any()) wants.usage.push_back(account.key);
    if (account.features.has(Feature::opt_out)) wants.listings.push_back({account.key, std::move(handset)});
}

std::optional<Refusal> refusal_of(const Surroundings& surroundings, const Facts& facts, Candidate& it)
{
    if (it.submission.test_outcome) return {};
    if (!choose_sender(surroundings, facts, it))
        return Refusal{Code::source_blocked, "its source is not registered for the account"};
    if (is_opted_out(facts, it)) return Refusal{Code::destination_blocked, "its destination opted out"};
    if (auto refusal = screen(it)) return refusal;
    if (auto refusal = refuse_duplicate(facts, it)) return refusal;
    // Last, so that nothing that another rule refuses is counted against the cap.
    return refuse_over_cap(facts, it);
}

void conclude(Batch& batch, const Candidate& it, std::optional<Refusal> refusal)
{
    if (!refusal && it.submission.test_outcome)
        pretend_to_send(batch, it);
    else if (!refusal)
        let_go(batch, it);
    else if (refusal->code == Code::held)
        hold(batch, it.row, it.now, std::move(refusal->why));
    else
        advance(batch, it.row, {it.now, refusal->code, std::move(refusal->why)});
}

void want_admission(const Surroundings& surroundings, const Facts& facts, Waiting& it, Wants& wants)
{
    const MessageRow* row = facts.messages.find(it.key);
    // Its life is over, which the item sees for itself in decide().
    if (!row) return;
    it.submission = submission_of(*row);
    want_admission(surroundings, surroundings.account(it.key.account), it.submission, it.compared, wants);
}

void meet_rules(Batch& batch, MessageRow& row, Waiting& it, Screening screening)
{
    Candidate candidate{.account = batch.account(row.key.account),
                        .row = row,
                        .submission = it.submission,
                        .compared = it.compared,
                        .now = batch.now,
                        .screening = screening};
    auto refusal = refusal_of(batch, batch.facts, candidate);
    conclude(batch, candidate, std::move(refusal));
}

}  // namespace tidings::store::rules
