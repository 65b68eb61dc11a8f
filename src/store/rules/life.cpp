// SPDX-License-Identifier: Apache-2.0
#include "store/rules/life.hpp"

#include "store/rules/telling.hpp"

namespace tidings::store::rules {

using message::Code;
using message::Status;

namespace {

// What a message's report tells to whoever hears of it.
void tell_of(Batch& batch, const MessageRow& row, const ReportRow& report)
{
    Callback callback;
    callback.format = row.format;
    callback.report = report_of(row, batch.account(row.key.account));
    callback.report->id = report.id;
    callback.report->created_at = report.created_at;
    EventRow event{
        {report.account, report.id}, report.message, report.code, report.changed_at, report.created_at};
    tell(batch, {callback_of(event, batch.now), std::move(callback)});
}

}  // namespace

std::string_view Surroundings::link_name(LinkKey link) const
{
    auto found = link_names.find(link);
    return found == link_names.end() ? "no link" : std::string_view(found->second);
}

bool advance(Batch& batch, MessageRow& row, Step step)
{
    if (!message::advance(row.progress, step.code, step.at)) return false;
    add_step(row, step);
    row.unsaved.life = true;
    // What is over stands in no queue, whichever it was in: a message that expired while it waited must not
    // be found by whoever looks there next.
    if (message::is_final(row.progress.status)) row.queue.reset();
    if (message::is_free_of_charge(step.code)) give_back_credits(batch, row);
    if (!row.delivery_report) return true;
    ReportRow report{row.key.account, batch.ids.next(), row.key.id, step.code, step.at, batch.now};
    batch.effects.reports.push_back(report);
    // Callbacks are written in the commit that changes the status, not by something that looks at reports
    // later: no crash lies between the two, so no event is lost.
    if (is_heard(batch, row)) tell_of(batch, row, report);
    return true;
}

void make_due(Batch& batch, MessageRow& row)
{
    row.queue = lane_in(Queue::due, row.priority);
    row.seq = batch.next_seq();
    row.unsaved.life = true;
    // Goes to memory after the commit, so that nobody takes what a failed commit takes back. On disk it is
    // the row itself that says that the message is due, and where the next start finds it.
    batch.effects.due.push_back({row.seq, outbound_of(row)});
}

void hold(Batch& batch, MessageRow& row, base::Time at, std::string why)
{
    Status status = row.progress.status;
    // A carrier has it, or it is over: to hold it then would change nothing about what the handset gets.
    if (status != Status::scheduled && status != Status::enroute) return;
    row.queue = Queue::held;
    row.seq = at.time_since_epoch().count();
    row.unsaved.life = true;
    if (!advance(batch, row, {at, Code::held, why})) add_step(row, {at, Code::none, "held: " + why});
}

void want_balance(const Surroundings& surroundings, AccountKey account, Wants& wants)
{
    if (surroundings.account(account).prepaid) wants.balances.push_back(account);
}

bool can_pay(const Surroundings& surroundings, const Facts& facts, AccountKey account, std::int64_t cost)
{
    if (!surroundings.account(account).prepaid) return true;
    const std::int64_t* balance = facts.balances.find(account);
    return balance && *balance >= cost;
}

bool debit(Batch& batch, MessageRow& row, std::int64_t cost)
{
    AccountKey account = row.key.account;
    if (!can_pay(batch, batch.facts, account, cost)) return false;
    if (!batch.account(account).prepaid) return true;
    *batch.facts.balances.find(account) -= cost;
    // As a difference: what gives credits back need not know the balance, and a store that several processes
    // share adds up what each of them did.
    batch.effects.credits[account] -= cost;
    row.debited = cost;
    return true;
}

void give_back_credits(Batch& batch, const MessageRow& row)
{
    if (row.debited == 0) return;
    AccountKey account = row.key.account;
    batch.effects.credits[account] += row.debited;
    // What gives back need not have wanted the balance; who pays in the same batch sees it.
    if (!batch.facts.balances.is_known(account)) return;
    if (std::int64_t* balance = batch.facts.balances.find(account)) *balance += row.debited;
}

std::string sender_of(const MessageRow& row)
{
    return row.sender.empty() ? "from the link's own number" : "from " + row.sender;
}

}  // namespace tidings::store::rules
