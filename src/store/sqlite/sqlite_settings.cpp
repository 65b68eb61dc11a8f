// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/sqlite_store.hpp"

#include <fmt/format.h>

#include <cstring>

namespace tidings::store {

namespace {

constexpr std::string_view check_row = "meta/sealed_check";
constexpr std::string_view check_text = "tidings";

std::string_view bytes(const base::Sha256& hash)
{
    return {reinterpret_cast<const char*>(hash.data()), hash.size()};
}

base::Sha256 hash_from(std::string_view bytes)
{
    base::Sha256 hash{};
    std::memcpy(hash.data(), bytes.data(), std::min(bytes.size(), hash.size()));
    return hash;
}

std::string sealed_row(const ApiKey& key) { return "keys/" + key.name; }

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

std::shared_ptr<const Settings> SqliteStore::read_settings(Connection& database) const
{
    auto settings = std::make_shared<Settings>();
    {
        Rows rows = database.query("SELECT value FROM meta WHERE name = 'settings_version'");
        rows.next();
        settings->version = static_cast<std::uint64_t>(rows.integer(0));
    }
    {
        Rows rows = database.query("SELECT key, id, parent, default_source, credits FROM accounts");
        while (rows.next()) {
            Account account;
            account.key = rows.as<AccountKey>(0);
            account.id = rows.text(1);
            if (!rows.is_null(2)) account.parent = rows.as<AccountKey>(2);
            account.default_source = rows.text(3);
            if (!rows.is_null(4)) account.credits = rows.integer(4);
            settings->account_ids[account.id] = account.key;
            settings->accounts[account.key] = std::move(account);
        }
    }
    {
        Rows rows = database.query("SELECT name, account, scheme, secret FROM keys");
        while (rows.next()) {
            ApiKey key;
            key.name = rows.text(0);
            key.account = rows.as<AccountKey>(1);
            key.scheme = rows.as<KeyScheme>(2);
            std::string_view secret = rows.text(3);
            if (key.scheme == KeyScheme::basic) {
                key.basic_secret = hash_from(secret);
            } else {
                key.hmac_secret = sealer_->open(secret, sealed_row(key)).value();
            }
            settings->keys[key.name] = std::move(key);
        }
    }
    {
        Rows rows = database.query("SELECT value FROM meta WHERE name = 'admin_token'");
        if (rows.next()) settings->admin_token = hash_from(rows.text(0));
    }
    Rows rows = database.query("SELECT number, account FROM numbers");
    while (rows.next()) {
        Number number{std::string(rows.text(0)), rows.as<AccountKey>(1)};
        settings->numbers[number.number] = number;
    }
    return settings;
}

void SqliteStore::settings_changed(Connection& database)
{
    database.run("UPDATE meta SET value = value + 1 WHERE name = 'settings_version'");
    ledger_.after_commit([this, settings = read_settings(database)] {
        ledger_.set_settings(settings);
        settings_ = settings;
    });
}

awaitable<base::Result<Account>> SqliteStore::add_account(Account account)
{
    auto work = [this, account = std::move(account)](Connection& database) mutable -> base::Result<Account> {
        auto added = database.run("INSERT OR IGNORE INTO accounts (id, parent, default_source, credits) "
                                  "VALUES (?, ?, ?, ?)",
                                  account.id, account.parent, account.default_source, account.credits);
        if (added == 0) return base::errc::exists;
        account.key = static_cast<AccountKey>(database.last_rowid());
        settings_changed(database);
        return account;
    };
    co_return co_await write(std::move(work));
}

awaitable<void> SqliteStore::add_key(ApiKey key)
{
    auto work = [this, key = std::move(key)](Connection& database) {
        std::string secret = key.scheme == KeyScheme::basic ? std::string(bytes(key.basic_secret))
                                                            : sealer_->seal(key.hmac_secret, sealed_row(key));
        database.run("INSERT INTO keys (name, account, scheme, secret) VALUES (?, ?, ?, ?)", key.name,
                     key.account, key.scheme, Blob{secret});
        settings_changed(database);
    };
    co_await write(std::move(work));
}

awaitable<base::Result<void>> SqliteStore::remove_key(AccountKey account, std::string name)
{
    auto work = [this, account, name = std::move(name)](Connection& database) -> base::Result<void> {
        if (database.run("DELETE FROM keys WHERE account = ? AND name = ?", account, name) == 0)
            return base::errc::not_found;
        settings_changed(database);
        return {};
    };
    co_return co_await write(std::move(work));
}

awaitable<base::Result<void>> SqliteStore::add_number(Number number)
{
    auto work = [this, number = std::move(number)](Connection& database) -> base::Result<void> {
        auto added = database.run("INSERT OR IGNORE INTO numbers (number, account) VALUES (?, ?)",
                                  number.number, number.account);
        if (added == 0) return base::errc::exists;
        settings_changed(database);
        return {};
    };
    co_return co_await write(std::move(work));
}

awaitable<void> SqliteStore::set_admin_token(base::Sha256 hash)
{
    auto work = [this, hash](Connection& database) {
        database.run("INSERT OR REPLACE INTO meta (name, value) VALUES ('admin_token', ?)",
                     Blob{bytes(hash)});
        settings_changed(database);
    };
    co_await write(work);
}

}  // namespace tidings::store
