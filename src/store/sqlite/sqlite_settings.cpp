// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/sqlite_store.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstring>
#include <tuple>

namespace tidings::store::sqlite {

namespace {

constexpr std::string_view check_row = "meta/sealed_check";
constexpr std::string_view check_text = "tidings";

base::Sha256 hash_from(std::string_view bytes)
{
    base::Sha256 hash{};
    std::memcpy(hash.data(), bytes.data(), std::min(bytes.size(), hash.size()));
    return hash;
}

std::string sealed_row(const ApiKey& key) { return "keys/" + key.name; }

// Neither sources nor patterns hold line ends.
std::string joined(const std::vector<std::string>& lines)
{
    return fmt::format("{}", fmt::join(lines, "\n"));
}

std::vector<std::string> split(std::string_view text)
{
    std::vector<std::string> lines;
    while (!text.empty()) {
        std::string_view line = text.substr(0, text.find('\n'));
        lines.emplace_back(line);
        text.remove_prefix(std::min(text.size(), line.size() + 1));
    }
    return lines;
}

std::string joined(const std::vector<message::Pattern>& patterns)
{
    std::vector<std::string> lines;
    for (const message::Pattern& pattern : patterns) lines.push_back(pattern.text());
    return joined(lines);
}

std::vector<message::Pattern> patterns_in(std::string_view text)
{
    std::vector<message::Pattern> patterns;
    for (std::string& line : split(text)) patterns.emplace_back(std::move(line));
    return patterns;
}

Account read_account(const Rows& rows)
{
    Account account;
    account.key = rows.as<AccountKey>(0);
    account.id = rows.text(1);
    if (!rows.is_null(2)) account.parent = rows.as<AccountKey>(2);
    account.default_source = rows.text(3);
    account.prepaid = !rows.is_null(4);
    account.unregistered_source = rows.as<message::UnregisteredSource>(5);
    account.features = Features(static_cast<unsigned long>(rows.integer(6)));
    account.requests_per_second = static_cast<std::uint32_t>(rows.integer(7));
    account.messages_per_second = static_cast<std::uint32_t>(rows.integer(8));
    account.removed = rows.integer(9) != 0;
    account.priority = rows.as<message::Priority>(10);
    account.send_both = rows.integer(11) != 0;
    account.duplicate_window = std::chrono::seconds(rows.integer(12));
    account.converter = rows.as<text::Converter>(13);
    account.hours = rows.as<message::Hours>(14);
    account.zone = rows.text(15);
    account.opt_out_confirmation = rows.text(16);
    account.caps.daily = static_cast<std::uint32_t>(rows.integer(17));
    account.caps.monthly = static_cast<std::uint32_t>(rows.integer(18));
    account.blocked_sources = split(rows.text(19));
    account.drop_patterns = patterns_in(rows.text(20));
    account.hold_patterns = patterns_in(rows.text(21));
    return account;
}

message::Route read_route(const Rows& rows)
{
    message::Route route;
    route.name = rows.text(0);
    route.link = rows.text(1);
    route.destination_prefix = rows.text(2);
    route.sources = split(rows.text(3));
    route.account = rows.text(4);
    if (!rows.is_null(5)) route.format = rows.as<message::Format>(5);
    route.priority = rows.integer(6);
    route.weight = rows.integer(7);
    return route;
}

constexpr const char* select_accounts =
    "SELECT key, id, parent, default_source, credits, unregistered_source, features, requests_per_second, "
    "messages_per_second, removed, priority, send_both, duplicate_window, converter, hours, zone, "
    "opt_out_confirmation, daily_cap, monthly_cap, blocked_sources, drop_patterns, hold_patterns FROM "
    "accounts "
    "ORDER BY key";

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

ApiKey SqliteStore::read_key(const Rows& rows) const
{
    ApiKey key;
    key.name = rows.text(0);
    key.account = rows.as<AccountKey>(1);
    key.scheme = rows.as<KeyScheme>(2);
    std::string_view secret = rows.text(3);
    switch (key.scheme) {
    case KeyScheme::basic: key.basic_secret = hash_from(secret); break;
    case KeyScheme::hmac: key.hmac_secret = sealer_->open(secret, sealed_row(key)).value(); break;
    }
    if (!rows.is_null(4)) key.expires_at = rows.time(4);
    key.body_digest_required = rows.integer(5) != 0;
    key.sha1_allowed = rows.integer(6) != 0;
    if (!rows.is_null(7)) key.priority = rows.as<message::Priority>(7);
    return key;
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
        Rows rows = database.query("SELECT value FROM meta WHERE name = 'admin_token'");
        if (rows.next()) settings->admin_token = hash_from(rows.text(0));
    }
    {
        Rows rows = database.query(select_accounts);
        while (rows.next()) {
            settings->put(read_account(rows));
        }
    }
    {
        Rows rows = database.query(
            "SELECT name, account, scheme, secret, expires_at, body_digest_required, "
            "sha1_allowed, priority FROM keys");
        while (rows.next()) {
            ApiKey key = read_key(rows);
            std::string name = key.name;
            settings->keys.put(name, std::move(key));
        }
    }
    {
        Rows rows = database.query(
            "SELECT name, link, destination_prefix, sources, account, format, "
            "priority, weight FROM routes ORDER BY name");
        settings->routes.change([&](std::vector<message::Route>& routes) {
            while (rows.next()) routes.push_back(read_route(rows));
        });
    }
    read_webhooks(database, *settings);
    Rows rows = database.query("SELECT number, account FROM numbers ORDER BY number, account");
    settings->pool.change([&](Pool& pool) {
        while (rows.next()) {
            Number number{std::string(rows.text(0)), {}};
            if (rows.as<AccountKey>(1) == pool_key)
                pool.add(number.number);
            else
                number.account = rows.as<AccountKey>(1);
            NumberKey key = key_of(number);
            settings->numbers.put(key, std::move(number));
        }
    });
    return settings;
}

void SqliteStore::change_settings(Connection& database, const std::function<void(Settings&)>& edit)
{
    database.run("UPDATE meta SET value = value + 1 WHERE name = 'settings_version'");
    auto changed = std::make_shared<Settings>(*ledger_.settings());
    ++changed->version;
    edit(*changed);
    std::shared_ptr<const Settings> settings = std::move(changed);
    ledger_.set_settings(settings);  // for the jobs that follow in the same transaction, too
    ledger_.after_commit([this, settings] { settings_ = settings; });
}

void SqliteStore::save_account(Connection& database, const Account& account)
{
    database.run(
        "UPDATE accounts SET default_source = ?, unregistered_source = ?, features = ?, "
        "requests_per_second = ?, messages_per_second = ?, priority = ?, send_both = ?, duplicate_window = "
        "?, "
        "converter = ?, hours = ?, zone = ?, opt_out_confirmation = ?, daily_cap = ?, monthly_cap = ?, "
        "blocked_sources = ?, drop_patterns = ?, hold_patterns = ? WHERE key = ?",
        account.default_source, account.unregistered_source, account.features.bits(),
        account.requests_per_second, account.messages_per_second, account.priority, account.send_both,
        account.duplicate_window.count(), account.converter, account.hours, account.zone,
        account.opt_out_confirmation, account.caps.daily, account.caps.monthly,
        joined(account.blocked_sources), joined(account.drop_patterns), joined(account.hold_patterns),
        account.key);
}

awaitable<base::Result<Account>> SqliteStore::add_account(Account account, Credits credits)
{
    auto work = [this, account = std::move(account),
                 credits](Connection& database) mutable -> base::Result<Account> {
        auto added = database.run(
            "INSERT OR IGNORE INTO accounts (id, parent, default_source, credits) "
            "VALUES (?, ?, '', ?)",
            account.id, account.parent, credits);
        if (added == 0) return base::errc::exists;
        account.key = static_cast<AccountKey>(database.last_rowid());
        account.prepaid = credits.has_value();
        save_account(database, account);
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
        Account before = *found, changed = before;
        edit(changed);
        save_account(database, changed);
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
        if (database.run("UPDATE accounts SET removed = 1 WHERE key = ? AND removed = 0", account) == 0)
            return base::errc::not_found;
        change_settings(database, [&](Settings& settings) {
            settings.remove_account(account);
            Rows keys = database.query("DELETE FROM keys WHERE account = ? RETURNING name", account);
            while (keys.next()) settings.keys.erase(std::string(keys.text(0)));
            Rows numbers = database.query("DELETE FROM numbers WHERE account = ? RETURNING number", account);
            while (numbers.next()) settings.remove({std::string(numbers.text(0)), account});
        });
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
        database.run("UPDATE accounts SET credits = ? WHERE key = ?", credits, account);
        const Account* found = ledger_.settings()->accounts.get(account);
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
        if (!rows.next()) return base::errc::not_prepaid;
        return rows.integer(0);
    };
    co_return co_await write(work);
}

void SqliteStore::insert_key(Connection& database, const ApiKey& key)
{
    std::string secret = key.scheme == KeyScheme::basic ? std::string(blob_of(key.basic_secret).bytes)
                                                        : sealer_->seal(key.hmac_secret, sealed_row(key));
    database.run(
        "INSERT INTO keys (name, account, scheme, secret, expires_at, body_digest_required, "
        "sha1_allowed, priority) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        key.name, key.account, key.scheme, Blob{secret}, key.expires_at, key.body_digest_required,
        key.sha1_allowed, key.priority);
}

awaitable<void> SqliteStore::add_key(ApiKey key)
{
    auto work = [this, key = std::move(key)](Connection& database) {
        insert_key(database, key);
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
        database.run(
            "UPDATE keys SET expires_at = ?, body_digest_required = ?, sha1_allowed = ?, priority = ? "
            "WHERE name = ?",
            changed.expires_at, changed.body_digest_required, changed.sha1_allowed, changed.priority, name);
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
        ApiKey ending = *found;
        ending.expires_at = std::min(until, ending.expires_at.value_or(until));
        database.run("UPDATE keys SET expires_at = ? WHERE name = ?", ending.expires_at, name);
        insert_key(database, successor);
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
        bool is_name = message::infer_source_type(number.number) == message::SourceType::alphanumeric;
        if (!is_name) {
            Rows rows = database.query("SELECT 1 FROM numbers WHERE number = ?", number.number);
            if (rows.next()) return base::errc::exists;
        }
        auto added = database.run("INSERT OR IGNORE INTO numbers (number, account) VALUES (?, ?)",
                                  number.number, key_of(number).owner);
        if (added == 0) return base::errc::exists;
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
        database.run(
            "INSERT OR REPLACE INTO routes (name, link, destination_prefix, sources, account, format, "
            "priority, weight) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            route.name, route.link, route.destination_prefix, joined(route.sources), route.account,
            route.format, route.priority, route.weight);
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
