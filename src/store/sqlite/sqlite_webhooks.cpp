// SPDX-License-Identifier: Apache-2.0
// Edits of webhooks and of what they are signed with. Their lists are limited, for each event asks all
// webhooks of its account; the limits are kept here, in the transaction of the edit.
#include "store/settings_lists.hpp"
#include "store/sqlite/settings_tables.hpp"
#include "store/sqlite/sqlite_store.hpp"

#include <algorithm>

namespace tidings::store::sqlite {

namespace {

// An event would reach the same receiver twice.
bool has_twin(std::span<const Webhook> webhooks, const Webhook& webhook)
{
    return std::ranges::any_of(webhooks, [&](const Webhook& other) {
        return other.id != webhook.id && other.call.url == webhook.call.url &&
               other.call.method == webhook.call.method;
    });
}

// Two at most: so each takes the place of an older one.
void put_secrets(Connection& database, const base::Sealer& sealer, AccountKey account,
                 const std::vector<WebhookSecret>& secrets)
{
    for (int age = 0; const WebhookSecret& secret : secrets)
        webhook_secrets_table().insert(database, sealer, {account, age++, secret}, IfThere::replace);
}

}  // namespace

awaitable<base::Result<void>> SqliteStore::add_webhook(Webhook webhook)
{
    auto work = [this, webhook = std::move(webhook)](Connection& database) -> base::Result<void> {
        auto webhooks = ledger_.settings()->webhooks_of(webhook.account);
        // Within the transaction: of two requests at the same time the second one sees the first one's
        // webhook.
        if (has_twin(webhooks, webhook)) return base::errc::exists;
        if (webhooks.size() >= webhooks_max) return base::errc::too_many;
        webhooks_table().insert(database, *sealer_, webhook);
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
        webhooks_table().update(database, *sealer_, changed);
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
        signature_keys_table().insert(database, *sealer_, key);
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
        change_settings(database, [&](Settings& settings) {
            change_list(settings.signature_keys, account, [&](std::vector<SignatureKey>& keys) {
                for (SignatureKey& key : keys) {
                    // All keys of the account are written, so that the one which was enabled before ends in
                    // the same transaction.
                    key.enabled = key.id == id;
                    signature_keys_table().update(database, *sealer_, key);
                }
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
        change_settings(database, [&](Settings& settings) {
            change_list(settings.webhook_secrets, account, [&](std::vector<WebhookSecret>& secrets) {
                // The one that was the newest stays good until `until`, for receivers that have not changed
                // over yet.
                secrets.resize(std::min<std::size_t>(secrets.size(), 1));
                for (WebhookSecret& older : secrets) older.expires_at = until;
                secrets.insert(secrets.begin(), secret);
                put_secrets(database, *sealer_, account, secrets);
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
