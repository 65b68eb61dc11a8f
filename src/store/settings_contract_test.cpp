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
    child.credits = 7;
    store::AccountKey key = run(store->add_account(child)).value().key;
    EXPECT_NE(key, account);
    for (int time = 0; time < 2; ++time) {
        auto settings = store->settings();
        EXPECT_EQ(settings->account_ids.at("Child"), key);
        const store::Account& found = settings->accounts.at(key);
        EXPECT_EQ(found.key, key);
        EXPECT_EQ(found.id, "Child");
        EXPECT_EQ(found.parent, account);
        EXPECT_EQ(found.default_source, "61491570110");
        EXPECT_EQ(found.credits, 7);
        EXPECT_EQ(settings->accounts.at(account).credits, std::nullopt);
        EXPECT_EQ(settings->accounts.at(account).parent, std::nullopt);
        restart();
    }
}

TEST_P(SettingsStore, ASecondAccountOfTheSameIdIsRefused)
{
    store::Account again;
    again.id = "MyAccount";
    EXPECT_EQ(run(store->add_account(again)).error(), base::errc::exists);
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

TEST_P(SettingsStore, ANumberHasOneOwner)
{
    EXPECT_TRUE(run(store->add_number({.number = "61491570110", .account = account})));
    store::Number again{.number = "61491570110", .account = add_account("Other")};
    EXPECT_EQ(run(store->add_number(again)).error(), base::errc::exists);
    restart();
    EXPECT_EQ(store->settings()->numbers.at("61491570110").account, account);
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
