// SPDX-License-Identifier: Apache-2.0
// A change of the settings costs what it changes, however many accounts, keys and numbers there are.
#include "support/sqlite_watch.hpp"
#include "support/store_contract.hpp"

#include <functional>

namespace tidings::store::sqlite {

namespace {

using test::run;

class SettingsChange : public testing::Test {
protected:
    static constexpr int many = 20'000;
    // In steps of SQLite: a few searches. To read the numbers again takes 100,000.
    static constexpr std::uint64_t steps_max = 2'000;

    SettingsChange()
    {
        open();
        Account account;
        account.id = "MyAccount";
        account_ = run(store_->add_account(account, Credits())).value().key;
        account.id = "Other";
        other_ = run(store_->add_account(account, Credits())).value().key;
        store_.reset();
        Connection database(folder_.path() / "tidings.db", Connection::Mode::write);
        database.run(
            "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < ?) "
            "INSERT INTO numbers SELECT printf('614%08d', n), ? FROM c",
            many, other_);
        watch_.emplace();
        open();
        watch_->take();
    }

    void open() { store_.emplace(folder_.path(), folder_.path() / "secret.key", clock_); }

    void expect_little(const char* what, const std::function<void()>& change)
    {
        auto version = store_->settings()->version;
        change();
        EXPECT_EQ(store_->settings()->version, version + 1) << what;
        std::uint64_t steps = 0;
        for (const auto& [_, work] : watch_->take()) steps += work.steps;
        EXPECT_LE(steps, steps_max) << what;
    }

    Webhook webhook()
    {
        Webhook made;
        made.id = ids_.next();
        made.account = account_;
        made.call.url = "https://example.com/";
        return made;
    }

    test::TempFolder folder_;
    test::VirtualClock clock_;
    base::UuidSource ids_{clock_};
    std::optional<test::SqliteWatch> watch_;
    std::optional<SqliteStore> store_;
    AccountKey account_{}, other_{};
};

TEST_F(SettingsChange, OfAWebhookReadsAndCopiesNoNumbers)
{
    auto before = store_->settings();
    Webhook made = webhook();
    expect_little("added", [&] { EXPECT_TRUE(run(store_->add_webhook(made))); });
    expect_little("changed", [&] {
        EXPECT_TRUE(run(store_->change_webhook(account_, made.id, [](Webhook& it) { it.retries = 3; })));
    });
    auto after = store_->settings();
    EXPECT_EQ(after->find_webhook(account_, made.id)->retries, 3);
    EXPECT_TRUE(after->numbers.shares_all_with(before->numbers));
    EXPECT_TRUE(after->accounts.shares_all_with(before->accounts));
    EXPECT_TRUE(before->webhooks.empty()) << "a snapshot is immutable";
    expect_little("removed", [&] { EXPECT_TRUE(run(store_->remove_webhook(account_, made.id))); });
    EXPECT_TRUE(store_->settings()->webhooks.empty());
}

TEST_F(SettingsChange, OfANumberOrAccountLeavesTheOthersWhereTheyAre)
{
    auto before = store_->settings();
    Number number{.number = "61491570110", .account = account_};
    expect_little("number added", [&] { EXPECT_TRUE(run(store_->add_number(number))); });
    expect_little("account changed", [&] {
        EXPECT_TRUE(run(store_->change_account(account_, [](Account& it) { it.send_both = true; })));
    });
    auto after = store_->settings();
    EXPECT_EQ(after->owner_of(number.number), account_);
    EXPECT_EQ(after->numbers.size(), before->numbers.size() + 1);
    NumberKey same{"61400000001", other_};
    EXPECT_EQ(after->numbers.get(same), before->numbers.get(same));
    EXPECT_EQ(after->accounts.get(other_), before->accounts.get(other_));
    expect_little("account removed", [&] { EXPECT_TRUE(run(store_->remove_account(account_))); });
    EXPECT_EQ(store_->settings()->owner_of(number.number), std::nullopt);
}

// The snapshot in memory is the one that the next start reads.
TEST_F(SettingsChange, IsWhatTheNextStartReads)
{
    ASSERT_TRUE(run(store_->add_webhook(webhook())));
    ASSERT_TRUE(run(store_->add_number({.number = "Bakery", .account = account_})));
    ASSERT_TRUE(run(store_->add_number({.number = "61491570999", .account = {}})));
    ASSERT_TRUE(run(store_->remove_account(other_)));
    message::Route route;
    route.name = "b";
    run(store_->put_route(route));
    route.name = "a";
    run(store_->put_route(route));
    auto before = store_->settings();
    store_.reset();
    open();
    auto after = store_->settings();
    EXPECT_EQ(after->version, before->version);
    EXPECT_EQ(after->numbers.size(), 2u);
    EXPECT_EQ(before->numbers.size(), 2u);
    EXPECT_EQ(*after->routes, *before->routes);
    EXPECT_EQ(after->pool->numbers, before->pool->numbers);
    EXPECT_EQ(after->pool->by_country, before->pool->by_country);
    EXPECT_EQ(after->account_ids.size(), before->account_ids.size());
    EXPECT_EQ(after->accounts.at(other_).removed, before->accounts.at(other_).removed);
    EXPECT_EQ(after->webhooks.at(account_), before->webhooks.at(account_));
}

}  // namespace

}  // namespace tidings::store::sqlite
