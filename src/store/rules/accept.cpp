// SPDX-License-Identifier: Apache-2.0
#include "store/rules/accept.hpp"

#include "store/rules/admission.hpp"
#include "store/rules/hours.hpp"
#include "store/rules/life.hpp"

namespace tidings::store::rules {

using message::Code;
using message::Status;

namespace {

// When it leaves: at its time, or later by the hours of its account.
base::Time leaves_at(const Surroundings& surroundings, const MessageRow& row,
                     const message::Submission& submission)
{
    base::Time now = surroundings.now;
    return first_allowed(surroundings, row, std::max(now, submission.scheduled.value_or(now)));
}

Refusal too_dear(std::int64_t cost) { return {Code::usage_threshold, fmt::format("costs {} credits", cost)}; }

}  // namespace

Accept::Accept(AccountKey account, std::vector<Prepared> messages)
    : account_(account), messages_(std::move(messages))
{
}

// A scheduled message pays when it is accepted, but meets the account's rules only when it is due, so that
// they are the rules of that day. Facts for the rules are wanted by the scheduled time alone: should the
// account's hours postpone the message further, a look-up was made for nothing. The other way round decide()
// would ask for a fact that nobody loaded, which is an assertion (Known::find).
void Accept::first(const Surroundings& surroundings, Wants& wants)
{
    const Account& account = surroundings.account(account_);
    want_balance(surroundings, account_, wants);
    for (Prepared& it : messages_) {
        const message::Submission& submission = it.message.submission;
        bool is_due = submission.scheduled.value_or(surroundings.now) <= surroundings.now;
        if (is_due) want_admission(surroundings, account, submission, it.compared, wants);
    }
}

void Accept::decide(Batch& batch)
{
    for (Prepared& prepared : messages_) accept(batch, prepared);
}

// A message that the rules refuse is stored all the same, with its code: its application got a 202 and an id,
// under which it finds the refusal.
//
// The rules come before the payment, so that what they refuse costs nothing; and both come before the row
// gets its queue, so that whoever takes from the queue finds only what is paid.
void Accept::accept(Batch& batch, Prepared& prepared) const
{
    const message::Submission& submission = prepared.message.submission;
    // Into the Facts first: the next message of this batch may be a duplicate of this one, and then looks at
    // its row.
    MessageRow& row = batch.facts.messages.add(row_of(account_, prepared.message));
    row.progress.changed_at = batch.now;
    if (row.converted) add_step(row, {batch.now, Code::none, "its text was converted"});
    base::Time leaves = leaves_at(batch, row, submission);
    bool is_due = leaves <= batch.now;
    Candidate it{.account = batch.account(account_),
                 .row = row,
                 .submission = submission,
                 .compared = prepared.compared,
                 .now = batch.now};
    std::optional<Refusal> refusal;
    if (is_due) refusal = refusal_of(batch, batch.facts, it);
    bool may_go = !refusal || refusal->code == Code::held;  // what is held is paid when it is accepted, too
    std::int64_t cost = prepared.message.cost;
    if (may_go && !debit(batch, row, cost)) refusal = too_dear(cost);
    if (is_due || refusal)
        conclude(batch, it, std::move(refusal));
    else
        postpone(row, leaves, batch.now);
}

std::vector<base::Uuid> Accept::ids() const
{
    std::vector<base::Uuid> ids;
    ids.reserve(messages_.size());
    for (const Prepared& it : messages_) ids.push_back(it.message.id);
    return ids;
}

AcceptOnce::AcceptOnce(Accept accept, AccountKey account, IdempotencyKey key)
    : accept_(std::move(accept)), name_{account, std::move(key.key)}, body_(key.body)
{
}

void AcceptOnce::first(const Surroundings& surroundings, Wants& wants)
{
    wants.requests.push_back(name_);
    accept_.first(surroundings, wants);
}

void AcceptOnce::decide(Batch& batch)
{
    const RepeatableRequest* before = batch.facts.requests.find(name_);
    // A key outlives its window on disk until the next clean-up, and the window is what applications were
    // promised: so its age is looked at here. The ids are answered whatever became of the messages, since a
    // repeated request asks what its first try did.
    if (before && before->at > batch.now - idempotency_window) {
        if (before->body == body_)
            result = before->messages;
        else
            result = base::errc::reused_key;
        return;
    }
    // The key is committed together with the messages. If only one of the two could survive a crash, a client
    // that repeats its request after a lost answer would send twice, or never.
    accept_.decide(batch);
    RepeatableRequest request{body_, accept_.ids(), batch.now};
    result = request.messages;
    batch.facts.requests.set(name_, request);
    batch.effects.requests.push_back({name_, std::move(request)});
}

void Cancel::first(const Surroundings&, Wants& wants) { wants.messages.push_back(key_); }

void Cancel::decide(Batch& batch)
{
    MessageRow* row = batch.facts.messages.find(key_);
    if (!row) return;
    // Set directly, and not by advance(): a cancelled message has no code, and so no report tells of it.
    // Items are decided one after the other, so that of a cancel and the release of the same message exactly
    // one finds it scheduled.
    if (row->progress.status == Status::scheduled) {
        row->progress.status = Status::cancelled;
        row->progress.changed_at = batch.now;
        row->queue.reset();
        row->unsaved.life = true;
        add_step(*row, {batch.now, Code::none, "cancelled"});
        give_back_credits(batch, *row);
    }
    if (row->progress.status == Status::cancelled)
        result = StoredMessage{key_.id, submission_of(*row), row->progress.status};
    else
        result = base::errc::not_scheduled;
}

Previews::Previews(AccountKey account, std::vector<NewMessage> messages) : account_(account)
{
    messages_.reserve(messages.size());
    for (NewMessage& message : messages) messages_.push_back({std::move(message), {}});
}

void Previews::first(const Surroundings& surroundings, Wants& wants)
{
    const Account& account = surroundings.account(account_);
    want_balance(surroundings, account_, wants);
    for (Prepared& it : messages_)
        want_admission(surroundings, account, it.message.submission, it.compared, wants);
}

void Previews::decide(Batch& batch)
{
    for (Prepared& prepared : messages_) result.push_back(preview(batch, batch.facts, prepared));
}

Preview Previews::preview(const Surroundings& surroundings, const Facts& facts, Prepared& prepared) const
{
    const NewMessage& message = prepared.message;
    MessageRow row = row_of(account_, message);
    // The row is a copy that is never added to the Facts, so that the sender that the rules choose for it
    // does not reach a message. Expiry is looked at last, as the one thing that only waiting brings about.
    Preview preview;
    preview.leaves_at = leaves_at(surroundings, row, message.submission);
    Candidate it{.account = surroundings.account(account_),
                 .row = row,
                 .submission = message.submission,
                 .compared = prepared.compared,
                 .now = preview.leaves_at};
    auto refusal = refusal_of(surroundings, facts, it);
    if (!refusal && !can_pay(surroundings, facts, account_, message.cost)) refusal = too_dear(message.cost);
    if (!refusal && row.expiry && *row.expiry <= preview.leaves_at)
        refusal = Refusal{Code::expired_before_submission, "expires before it may leave"};
    if (refusal) {
        preview.code = refusal->code;
        preview.why = std::move(refusal->why);
    }
    preview.sender = row.sender;
    return preview;
}

}  // namespace tidings::store::rules
