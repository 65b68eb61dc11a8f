// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/sqlite_store.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace tidings::store::sqlite {

namespace {

std::string sealed_row(const SignatureKey& key) { return "signature_keys/" + key.id.text(); }

// The creation time and not the age, which changes when the next one comes.
std::string sealed_row(AccountKey account, const WebhookSecret& secret)
{
    return fmt::format("webhook_secrets/{}/{}", static_cast<std::uint32_t>(account),
                       secret.created_at.time_since_epoch().count());
}

// Neither names nor values hold line ends.
std::string joined(const message::HeaderList& headers)
{
    std::string lines;
    for (const auto& [name, value] : headers) lines += name + '\n' + value + '\n';
    return lines;
}

std::string take_line(std::string_view& text)
{
    std::string line(text.substr(0, text.find('\n')));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    return line;
}

message::HeaderList split(std::string_view text)
{
    message::HeaderList headers;
    while (!text.empty()) {
        std::string name = take_line(text);
        headers.emplace_back(std::move(name), take_line(text));
    }
    return headers;
}

Webhook read_webhook(const Rows& rows)
{
    Webhook webhook;
    webhook.account = rows.as<AccountKey>(0);
    webhook.id = rows.uuid(1);
    webhook.call.url = rows.text(2);
    webhook.call.method = rows.as<message::HttpMethod>(3);
    webhook.call.encoding = rows.as<message::Encoding>(4);
    webhook.events = message::Events(static_cast<unsigned long>(rows.integer(5)));
    webhook.call.headers = split(rows.text(6));
    if (!rows.is_null(7)) webhook.call.template_text = rows.text(7);
    if (!rows.is_null(8)) webhook.read_timeout = std::chrono::milliseconds(rows.integer(8));
    webhook.retries = static_cast<int>(rows.integer(9));
    if (!rows.is_null(10)) webhook.retry_delay = std::chrono::seconds(rows.integer(10));
    webhook.disabled = rows.integer(11) != 0;
    return webhook;
}

template <class Duration>
std::optional<std::int64_t> count_of(const std::optional<Duration>& duration)
{
    if (!duration) return {};
    return duration->count();
}

void save_webhook(Connection& database, const Webhook& webhook)
{
    const message::WebhookCall& call = webhook.call;
    database.run(
        "INSERT OR REPLACE INTO webhooks (account, id, url, method, encoding, events, headers, template, "
        "read_timeout, retries, retry_delay, disabled) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        webhook.account, webhook.id, call.url, call.method, call.encoding, webhook.events.bits(),
        joined(call.headers), call.template_text, count_of(webhook.read_timeout), webhook.retries,
        count_of(webhook.retry_delay), webhook.disabled);
}

// Changes the list of one account, which is what such a change costs.
template <class Item, class Edit>
void change_list(Settings::OfAccounts<Item>& lists, AccountKey account, Edit edit)
{
    const std::vector<Item>* before = lists.get(account);
    std::vector<Item> list = before ? *before : std::vector<Item>();
    edit(list);
    if (list.empty())
        lists.erase(account);
    else
        lists.put(account, std::move(list));
}

// Lists are in the order of ids, which is that of age.
template <class Item>
void put_item(Settings::OfAccounts<Item>& lists, Item item)
{
    change_list(lists, item.account, [&](std::vector<Item>& list) {
        auto place = std::ranges::lower_bound(list, item.id, {}, &Item::id);
        if (place != list.end() && place->id == item.id)
            *place = std::move(item);
        else
            list.insert(place, std::move(item));
    });
}

template <class Item>
void remove_item(Settings::OfAccounts<Item>& lists, AccountKey account, const base::Uuid& id)
{
    change_list(lists, account, [&](std::vector<Item>& list) {
        std::erase_if(list, [&](const Item& item) { return item.id == id; });
    });
}

bool has_twin(std::span<const Webhook> webhooks, const Webhook& webhook)
{
    return std::ranges::any_of(webhooks, [&](const Webhook& other) {
        return other.id != webhook.id && other.call.url == webhook.call.url &&
               other.call.method == webhook.call.method;
    });
}

}  // namespace

void SqliteStore::read_webhooks(Connection& database, Settings& settings) const
{
    {
        Rows rows = database.query(
            "SELECT account, id, url, method, encoding, events, headers, template, read_timeout, retries, "
            "retry_delay, disabled FROM webhooks ORDER BY account, id");
        while (rows.next()) {
            put_item(settings.webhooks, read_webhook(rows));
        }
    }
    {
        Rows rows = database.query(
            "SELECT account, id, digest, private_key, public_key, created_at, enabled FROM signature_keys "
            "ORDER BY account, id");
        while (rows.next()) {
            SignatureKey key;
            key.account = rows.as<AccountKey>(0);
            key.id = rows.uuid(1);
            key.digest = rows.as<message::SignatureDigest>(2);
            key.private_key = sealer_->open(rows.text(3), sealed_row(key)).value();
            key.public_key = rows.text(4);
            key.created_at = rows.time(5);
            key.enabled = rows.integer(6) != 0;
            put_item(settings.signature_keys, std::move(key));
        }
    }
    Rows rows = database.query(
        "SELECT account, secret, created_at, expires_at FROM webhook_secrets ORDER BY account, age");
    while (rows.next()) {
        auto account = rows.as<AccountKey>(0);
        WebhookSecret secret;
        secret.created_at = rows.time(2);
        if (!rows.is_null(3)) secret.expires_at = rows.time(3);
        secret.secret = sealer_->open(rows.text(1), sealed_row(account, secret)).value();
        change_list(settings.webhook_secrets, account,
                    [&](std::vector<WebhookSecret>& secrets) { secrets.push_back(std::move(secret)); });
    }
}

awaitable<base::Result<void>> SqliteStore::add_webhook(Webhook webhook)
{
    auto work = [this, webhook = std::move(webhook)](Connection& database) -> base::Result<void> {
        auto webhooks = ledger_.settings()->webhooks_of(webhook.account);
        if (has_twin(webhooks, webhook)) return base::errc::exists;
        if (webhooks.size() >= webhooks_max) return base::errc::too_many;
        save_webhook(database, webhook);
        change_settings(database, [&](Settings& settings) { put_item(settings.webhooks, webhook); });
        return {};
    };
    co_return co_await write(std::move(work));
}

awaitable<base::Result<Webhook>> SqliteStore::change_webhook(AccountKey account, base::Uuid id,
                                                             std::function<void(Webhook&)> edit)
{
    auto work = [this, account, id, edit = std::move(edit)](Connection& database) -> base::Result<Webhook> {
        const Webhook* found = ledger_.settings()->find_webhook(account, id);
        if (!found) return base::errc::not_found;
        Webhook changed = *found;
        edit(changed);
        if (has_twin(ledger_.settings()->webhooks_of(account), changed)) return base::errc::exists;
        save_webhook(database, changed);
        change_settings(database, [&](Settings& settings) { put_item(settings.webhooks, changed); });
        return changed;
    };
    co_return co_await write(std::move(work));
}

awaitable<base::Result<void>> SqliteStore::remove_webhook(AccountKey account, base::Uuid id)
{
    auto work = [this, account, id](Connection& database) -> base::Result<void> {
        if (database.run("DELETE FROM webhooks WHERE account = ? AND id = ?", account, id) == 0)
            return base::errc::not_found;
        change_settings(database, [&](Settings& settings) { remove_item(settings.webhooks, account, id); });
        return {};
    };
    co_return co_await write(work);
}

awaitable<base::Result<void>> SqliteStore::add_signature_key(SignatureKey key)
{
    auto work = [this, key = std::move(key)](Connection& database) -> base::Result<void> {
        if (ledger_.settings()->signature_keys_of(key.account).size() >= signature_keys_max)
            return base::errc::too_many;
        database.run(
            "INSERT INTO signature_keys (account, id, digest, private_key, public_key, created_at, enabled) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            key.account, key.id, key.digest, Blob{sealer_->seal(key.private_key, sealed_row(key))},
            Blob{key.public_key}, key.created_at, key.enabled);
        change_settings(database, [&](Settings& settings) { put_item(settings.signature_keys, key); });
        return {};
    };
    co_return co_await write(std::move(work));
}

awaitable<base::Result<void>> SqliteStore::enable_signature_key(AccountKey account,
                                                                std::optional<base::Uuid> id)
{
    auto work = [this, account, id](Connection& database) -> base::Result<void> {
        if (id && !ledger_.settings()->find_signature_key(account, *id)) return base::errc::not_found;
        database.run("UPDATE signature_keys SET enabled = coalesce(id = ?, 0) WHERE account = ?", id,
                     account);
        change_settings(database, [&](Settings& settings) {
            change_list(settings.signature_keys, account, [&](std::vector<SignatureKey>& keys) {
                for (SignatureKey& key : keys) key.enabled = key.id == id;
            });
        });
        return {};
    };
    co_return co_await write(work);
}

awaitable<base::Result<void>> SqliteStore::remove_signature_key(AccountKey account, base::Uuid id)
{
    auto work = [this, account, id](Connection& database) -> base::Result<void> {
        if (database.run("DELETE FROM signature_keys WHERE account = ? AND id = ?", account, id) == 0)
            return base::errc::not_found;
        change_settings(database,
                        [&](Settings& settings) { remove_item(settings.signature_keys, account, id); });
        return {};
    };
    co_return co_await write(work);
}

awaitable<void> SqliteStore::rotate_webhook_secret(AccountKey account, WebhookSecret secret, base::Time until)
{
    auto work = [this, account, secret = std::move(secret), until](Connection& database) {
        database.run("DELETE FROM webhook_secrets WHERE account = ? AND age = 1", account);
        database.run("UPDATE webhook_secrets SET age = 1, expires_at = ? WHERE account = ?", until, account);
        database.run(
            "INSERT INTO webhook_secrets (account, age, secret, created_at, expires_at) "
            "VALUES (?, 0, ?, ?, ?)",
            account, Blob{sealer_->seal(secret.secret, sealed_row(account, secret))}, secret.created_at,
            secret.expires_at);
        change_settings(database, [&](Settings& settings) {
            change_list(settings.webhook_secrets, account, [&](std::vector<WebhookSecret>& secrets) {
                secrets.resize(std::min<std::size_t>(secrets.size(), 1));
                for (WebhookSecret& older : secrets) older.expires_at = until;
                secrets.insert(secrets.begin(), secret);
            });
        });
    };
    co_await write(std::move(work));
}

awaitable<base::Result<void>> SqliteStore::remove_webhook_secrets(AccountKey account)
{
    auto work = [this, account](Connection& database) -> base::Result<void> {
        if (database.run("DELETE FROM webhook_secrets WHERE account = ?", account) == 0)
            return base::errc::not_found;
        change_settings(database, [&](Settings& settings) { settings.webhook_secrets.erase(account); });
        return {};
    };
    co_return co_await write(work);
}

}  // namespace tidings::store::sqlite
