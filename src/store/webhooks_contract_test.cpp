// SPDX-License-Identifier: Apache-2.0
#include "support/store_contract.hpp"

namespace tidings::test {

namespace {

using base::errc;
using message::Event;

class WebhookStore : public StoreContract {
protected:
    store::Webhook webhook(const std::string& url, store::AccountKey owner)
    {
        store::Webhook made;
        made.id = ids.next();
        made.account = owner;
        made.call.url = url;
        made.events = {Event::received_sms};
        return made;
    }
    store::Webhook webhook(const std::string& url) { return webhook(url, account); }
    store::SignatureKey signature_key()
    {
        store::SignatureKey made;
        made.id = ids.next();
        made.account = account;
        made.digest = message::SignatureDigest::sha512;
        made.private_key = std::string("private\0", 8);
        made.public_key = std::string("public\0", 7);
        made.created_at = clock.now();
        return made;
    }
    void add(const store::Webhook& made) { EXPECT_TRUE(run(store->add_webhook(made))); }
    void add(const store::SignatureKey& made) { EXPECT_TRUE(run(store->add_signature_key(made))); }
    std::vector<store::Webhook> webhooks(store::AccountKey owner)
    {
        auto settings = store->settings();
        auto found = settings->webhooks_of(owner);
        return {found.begin(), found.end()};
    }
    void rotate(const std::string& secret, base::Time until)
    {
        store::WebhookSecret made{.secret = secret, .created_at = clock.now()};
        run(store->rotate_webhook_secret(account, made, until));
    }
};

TEST_P(WebhookStore, AWebhookIsKeptWithAllItsFields)
{
    store::Webhook made = webhook("https://example.com/hook?x=$mtId");
    made.call.method = message::HttpMethod::delete_;
    made.call.encoding = message::Encoding::xml;
    made.call.headers = {{"X-One", "1"}, {"X-Empty", ""}, {"A", "b: c"}};
    made.call.template_text = "{\"id\":\"$mtId\"}\n";
    made.events = {Event::received_sms, Event::failed_dr};
    made.read_timeout = 1500ms;
    made.retries = 5;
    made.retry_delay = 60s;
    made.disabled = true;
    store::Webhook plain = webhook("https://example.com/hook");
    add(made);
    add(plain);
    for (int time = 0; time < 2; ++time) {
        EXPECT_EQ(webhooks(account), (std::vector{made, plain}));
        EXPECT_EQ(*store->settings()->find_webhook(account, plain.id), plain);
        restart();
    }
}

TEST_P(WebhookStore, AnEmptyTemplateIsNotNone)
{
    store::Webhook made = webhook("https://example.com/hook");
    made.call.template_text = "";
    add(made);
    restart();
    EXPECT_EQ(webhooks(account), std::vector{made});
}

TEST_P(WebhookStore, OfTheSameUrlAndMethodAnAccountHasOne)
{
    store::Webhook made = webhook("https://example.com/hook");
    add(made);
    EXPECT_EQ(run(store->add_webhook(webhook("https://example.com/hook"))).error(), errc::exists);
    store::Webhook get = webhook("https://example.com/hook");
    get.call.method = message::HttpMethod::get;
    add(get);
    add(webhook("https://example.com/hook", add_account("Other")));
    auto to_post = [](store::Webhook& it) { it.call.method = message::HttpMethod::post; };
    EXPECT_EQ(run(store->change_webhook(account, get.id, to_post)).error(), errc::exists);
    EXPECT_TRUE(run(store->change_webhook(account, made.id, to_post)));
    EXPECT_EQ(webhooks(account), (std::vector{made, get}));
}

TEST_P(WebhookStore, OnlyTheOwnerChangesAndRemovesAWebhook)
{
    store::AccountKey other = add_account("Other");
    store::Webhook made = webhook("https://example.com/hook");
    add(made);
    auto edit = [](store::Webhook& it) { it.events = {Event::delivered_dr}; };
    EXPECT_EQ(run(store->change_webhook(other, made.id, edit)).error(), errc::not_found);
    EXPECT_EQ(run(store->remove_webhook(other, made.id)).error(), errc::not_found);
    EXPECT_EQ(webhooks(account), std::vector{made});

    EXPECT_EQ(run(store->change_webhook(account, made.id, edit)).value().events,
              message::Events{Event::delivered_dr});
    restart();
    EXPECT_EQ(webhooks(account)[0].events, message::Events{Event::delivered_dr});
    EXPECT_TRUE(run(store->remove_webhook(account, made.id)));
    EXPECT_EQ(run(store->remove_webhook(account, made.id)).error(), errc::not_found);
    EXPECT_TRUE(webhooks(account).empty());
}

TEST_P(WebhookStore, AnAccountHasALimitedNumberOfWebhooks)
{
    for (std::size_t i = 0; i < store::webhooks_max; ++i)
        add(webhook("https://example.com/" + std::to_string(i)));
    EXPECT_EQ(run(store->add_webhook(webhook("https://example.com/more"))).error(), errc::too_many);
    add(webhook("https://example.com/more", add_account("Other")));
}

TEST_P(WebhookStore, OfAnAccountsSignatureKeysOneIsEnabled)
{
    store::AccountKey other = add_account("Other");
    store::SignatureKey first = signature_key(), second = signature_key();
    add(first);
    add(second);
    restart();
    EXPECT_EQ(store->settings()->signature_keys.at(account), (std::vector{first, second}));
    EXPECT_EQ(store->settings()->enabled_signature_key(account), nullptr);
    EXPECT_EQ(run(store->enable_signature_key(other, first.id)).error(), errc::not_found);
    EXPECT_EQ(store->settings()->enabled_signature_key(account), nullptr);
    for (const store::SignatureKey& key : {first, second}) {
        EXPECT_TRUE(run(store->enable_signature_key(account, key.id)));
        restart();
        EXPECT_EQ(store->settings()->enabled_signature_key(account)->id, key.id);
        EXPECT_EQ(std::ranges::count(store->settings()->signature_keys_of(account), true,
                                     &store::SignatureKey::enabled),
                  1);
    }
    EXPECT_TRUE(run(store->enable_signature_key(account, {})));
    EXPECT_EQ(store->settings()->enabled_signature_key(account), nullptr);
    EXPECT_TRUE(run(store->enable_signature_key(account, {}))) << "none is enabled already";
    EXPECT_EQ(run(store->remove_signature_key(other, first.id)).error(), errc::not_found);
    EXPECT_TRUE(run(store->remove_signature_key(account, first.id)));
    EXPECT_EQ(store->settings()->find_signature_key(account, first.id), nullptr);
    EXPECT_EQ(run(store->remove_signature_key(account, first.id)).error(), errc::not_found);
}

TEST_P(WebhookStore, AnAccountHasALimitedNumberOfSignatureKeys)
{
    for (std::size_t i = 0; i < store::signature_keys_max; ++i) add(signature_key());
    EXPECT_EQ(run(store->add_signature_key(signature_key())).error(), errc::too_many);
}

TEST_P(WebhookStore, OfWebhookSecretsTheLastTwoLive)
{
    EXPECT_EQ(run(store->remove_webhook_secrets(account)).error(), errc::not_found);
    base::Time start = clock.now();
    rotate("first", start + 1h);
    EXPECT_EQ(store->settings()->webhook_secrets.at(account),
              (std::vector<store::WebhookSecret>{{.secret = "first", .created_at = start}}));
    clock.advance(1min);
    rotate("second", start + 2h);
    clock.advance(1min);
    rotate("third", start + 3h);
    restart();
    EXPECT_EQ(store->settings()->webhook_secrets.at(account),
              (std::vector<store::WebhookSecret>{
                  {.secret = "third", .created_at = start + 2min},
                  {.secret = "second", .created_at = start + 1min, .expires_at = start + 3h}}));
    EXPECT_TRUE(run(store->remove_webhook_secrets(account)));
    EXPECT_TRUE(store->settings()->webhook_secrets_of(account).empty());
}

TEST_P(WebhookStore, GoWithTheirAccount)
{
    add(webhook("https://example.com/hook"));
    add(signature_key());
    rotate("secret", clock.now());
    EXPECT_TRUE(run(store->remove_account(account)));
    EXPECT_TRUE(store->settings()->webhooks.empty());
    EXPECT_TRUE(store->settings()->signature_keys.empty());
    EXPECT_TRUE(store->settings()->webhook_secrets.empty());
}

TEST_P(WebhookStore, AnAccountMayHearOfTheSameThingTwice)
{
    EXPECT_FALSE(store->settings()->accounts.at(account).send_both);
    auto edit = [](store::Account& it) { it.send_both = true; };
    EXPECT_TRUE(run(store->change_account(account, edit)).value().send_both);
    restart();
    EXPECT_TRUE(store->settings()->accounts.at(account).send_both);
}

INSTANTIATE_TEST_SUITE_P(Store, WebhookStore, testing::ValuesIn(store_kinds), name_of);

}  // namespace

}  // namespace tidings::test
