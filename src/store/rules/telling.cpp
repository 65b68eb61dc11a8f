// SPDX-License-Identifier: Apache-2.0
#include "store/rules/telling.hpp"

#include "message/event.hpp"
#include "store/endpoint.hpp"

#include <algorithm>

namespace tidings::store::rules {

using message::Code;
using Kind = CallbackWrite::Kind;

namespace {

// An event that did not happen says so: its text is this, and its handset is a number that nobody has.
constexpr const char* test_text = "This is a test of your webhook.";
constexpr const char* test_handset = "+61491570156";

void fill_test(Callback& callback, const CallbackRow& row, const std::string& account)
{
    callback.is_test = true;
    if (row.code == test_report) {
        message::Report& report = callback.report.emplace();
        report.id = report.message = row.key.id;
        report.code = Code::delivered;
        report.changed_at = row.changed_at;
        report.created_at = row.created_at;
        report.destination = test_handset;
        report.content = test_text;
        report.account = account;
    } else {
        message::Reply& reply = callback.reply.emplace();
        reply.id = row.key.id;
        reply.received_at = row.created_at;
        reply.source = test_handset;
        reply.content = test_text;
        reply.account = account;
    }
}

void fill_report(Callback& callback, const CallbackRow& row, const MessageRow& original,
                 const Account& account)
{
    message::Report& report = callback.report.emplace(report_of(original, account));
    report.id = row.key.id;
    report.code = row.code;
    report.changed_at = row.changed_at;
    report.created_at = row.created_at;
    callback.format = original.format;
}

// The row of a reply does not repeat what its message has. That comes from the message here, as long as it
// lives.
void fill_reply(Callback& callback, const message::Reply& reply, const MessageRow* original)
{
    callback.reply = reply;
    callback.format = reply.format;
    if (!original) return;
    callback.original = original->content;
    callback.reply->callback_url = original->callback_url;
    callback.reply->metadata = metadata_of(original->extra);
}

// The list, and callback_url, have our number only where the original named its source, as the reference has
// it. A webhook is told in any case which number the handset wrote to.
void name_number(Callback& callback, const MessageRow* original)
{
    if (!original || !callback.reply || !callback.reply->destination.empty()) return;
    callback.reply->destination = message::written(original->sender);
}

// To the end of its lane, with the number that no row had before: the order in a lane is the order in which
// callbacks became due, in memory as on disk. The store hands out `due_callbacks` after the commit, so that
// nobody hears of an event that a crash then takes back.
void put_in_line(Batch& batch, Kind kind, Callback callback, CallbackRow row)
{
    row.queue = Queue::due;
    row.seq = batch.next_seq();
    callback.key = row.key;
    callback.endpoint = row.endpoint;
    callback.attempts = row.attempts;
    callback.since = row.since;
    batch.effects.due_callbacks.push_back({row.seq, std::move(callback)});
    // One that has just been made is in nobody's Facts; any other may be, and they have to follow.
    if (kind == Kind::made)
        batch.effects.callbacks.push_back({kind, std::move(row), {}});
    else
        change_callback(batch, {kind, std::move(row), {}});
}

// nullptr: this one was not told of the event.
CallbackRow* find_receiver(Facts& facts, const CallbackKey& key)
{
    std::vector<CallbackRow>* receivers = facts.receivers.find(event_of(key));
    if (!receivers) return nullptr;
    auto found = std::ranges::find(*receivers, key, &CallbackRow::key);
    return found == receivers->end() ? nullptr : &*found;
}

// Two ways to put a callback in line for one receiver; each says whether it did. queue_new() is for an event
// that nobody was told of yet, queue_again() for one that this receiver may have been told, or is being told.
bool queue_new(Batch& batch, Callback callback, CallbackRow row)
{
    queue_callback(batch, std::move(callback), std::move(row));
    return true;
}

bool queue_again(Batch& batch, Callback callback, CallbackRow row)
{
    const CallbackRow* before = find_receiver(batch.facts, row.key);
    // It is on its way to this receiver. A second row with the same key would be the same callback.
    if (before && is_pending(before->queue)) return false;
    put_in_line(batch, before ? Kind::begun_again : Kind::made, std::move(callback), std::move(row));
    return true;
}

using Queueing = bool (*)(Batch&, Callback, CallbackRow);

// How many of the receivers `queue` put in line.
std::size_t tell_receivers(Batch& batch, Told told, Queueing queue)
{
    auto& [row, callback, only] = told;
    AccountKey account = row.key.account;
    std::size_t queued = 0;
    // A copy, since the callback may be moved away.
    const std::string url = callback.report ? callback.report->callback_url : callback.reply->callback_url;
    bool webhooks_too = url.empty() || batch.account(account).send_both;
    if (!url.empty() && (!only || *only == base::Uuid{})) {
        row.endpoint = endpoint_of(url);
        Callback to_url = webhooks_too ? Callback(callback) : std::move(callback);
        to_url.url = url;
        queued += queue(batch, std::move(to_url), row);
    }
    if (!webhooks_too) return queued;
    // Not every code is an event that webhooks can choose; a callback_url hears of all of them.
    auto event = callback.reply ? message::event_of(*callback.reply) : message::event_of(row.code);
    if (!event) return queued;
    if (callback.reply && row.message)
        name_number(callback, batch.facts.messages.find({account, *row.message}));
    for (const Webhook& webhook : batch.settings.webhooks_of(account)) {
        if (webhook.disabled || !webhook.events.has(*event) || (only && *only != webhook.id)) continue;
        row.key.webhook = webhook.id;
        row.endpoint = endpoint_of(webhook.call.url);
        queued += queue(batch, callback, row);
    }
    return queued;
}

}  // namespace

bool is_heard(const Surroundings& surroundings, const MessageRow& row)
{
    return !row.callback_url.empty() || !surroundings.settings.webhooks_of(row.key.account).empty();
}

void tell(Batch& batch, Told told) { tell_receivers(batch, std::move(told), queue_new); }

void want_to_tell_again(const EventRow& event, Wants& wants)
{
    wants.receivers.push_back(event.key);
    want_content(callback_of(event, {}), wants);
}

std::size_t tell_again(Batch& batch, const EventRow& event, const std::optional<base::Uuid>& only)
{
    CallbackRow row = callback_of(event, batch.now);
    std::optional<Callback> callback = content_of(batch, batch.facts, row);
    if (!callback) return 0;
    callback->url.clear();  // that of one receiver, who is chosen anew
    return tell_receivers(batch, {std::move(row), std::move(*callback), only}, queue_again);
}

void queue_callback(Batch& batch, Callback callback, CallbackRow row)
{
    put_in_line(batch, Kind::made, std::move(callback), std::move(row));
}

bool revive(Batch& batch, const CallbackRow& over)
{
    CallbackRow row = over;
    // As if it had just been made: with the old count and begin it would be given up at its first failure.
    row.attempts = 0;
    row.since = batch.now;
    // It goes to where the webhook is now. Of one that is removed it keeps its lane: whoever takes it there
    // finds that nobody wants it.
    if (const Webhook* webhook = batch.settings.find_webhook(row.key.account, row.key.webhook))
        row.endpoint = endpoint_of(webhook->call.url);
    std::optional<Callback> callback = content_of(batch, batch.facts, row);
    if (callback)
        put_in_line(batch, Kind::begun_again, std::move(*callback), std::move(row));
    else
        change_callback(batch, {Kind::forgotten, std::move(row), {}});
    return callback.has_value();
}

void make_callback_due(Batch& batch, CallbackRow row)
{
    if (auto callback = content_of(batch, batch.facts, row))
        put_in_line(batch, Kind::moved, std::move(*callback), std::move(row));
    else
        change_callback(batch, {Kind::forgotten, std::move(row), {}});
}

void change_callback(Batch& batch, CallbackWrite change)
{
    EventKey event = event_of(change.row.key);
    // Only items that replay want receivers. For all others the row on disk is enough.
    if (batch.facts.receivers.is_known(event)) {
        if (CallbackRow* row = find_receiver(batch.facts, change.row.key)) {
            row->queue = change.row.queue;
            row->seq = change.row.seq;
        }
        if (change.kind == Kind::forgotten)
            std::erase_if(*batch.facts.receivers.find(event),
                          [&](const CallbackRow& row) { return row.key == change.row.key; });
    }
    batch.effects.callbacks.push_back(std::move(change));
}

void want_content(const CallbackRow& row, Wants& wants)
{
    if (is_test(row.code)) return;
    // The content is made of rows that are there anyway; a row of callbacks does not carry texts.
    if (row.message) wants.messages.push_back({row.key.account, *row.message});
    if (row.code == Code::none) wants.replies.push_back(event_of(row.key));
}

std::optional<Callback> content_of(const Surroundings& surroundings, const Facts& facts,
                                   const CallbackRow& row)
{
    const Account& account = surroundings.account(row.key.account);
    Callback callback;
    callback.key = row.key;
    callback.endpoint = row.endpoint;
    callback.attempts = row.attempts;
    callback.since = row.since;
    if (is_test(row.code)) {
        fill_test(callback, row, account.id);
        return callback;
    }
    // A report always tells of a message, and so does a reply that answers one: without it there is nothing
    // to say.
    const MessageRow* original = row.message ? facts.messages.find({row.key.account, *row.message}) : nullptr;
    bool tells_of_message = row.message || row.code != Code::none;
    if (tells_of_message && !original) return {};
    if (original && row.key.webhook == base::Uuid{}) callback.url = original->callback_url;
    if (row.code != Code::none) {
        fill_report(callback, row, *original, account);
        return callback;
    }
    const message::Reply* reply = facts.replies.find(event_of(row.key));
    if (!reply) return {};
    fill_reply(callback, *reply, original);
    if (row.key.webhook != base::Uuid{}) name_number(callback, original);
    return callback;
}

}  // namespace tidings::store::rules
