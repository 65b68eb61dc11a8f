// SPDX-License-Identifier: Apache-2.0
#include "store/rules/telling.hpp"

#include "message/event.hpp"
#include "store/endpoint.hpp"

namespace tidings::store::rules {

bool is_heard(const Surroundings& surroundings, const MessageRow& row)
{
    return !row.callback_url.empty() || !surroundings.settings.webhooks_of(row.key.account).empty();
}

void tell(Batch& batch, Told told)
{
    auto& [row, callback, only] = told;
    AccountKey account = row.key.account;
    const std::string url = callback.report ? callback.report->callback_url : callback.reply->callback_url;
    bool webhooks_too = url.empty() || batch.account(account).send_both;
    if (!url.empty() && (!only || *only == base::Uuid{})) {
        row.endpoint = endpoint_of(url);
        Callback to_url = webhooks_too ? Callback(callback) : std::move(callback);
        to_url.url = url;
        queue_callback(batch, std::move(to_url), row);
    }
    if (!webhooks_too) return;
    auto event = callback.reply ? message::event_of(*callback.reply) : message::event_of(row.code);
    if (!event) return;
    for (const Webhook& webhook : batch.settings.webhooks_of(account)) {
        if (webhook.disabled || !webhook.events.has(*event) || (only && *only != webhook.id)) continue;
        row.key.webhook = webhook.id;
        row.endpoint = endpoint_of(webhook.call.url);
        queue_callback(batch, callback, row);
    }
}

void queue_callback(Batch& batch, Callback callback, CallbackRow row)
{
    row.queue = Queue::due;
    row.seq = batch.next_seq();
    callback.key = row.key;
    callback.endpoint = row.endpoint;
    callback.since = row.since;
    batch.effects.callbacks.push_back({std::move(row), std::move(callback)});
}

}  // namespace tidings::store::rules
