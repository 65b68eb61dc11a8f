// SPDX-License-Identifier: Apache-2.0
#include "support/store_contract.hpp"

namespace tidings::test {

namespace {

class SettingsStore : public StoreContract {
protected:
    store::ApiKey basic(const std::string& name)
    {
        store::ApiKey made;
        made.name = name;
        made.account = account;
        made.basic_secret = base::sha256("secret of " + name);
        return made;
    }
    store::ApiKey hmac(const std::string& name)
    {
        store::ApiKey made;
        made.name = name;
        made.account = account;
        made.scheme = store::KeyScheme::hmac;
        made.hmac_secret = "secret of " + name;
        return made;
    }
};

TEST_P(SettingsStore, AnAccountIsKnownByItsKeyAndId)
{
    store::Account child;
    child.id = "Child";
    child.parent = account;
    child.default_source = "61491570110";
    child.unregistered_source = message::UnregisteredSource::substitute;
    child.features = store::Features(0).set(store::Feature::inbound_mms);
    child.requests_per_second = 5;
    child.messages_per_second = 500;
    child.converter = text::Converter::lossless;
    child.hours = message::Hours::recipient;
    child.zone = "Australia/Sydney";
    child.duplicate_window = 36h;
    child.opt_out_confirmation = "No more messages.";
    child.caps = {.daily = 10, .monthly = 100};
    child.blocked_sources = {"Bank", "61491570150"};
    child.hold_patterns.emplace_back("free * prize");
    child.hold_patterns.emplace_back("casino*");
    store::AccountKey key = run(store->add_account(child, 7)).value().key;
    EXPECT_NE(key, account);
    for (int time = 0; time < 2; ++time) {
        auto settings = store->settings();
        EXPECT_EQ(settings->account_ids.at("Child"), key);
        const store::Account& found = settings->accounts.at(key);
        EXPECT_EQ(found.key, key);
        EXPECT_EQ(found.id, "Child");
        EXPECT_EQ(found.parent, account);
        EXPECT_EQ(found.default_source, "61491570110");
        EXPECT_EQ(found.unregistered_source, message::UnregisteredSource::substitute);
        EXPECT_EQ(found.features, child.features);
        EXPECT_EQ(found.requests_per_second, 5u);
        EXPECT_EQ(found.messages_per_second, 500u);
        EXPECT_EQ(found.converter, text::Converter::lossless);
        EXPECT_EQ(found.hours, message::Hours::recipient);
        EXPECT_EQ(found.zone, "Australia/Sydney");
        EXPECT_EQ(found.duplicate_window, 36h);
        EXPECT_EQ(found.opt_out_confirmation, "No more messages.");
        EXPECT_EQ(found.caps, child.caps);
        EXPECT_EQ(found.blocked_sources, child.blocked_sources);
        EXPECT_TRUE(found.drop_patterns.empty());
        ASSERT_EQ(found.hold_patterns.size(), 2u);
        EXPECT_EQ(found.hold_patterns[1].text(), "casino*");
        EXPECT_TRUE(found.prepaid);
        EXPECT_EQ(run(store->credits(key)), 7);
        EXPECT_FALSE(settings->accounts.at(account).prepaid);
        EXPECT_EQ(run(store->credits(account)), std::nullopt);
        EXPECT_EQ(settings->accounts.at(account).parent, std::nullopt);
        restart();
    }
}

TEST_P(SettingsStore, ASecondAccountOfTheSameIdIsRefused)
{
    store::Account again;
    again.id = "MyAccount";
    EXPECT_EQ(run(store->add_account(again, store::Credits())).error(), base::errc::exists);
    EXPECT_EQ(store->settings()->accounts.size(), 1u);
}

TEST_P(SettingsStore, KeysOfBothSchemesAreThereUntilRemoved)
{
    run(store->add_key(basic("B")));
    run(store->add_key(hmac("H")));
    for (int time = 0; time < 2; ++time) {
        auto settings = store->settings();
        EXPECT_EQ(settings->keys.at("B").scheme, store::KeyScheme::basic);
        EXPECT_EQ(settings->keys.at("B").basic_secret, base::sha256("secret of B"));
        EXPECT_EQ(settings->keys.at("B").account, account);
        EXPECT_EQ(settings->keys.at("H").scheme, store::KeyScheme::hmac);
        EXPECT_EQ(settings->keys.at("H").hmac_secret, "secret of H");
        restart();
    }
    EXPECT_TRUE(run(store->remove_key(account, "B")));
    EXPECT_FALSE(store->settings()->keys.contains("B"));
    EXPECT_EQ(run(store->remove_key(account, "B")).error(), base::errc::not_found);
    restart();
    EXPECT_FALSE(store->settings()->keys.contains("B"));
    EXPECT_TRUE(store->settings()->keys.contains("H"));
}

TEST_P(SettingsStore, OnlyTheOwnerRemovesAKey)
{
    run(store->add_key(basic("B")));
    EXPECT_EQ(run(store->remove_key(add_account("Other"), "B")).error(), base::errc::not_found);
    EXPECT_TRUE(store->settings()->keys.contains("B"));
}

TEST_P(SettingsStore, AnAccountIsChangedInOneStepForAll)
{
    auto rename = [](store::Account& it) {
        it.default_source = "12345";
        it.features.set(store::Feature::tts, false);
    };
    EXPECT_EQ(run(store->change_account(account, rename)).value().default_source, "12345");
    auto limit = [](store::Account& it) { it.messages_per_second = 9; };
    EXPECT_EQ(run(store->change_account(account, limit)).value().default_source, "12345");
    restart();
    const store::Account& found = store->settings()->accounts.at(account);
    EXPECT_EQ(found.default_source, "12345");
    EXPECT_EQ(found.messages_per_second, 9u);
    EXPECT_FALSE(found.features.has(store::Feature::tts));
    EXPECT_TRUE(found.features.has(store::Feature::mms));
    EXPECT_EQ(run(store->change_account(store::AccountKey{99}, limit)).error(), base::errc::not_found);
}

TEST_P(SettingsStore, ARemovedAccountLosesItsKeysAndNumbersAndItsIdIsNotGivenAgain)
{
    run(store->add_key(basic("B")));
    EXPECT_TRUE(run(store->add_number({.number = "61491570110", .account = account})));
    store::NewMessage message = text("under way");
    accept(message);
    EXPECT_TRUE(run(store->remove_account(account)));
    for (int time = 0; time < 2; ++time) {
        EXPECT_FALSE(store->settings()->account_ids.contains("MyAccount"));
        EXPECT_TRUE(store->settings()->keys.empty());
        EXPECT_TRUE(store->settings()->numbers.empty());
        EXPECT_EQ(take_due(1), std::vector<std::string>{"under way"});
        restart();
    }
    EXPECT_EQ(run(store->remove_account(account)).error(), base::errc::not_found);
    store::Account again;
    again.id = "MyAccount";
    EXPECT_EQ(run(store->add_account(again, store::Credits())).error(), base::errc::exists);
}

TEST_P(SettingsStore, AnAccountWithSubAccountsIsNotRemoved)
{
    store::Account child;
    child.id = "Child";
    child.parent = account;
    store::AccountKey key = run(store->add_account(child, store::Credits())).value().key;
    EXPECT_EQ(run(store->remove_account(account)).error(), base::errc::in_use);
    EXPECT_TRUE(run(store->remove_account(key)));
    EXPECT_TRUE(run(store->remove_account(account)));
}

TEST_P(SettingsStore, CreditsAreSetAndAdded)
{
    EXPECT_EQ(run(store->add_credits(account, 5)).error(), base::errc::not_prepaid);
    run(store->set_credits(account, 10));
    EXPECT_TRUE(store->settings()->accounts.at(account).prepaid);
    EXPECT_EQ(run(store->add_credits(account, 5)).value(), 15);
    EXPECT_EQ(run(store->add_credits(account, -20)).value(), -5);
    restart();
    EXPECT_EQ(run(store->credits(account)), -5);
    run(store->set_credits(account, {}));
    EXPECT_FALSE(store->settings()->accounts.at(account).prepaid);
    EXPECT_EQ(run(store->credits(account)), std::nullopt);
}

TEST_P(SettingsStore, AKeyKeepsItsOwnRules)
{
    store::ApiKey made = hmac("H");
    made.expires_at = clock.now() + 1h;
    run(store->add_key(made));
    auto edit = [](store::ApiKey& it) {
        it.body_digest_required = true;
        it.sha1_allowed = false;
    };
    EXPECT_TRUE(run(store->change_key(account, "H", edit)));
    EXPECT_EQ(run(store->change_key(add_account("Other"), "H", edit)).error(), base::errc::not_found);
    restart();
    auto settings = store->settings();
    const store::ApiKey& found = settings->keys.at("H");
    EXPECT_EQ(found.expires_at, made.expires_at);
    EXPECT_TRUE(found.body_digest_required);
    EXPECT_FALSE(found.sha1_allowed);
    EXPECT_EQ(found.hmac_secret, "secret of H");
}

TEST_P(SettingsStore, ARotatedKeyOverlapsWithItsSuccessor)
{
    base::Time until = clock.now() + 1h;
    run(store->add_key(basic("B")));
    EXPECT_TRUE(run(store->rotate_key("B", basic("C"), until)));
    EXPECT_EQ(store->settings()->keys.at("B").expires_at, until);
    EXPECT_EQ(store->settings()->keys.at("C").expires_at, std::nullopt);
    EXPECT_TRUE(run(store->rotate_key("B", basic("D"), until + 1h)));
    EXPECT_EQ(store->settings()->keys.at("B").expires_at, until) << "it never ends later than it was to";

    store::ApiKey foreign = basic("E");
    foreign.account = add_account("Other");
    EXPECT_EQ(run(store->rotate_key("B", foreign, until)).error(), base::errc::not_found);
    EXPECT_FALSE(store->settings()->keys.contains("E"));
}

TEST_P(SettingsStore, ANumberHasOneOwnerAndANameMany)
{
    store::AccountKey other = add_account("Other");
    for (const char* number : {"61491570110", "12345"}) {
        EXPECT_TRUE(run(store->add_number({.number = number, .account = account})));
        EXPECT_EQ(run(store->add_number({.number = number, .account = other})).error(), base::errc::exists);
        EXPECT_EQ(run(store->add_number({.number = number, .account = {}})).error(), base::errc::exists);
    }
    EXPECT_TRUE(run(store->add_number({.number = "Bakery", .account = account})));
    EXPECT_TRUE(run(store->add_number({.number = "Bakery", .account = other})));
    EXPECT_EQ(run(store->add_number({.number = "Bakery", .account = other})).error(), base::errc::exists);
    restart();
    auto settings = store->settings();
    EXPECT_EQ(settings->owner_of("61491570110"), account);
    EXPECT_EQ(settings->owner_of("Bakery"), std::nullopt);
    EXPECT_EQ(settings->owner_of("1"), std::nullopt);
    EXPECT_TRUE(settings->may_send_from(settings->accounts.at(account), "12345"));
    EXPECT_FALSE(settings->may_send_from(settings->accounts.at(other), "12345"));
    EXPECT_TRUE(settings->may_send_from(settings->accounts.at(other), "Bakery"));
}

TEST_P(SettingsStore, APoolNumberIsForAll)
{
    store::Number shared{.number = "61491570999", .account = {}};
    EXPECT_TRUE(run(store->add_number(shared)));
    restart();
    auto settings = store->settings();
    EXPECT_EQ(settings->pool->numbers, std::vector<std::string>{"61491570999"});
    EXPECT_TRUE(settings->is_shared("61491570999"));
    EXPECT_EQ(settings->owner_of("61491570999"), std::nullopt);
    EXPECT_TRUE(settings->may_send_from(settings->accounts.at(account), "61491570999"));
    EXPECT_TRUE(run(store->remove_number(shared)));
    EXPECT_EQ(run(store->remove_number(shared)).error(), base::errc::not_found);
    EXPECT_TRUE(store->settings()->pool->numbers.empty());
}

TEST_P(SettingsStore, RoutesAreKeptByNameUntilRemoved)
{
    message::Route route;
    route.name = "mobiles";
    route.link = "carrier";
    route.destination_prefix = "614";
    route.sources = {"12345", "Bakery"};
    route.account = "MyAccount";
    route.format = message::Format::sms;
    route.priority = -3;
    route.weight = 7;
    message::Route plain;
    plain.name = "any";
    plain.link = "other";
    run(store->put_route(route));
    run(store->put_route(plain));
    restart();
    EXPECT_EQ(*store->settings()->routes, (std::vector{plain, route}));
    route.sources.clear();
    run(store->put_route(route));
    EXPECT_EQ(*store->settings()->routes, (std::vector{plain, route}));
    EXPECT_TRUE(run(store->remove_route("any")));
    EXPECT_EQ(run(store->remove_route("any")).error(), base::errc::not_found);
    EXPECT_EQ(*store->settings()->routes, std::vector{route});
}

TEST_P(SettingsStore, EachChangeHasANewVersionAndOldSnapshotsStay)
{
    auto before = store->settings();
    run(store->add_key(basic("B")));
    auto after = store->settings();
    EXPECT_GT(after->version, before->version);
    EXPECT_FALSE(before->keys.contains("B"));
    restart();
    EXPECT_GE(store->settings()->version, after->version);
    run(store->add_key(hmac("H")));
    EXPECT_GT(store->settings()->version, after->version);
}

INSTANTIATE_TEST_SUITE_P(Store, SettingsStore, testing::ValuesIn(store_kinds), name_of);

}  // namespace

}  // namespace tidings::test
