// SPDX-License-Identifier: Apache-2.0
// Edits of settings: each changes rows and the snapshot of the present transaction, which is shown to all
// after the commit. How a type stands in its table is said in settings_tables.cpp.
#include "store/sqlite/settings_tables.hpp"
#include "store/sqlite/sqlite_store.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

namespace tidings::store::sqlite {

namespace {

constexpr std::string_view check_row = "meta/sealed_check";
constexpr std::string_view check_text = "tidings";

// Nothing: unlimited.
void set_balance(Connection& database, AccountKey account, Credits credits)
{
    database.run("UPDATE accounts SET credits = ? WHERE key = ?", credits, account);
}

}  // namespace

// A text sealed along with the empty database tells whether the key file is still the same.
void SqliteStore::open_sealer(const std::filesystem::path& key_file)
{
    Connection& database = writer_.database();
    std::string check;
    {
        Rows rows = database.query("SELECT value FROM meta WHERE name = 'sealed_check'");
        if (rows.next()) check = rows.text(0);
    }
    bool there = std::filesystem::exists(key_file);
    // Only for an empty database. To make a new key where secrets are sealed with the lost one would make the
    // loss final at the first edit.
    if (check.empty() && !there) base::Sealer::create_file(key_file);
    if (!check.empty() && !there)
        throw std::runtime_error(
            fmt::format("the key file {} is missing: secrets in the store cannot be read without "
                        "it; bring it back from where you keep it",
                        key_file.string()));
    sealer_.emplace(base::Sealer::from_file(key_file));
    if (check.empty()) {
        database.run("INSERT INTO meta (name, value) VALUES ('sealed_check', ?)",
                     Blob{sealer_->seal(check_text, check_row)});
    } else if (!sealer_->open(check, check_row)) {
        throw std::runtime_error(fmt::format(
            "the key file {} is not the one that this data folder was made with", key_file.string()));
    }
}

// The version changes in the same commit: nobody sees one without what belongs to it.
void SqliteStore::change_settings(Connection& database, const std::function<void(Settings&)>& edit)
{
    database.run("UPDATE meta SET value = value + 1 WHERE name = 'settings_version'");
    auto changed = std::make_shared<Settings>(*ledger_.settings());
    ++changed->version;
    edit(*changed);
    std::shared_ptr<const Settings> settings = std::move(changed);
    ledger_.set_settings(settings);  // for the jobs that follow in the same transaction, too
    // Whoever has the older snapshot keeps it for as long as the request or round lasts that began with it.
    ledger_.after_commit([this, settings] { settings_ = settings; });
}

awaitable<base::Result<Account>> SqliteStore::add_account(Account account, Credits credits)
{
    auto work = [this, account = std::move(account),
                 credits](Connection& database) mutable -> base::Result<Account> {
        account.key = {};  // SQLite gives a new one; an id that was ever given is taken, removed or not
        if (!accounts_table().insert(database, *sealer_, account, IfThere::keep)) return base::errc::exists;
        account.key = static_cast<AccountKey>(database.last_rowid());
        set_balance(database, account.key, credits);
        account.prepaid = credits.has_value();
        change_settings(database, [&](Settings& settings) { settings.put(account); });
        return account;
    };
    co_return co_await write(std::move(work));
}

awaitable<base::Result<Account>> SqliteStore::change_account(AccountKey account,
                                                             std::function<void(Account&)> edit)
{
    auto work = [this, account, edit = std::move(edit)](Connection& database) -> base::Result<Account> {
        const Account* found = ledger_.settings()->accounts.get(account);
        if (!found || found->removed) return base::errc::not_found;
        // On the writer's thread, and of the settings within this transaction: two edits that overlap follow
        // one another, and none is lost.
        Account before = *found, changed = before;
        edit(changed);
        accounts_table().update(database, *sealer_, changed);
        change_settings(database, [&](Settings& settings) { settings.put(changed); });
        if (std::tie(before.hours, before.zone) != std::tie(changed.hours, changed.zone))
            ledger_.hours_changed(database, account);
        return changed;
    };
    co_return co_await write(std::move(work));
}

awaitable<base::Result<void>> SqliteStore::remove_account(AccountKey account)
{
    auto work = [this, account](Connection& database) -> base::Result<void> {
        {
            Rows rows =
                database.query("SELECT 1 FROM accounts WHERE parent = ? AND removed = 0 LIMIT 1", account);
            if (rows.next()) return base::errc::in_use;
        }
        // Its row stays: messages that it had accepted still go their way, and its id is never given again.
        const Account* found = ledger_.settings()->accounts.get(account);
        if (!found || found->removed) return base::errc::not_found;
        Account removed = *found;
        removed.removed = true;
        accounts_table().update(database, *sealer_, removed);
        change_settings(database, [&](Settings& settings) {
            settings.remove_account(account);
            Rows keys = database.query("DELETE FROM keys WHERE account = ? RETURNING name", account);
            while (keys.next()) settings.keys.erase(std::string(keys.text(0)));
            Rows numbers = database.query("DELETE FROM numbers WHERE account = ? RETURNING number", account);
            while (numbers.next()) settings.remove({std::string(numbers.text(0)), account});
        });
        // The snapshot forgot these with the account (Settings::remove_account).
        database.run("DELETE FROM webhooks WHERE account = ?", account);
        database.run("DELETE FROM signature_keys WHERE account = ?", account);
        database.run("DELETE FROM webhook_secrets WHERE account = ?", account);
        return {};
    };
    co_return co_await write(std::move(work));
}

awaitable<Credits> SqliteStore::credits(AccountKey account)
{
    auto work = [account](Connection& database) -> Credits {
        Rows rows = database.query("SELECT credits FROM accounts WHERE key = ?", account);
        if (!rows.next() || rows.is_null(0)) return {};
        return rows.integer(0);
    };
    co_return co_await read(work);
}

awaitable<void> SqliteStore::set_credits(AccountKey account, Credits credits)
{
    auto work = [this, account, credits](Connection& database) {
        set_balance(database, account, credits);
        const Account* found = ledger_.settings()->accounts.get(account);
        // The balance is no setting. Only whether there is one is, and that seldom changes.
        if (!found || found->prepaid == credits.has_value()) return;
        Account changed = *found;
        changed.prepaid = credits.has_value();
        change_settings(database, [&](Settings& settings) { settings.put(changed); });
    };
    co_await write(work);
}

awaitable<base::Result<std::int64_t>> SqliteStore::add_credits(AccountKey account, std::int64_t amount)
{
    auto work = [account, amount](Connection& database) -> base::Result<std::int64_t> {
        Rows rows = database.query(
            "UPDATE accounts SET credits = credits + ? WHERE key = ? "
            "AND credits IS NOT NULL RETURNING credits",
            amount, account);
        // The balance is changed where it stands, by a difference: messages that are accepted at the same
        // time are debited from what it is then.
        if (!rows.next()) return base::errc::not_prepaid;
        return rows.integer(0);
    };
    co_return co_await write(work);
}

awaitable<void> SqliteStore::add_key(ApiKey key)
{
    auto work = [this, key = std::move(key)](Connection& database) {
        keys_table().insert(database, *sealer_, key);
        change_settings(database, [&](Settings& settings) { settings.keys.put(key.name, key); });
    };
    co_await write(std::move(work));
}

awaitable<base::Result<ApiKey>> SqliteStore::change_key(AccountKey account, std::string name,
                                                        std::function<void(ApiKey&)> edit)
{
    auto work = [this, account, name = std::move(name),
                 edit = std::move(edit)](Connection& database) -> base::Result<ApiKey> {
        const ApiKey* found = ledger_.settings()->keys.get(name);
        if (!found || found->account != account) return base::errc::not_found;
        ApiKey changed = *found;
        edit(changed);
        keys_table().update(database, *sealer_, changed);
        change_settings(database, [&](Settings& settings) { settings.keys.put(name, changed); });
        return changed;
    };
    co_return co_await write(std::move(work));
}

awaitable<base::Result<void>> SqliteStore::rotate_key(std::string name, ApiKey successor, base::Time until)
{
    auto work = [this, name = std::move(name), successor = std::move(successor),
                 until](Connection& database) -> base::Result<void> {
        const ApiKey* found = ledger_.settings()->keys.get(name);
        if (!found || found->account != successor.account) return base::errc::not_found;
        // Both are good until then, so that its owner can change them over without a gap.
        ApiKey ending = *found;
        ending.expires_at = std::min(until, ending.expires_at.value_or(until));
        keys_table().update(database, *sealer_, ending);
        keys_table().insert(database, *sealer_, successor);
        change_settings(database, [&](Settings& settings) {
            settings.keys.put(name, ending);
            settings.keys.put(successor.name, successor);
        });
        return {};
    };
    co_return co_await write(std::move(work));
}

awaitable<base::Result<void>> SqliteStore::remove_key(AccountKey account, std::string name)
{
    auto work = [this, account, name = std::move(name)](Connection& database) -> base::Result<void> {
        if (database.run("DELETE FROM keys WHERE account = ? AND name = ?", account, name) == 0)
            return base::errc::not_found;
        change_settings(database, [&](Settings& settings) { settings.keys.erase(name); });
        return {};
    };
    co_return co_await write(std::move(work));
}

awaitable<base::Result<void>> SqliteStore::add_number(Number number)
{
    auto work = [this, number = std::move(number)](Connection& database) -> base::Result<void> {
        // A name may be several accounts', since nobody can reply to it.
        bool is_name = message::infer_source_type(number.number) == message::SourceType::alphanumeric;
        if (!is_name) {
            Rows rows = database.query("SELECT 1 FROM numbers WHERE number = ?", number.number);
            if (rows.next()) return base::errc::exists;
        }
        if (!numbers_table().insert(database, *sealer_, number, IfThere::keep)) return base::errc::exists;
        change_settings(database, [&](Settings& settings) { settings.put(number); });
        return {};
    };
    co_return co_await write(std::move(work));
}

awaitable<base::Result<void>> SqliteStore::remove_number(Number number)
{
    auto work = [this, number = std::move(number)](Connection& database) -> base::Result<void> {
        auto removed = database.run("DELETE FROM numbers WHERE number = ? AND account = ?", number.number,
                                    key_of(number).owner);
        if (removed == 0) return base::errc::not_found;
        change_settings(database, [&](Settings& settings) { settings.remove(number); });
        return {};
    };
    co_return co_await write(std::move(work));
}

awaitable<void> SqliteStore::put_route(message::Route route)
{
    auto work = [this, route = std::move(route)](Connection& database) {
        routes_table().insert(database, *sealer_, route, IfThere::replace);
        change_settings(database, [&](Settings& settings) { settings.put(route); });
    };
    co_await write(std::move(work));
}

awaitable<base::Result<void>> SqliteStore::remove_route(std::string name)
{
    auto work = [this, name = std::move(name)](Connection& database) -> base::Result<void> {
        if (database.run("DELETE FROM routes WHERE name = ?", name) == 0) return base::errc::not_found;
        change_settings(database, [&](Settings& settings) {
            settings.routes.change([&](std::vector<message::Route>& routes) {
                std::erase_if(routes, [&](const message::Route& route) { return route.name == name; });
            });
        });
        return {};
    };
    co_return co_await write(std::move(work));
}

awaitable<void> SqliteStore::set_admin_token(base::Sha256 hash)
{
    auto work = [this, hash](Connection& database) {
        database.run("INSERT OR REPLACE INTO meta (name, value) VALUES ('admin_token', ?)", blob_of(hash));
        change_settings(database, [&](Settings& settings) { settings.admin_token = hash; });
    };
    co_await write(work);
}

}  // namespace tidings::store::sqlite
