// SPDX-License-Identifier: Apache-2.0
#include "store/rules/telling.hpp"

#include "store/endpoint.hpp"
#include "support/facts.hpp"

namespace tidings::store::rules {

namespace {

using namespace tidings::test;

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
        for (const NewCallback& callback : effects.callbacks) webhooks.push_back(callback.row.key.webhook);
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
    EXPECT_EQ(effects.callbacks[1].callback.endpoint, two.endpoint);
    EXPECT_EQ(one.since, clock.now());
}

TEST_F(TellingRules, OneReceiverAloneMayBeTold)
{
    Webhook one = add_webhook("https://example.com/one", {message::Event::enroute_dr});
    add_webhook("https://example.com/two", {message::Event::enroute_dr});
    NewMessage message = text();
    accept(message);
    NewCallback first = effects.callbacks.at(0);
    first.row.key.webhook = {};
    effects.clear();
    Batch now = batch();
    tell(now, {first.row, first.callback, one.id});
    EXPECT_EQ(told(), std::vector<base::Uuid>{one.id});
    effects.clear();
    tell(now, {first.row, first.callback, base::Uuid()});
    EXPECT_TRUE(told().empty());
}

}  // namespace

}  // namespace tidings::store::rules
