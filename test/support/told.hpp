// SPDX-License-Identifier: Apache-2.0
// For tests of telling: an account with webhooks, messages that were sent, and the callbacks of before, as a
// store would have loaded them.
#pragma once

#include "message/event.hpp"
#include "store/rules/telling.hpp"
#include "store/settings_lists.hpp"
#include "support/facts.hpp"

namespace tidings::test {

class ToldTest : public RulesTest {
protected:
    using CallbackRow = store::rules::CallbackRow;
    using EventRow = store::rules::EventRow;
    using Queue = store::rules::Queue;

    // ---- webhooks: each has an endpoint of its own
    base::Uuid hear(message::Event event)
    {
        store::Webhook webhook;
        webhook.id = ids.next();
        webhook.account = account.key;
        webhook.call.url = "https://example.com/" + webhook.id.text();
        webhook.events = {event};
        store::put_item(settings.webhooks, webhook);
        return webhook.id;
    }
    template <class Change>
    void change_webhook(const base::Uuid& id, Change change)
    {
        store::Webhook webhook = *settings.find_webhook(account.key, id);
        change(webhook);
        store::put_item(settings.webhooks, webhook);
    }

    // ---- messages and replies
    store::NewMessage sent(const std::string& callback_url = "")
    {
        store::NewMessage message = text();
        message.submission.callback_url = callback_url;
        facts.messages.add(store::rules::row_of(account.key, message));
        return message;
    }
    message::Reply reply(const std::string& content, message::Wish wish = message::Wish::none)
    {
        message::Reply reply;
        reply.id = ids.next();
        reply.account = account.id;
        reply.content = content;
        reply.wish = wish;
        reply.received_at = clock.now();
        return reply;
    }

    // ---- events that are new
    void tell_report(const store::NewMessage& message, Code code)
    {
        EventRow event = report(message, code);
        CallbackRow row = store::rules::callback_of(event, clock.now());
        store::Callback callback = *store::rules::content_of(surroundings(), facts, row);
        callback.url.clear();
        auto batch = this->batch();
        store::rules::tell(batch, {row, callback});
    }
    void tell_reply(const message::Reply& reply)
    {
        CallbackRow row = store::rules::callback_of(received(reply), clock.now());
        store::Callback callback;
        callback.reply = reply;
        auto batch = this->batch();
        store::rules::tell(batch, {row, callback});
    }

    // ---- events from before
    // A report that is not confirmed yet.
    EventRow report(const store::NewMessage& message, Code code)
    {
        clock.advance(1s);
        EventRow event;
        event.key = {account.key, ids.next()};
        event.message = message.id;
        event.code = code;
        event.changed_at = event.created_at = clock.now();
        facts.unconfirmed.set(event.key, event);
        return event;
    }
    EventRow received(const message::Reply& reply, std::optional<store::NewMessage> original = {})
    {
        EventRow event;
        event.key = {account.key, reply.id};
        if (original) event.message = original->id;
        event.changed_at = event.created_at = reply.received_at;
        facts.replies.set(event.key, reply);
        facts.unconfirmed.set(event.key, event);
        return event;
    }
    // That it was, or is being, told to this one.
    CallbackRow told(const EventRow& event, const base::Uuid& webhook, Queue queue)
    {
        CallbackRow row = store::rules::callback_of(event, clock.now());
        row.key.webhook = webhook;
        row.queue = queue;
        row.attempts = 7;
        row.seq = ++last_seq;
        auto* rows = facts.receivers.is_known(event.key) ? facts.receivers.find(event.key) : nullptr;
        if (!rows) rows = &facts.receivers.set(event.key, {});
        rows->push_back(row);
        return row;
    }

    // ---- what came of it
    std::vector<store::Callback> due() const
    {
        std::vector<store::Callback> callbacks;
        for (const auto& queued : effects.due_callbacks) callbacks.push_back(queued.item);
        return callbacks;
    }
    std::vector<base::Uuid> told_webhooks() const
    {
        std::vector<base::Uuid> webhooks;
        for (const auto& queued : effects.due_callbacks) webhooks.push_back(queued.item.key.webhook);
        return webhooks;
    }
    std::vector<store::rules::CallbackWrite::Kind> written() const
    {
        std::vector<store::rules::CallbackWrite::Kind> kinds;
        for (const auto& write : effects.callbacks) kinds.push_back(write.kind);
        return kinds;
    }
};

}  // namespace tidings::test
