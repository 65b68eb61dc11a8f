// SPDX-License-Identifier: Apache-2.0
#include "store/rules/telling.hpp"

#include "store/endpoint.hpp"
#include "support/told.hpp"

namespace tidings::store::rules {

namespace {

using namespace tidings::test;
using message::Event;

constexpr const char* message_url = "https://example.com/message";

class TellingRules : public RulesTest {
protected:
    Webhook add_webhook(const std::string& url, message::Events events)
    {
        Webhook webhook;
        webhook.id = ids.next();
        webhook.account = account.key;
        webhook.call.url = url;
        webhook.events = events;
        webhooks_.push_back(webhook);
        settings.webhooks.put(account.key, webhooks_);
        return webhook;
    }
    NewMessage with_url()
    {
        NewMessage message = text();
        message.submission.callback_url = message_url;
        return message;
    }
    std::vector<base::Uuid> told() const
    {
        std::vector<base::Uuid> webhooks;
        for (const CallbackWrite& callback : effects.callbacks) webhooks.push_back(callback.row.key.webhook);
        return webhooks;
    }

private:
    std::vector<Webhook> webhooks_;
};

TEST_F(TellingRules, ACallbackUrlStandsInThePlaceOfTheWebhooksUnlessTheAccountWantsBoth)
{
    Webhook webhook = add_webhook("https://example.com/hook", {message::Event::enroute_dr});
    accept(with_url());
    EXPECT_EQ(told(), std::vector<base::Uuid>{base::Uuid()});
    accept(text());
    EXPECT_EQ(told(), std::vector<base::Uuid>{webhook.id});
    change_account([](Account& it) { it.send_both = true; });
    accept(with_url());
    EXPECT_EQ(told(), (std::vector<base::Uuid>{base::Uuid(), webhook.id}));
}

TEST_F(TellingRules, AWebhookHearsOfTheEventsThatItWantsWhileItIsNotDisabled)
{
    add_webhook("https://example.com/replies", {message::Event::received_sms});
    Webhook disabled = add_webhook("https://example.com/hook", {message::Event::enroute_dr});
    settings.webhooks.put(account.key, {disabled});
    accept(text());
    EXPECT_EQ(told().size(), 1u);
    disabled.disabled = true;
    settings.webhooks.put(account.key, {disabled});
    accept(text());
    EXPECT_TRUE(told().empty());
}

TEST_F(TellingRules, EachCallbackStandsInTheLaneOfItsEndpointBehindThoseBeforeIt)
{
    add_webhook("https://example.com/one", {message::Event::enroute_dr});
    add_webhook("https://example.org/two", {message::Event::enroute_dr});
    accept(text());
    ASSERT_EQ(effects.callbacks.size(), 2u);
    const CallbackRow &one = effects.callbacks[0].row, &two = effects.callbacks[1].row;
    EXPECT_EQ(one.endpoint, endpoint_of("https://example.com/one"));
    EXPECT_EQ(two.endpoint, endpoint_of("https://example.org/two"));
    EXPECT_LT(one.seq, two.seq);
    EXPECT_EQ(effects.due_callbacks[1].item.endpoint, two.endpoint);
    EXPECT_EQ(one.since, clock.now());
}

TEST_F(TellingRules, OneReceiverAloneMayBeTold)
{
    Webhook one = add_webhook("https://example.com/one", {message::Event::enroute_dr});
    add_webhook("https://example.com/two", {message::Event::enroute_dr});
    NewMessage message = text();
    accept(message);
    CallbackRow row = effects.callbacks.at(0).row;
    Callback callback = effects.due_callbacks.at(0).item;
    row.key.webhook = {};
    effects.clear();
    Batch now = batch();
    tell(now, {row, callback, one.id});
    EXPECT_EQ(told(), std::vector<base::Uuid>{one.id});
    effects.clear();
    tell(now, {row, callback, base::Uuid()});
    EXPECT_TRUE(told().empty());
}

class Telling : public ToldTest {};

TEST_F(Telling, BothHearWhereTheAccountSaysSo)
{
    change_account([](Account& it) { it.send_both = true; });
    base::Uuid webhook = hear(Event::delivered_dr);
    tell_report(sent("https://example.com/url"), Code::delivered);
    ASSERT_EQ(due().size(), 2u);
    EXPECT_EQ(due()[0].url, "https://example.com/url");
    EXPECT_EQ(due()[1].url, "") << "that of the webhook";
    EXPECT_EQ(due()[1].key.webhook, webhook);
    EXPECT_EQ(due()[0].key.id, due()[1].key.id) << "it is one event";
}

TEST_F(Telling, NoWebhookHearsThatAMessageIsHeld)
{
    hear(Event::enroute_dr);
    tell_report(sent(), Code::held);
    EXPECT_TRUE(due().empty());
}

TEST_F(Telling, AnOptOutIsToldInPlaceOfAReply)
{
    base::Uuid replies = hear(Event::received_sms), opt_outs = hear(Event::opt_out_sms);
    tell_reply(reply("STOP", message::Wish::opt_out));
    EXPECT_EQ(told_webhooks(), std::vector{opt_outs});
    effects.clear();
    tell_reply(reply("Stop by on Tuesday", message::Wish::perhaps_opt_out));
    EXPECT_EQ(told_webhooks(), std::vector{replies});
}

TEST_F(Telling, AReplySaysWhatItsMessageSaidAsLongAsThereIsOne)
{
    NewMessage original = sent("https://example.com/url");
    CallbackRow row = callback_of(received(reply("yes"), original), clock.now());
    auto callback = content_of(surroundings(), facts, row);
    ASSERT_TRUE(callback);
    EXPECT_EQ(callback->original, "content");
    EXPECT_EQ(callback->reply->content, "yes");
    EXPECT_EQ(callback->url, "https://example.com/url");

    row.message = ids.next();
    facts.messages.learn({account.key, *row.message}, std::nullopt);
    EXPECT_FALSE(content_of(surroundings(), facts, row)) << "its life is over";
}

}  // namespace

}  // namespace tidings::store::rules
