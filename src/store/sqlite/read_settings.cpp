// SPDX-License-Identifier: Apache-2.0
// All settings, as they are read once when the store is opened. From then on each change edits the snapshot
// in memory along with the rows (SqliteStore::change_settings).
#include "store/settings_lists.hpp"
#include "store/sqlite/settings_tables.hpp"
#include "store/sqlite/sqlite_store.hpp"

#include <algorithm>
#include <cstring>

namespace tidings::store::sqlite {

namespace {

void read_meta(Connection& database, Settings& settings)
{
    {
        Rows rows = database.query("SELECT value FROM meta WHERE name = 'settings_version'");
        rows.next();
        settings.version = static_cast<std::uint64_t>(rows.integer(0));
    }
    Rows rows = database.query("SELECT value FROM meta WHERE name = 'admin_token'");
    if (!rows.next()) return;
    std::string_view hash = rows.text(0);
    base::Sha256& token = settings.admin_token.emplace();
    std::memcpy(token.data(), hash.data(), std::min(hash.size(), token.size()));
}

// Rows come in the order of their keys: each is the last of its list.
void read_webhooks(Connection& database, const base::Sealer& sealer, Settings& settings)
{
    webhooks_table().read_all(database, sealer,
                              [&](Webhook webhook) { put_item(settings.webhooks, std::move(webhook)); });
    signature_keys_table().read_all(
        database, sealer, [&](SignatureKey key) { put_item(settings.signature_keys, std::move(key)); });
    webhook_secrets_table().read_all(database, sealer, [&](SecretRow row) {
        change_list(settings.webhook_secrets, row.account,
                    [&](std::vector<WebhookSecret>& secrets) { secrets.push_back(std::move(row.secret)); });
    });
}

}  // namespace

std::shared_ptr<const Settings> SqliteStore::read_settings(Connection& database) const
{
    auto settings = std::make_shared<Settings>();
    read_meta(database, *settings);
    accounts_table().read_all(database, *sealer_,
                              [&](Account account) { settings->put(std::move(account)); });
    keys_table().read_all(database, *sealer_, [&](ApiKey key) {
        std::string name = key.name;
        settings->keys.put(name, std::move(key));
    });
    settings->routes.change([&](std::vector<message::Route>& routes) {
        routes_table().read_all(database, *sealer_,
                                [&](message::Route route) { routes.push_back(std::move(route)); });
    });
    read_webhooks(database, *sealer_, *settings);
    settings->pool.change([&](Pool& pool) {  // once, however many numbers there are
        numbers_table().read_all(database, *sealer_, [&](Number number) {
            if (!number.account) pool.add(number.number);
            NumberKey key = key_of(number);
            settings->numbers.put(key, std::move(number));
        });
    });
    return settings;
}

}  // namespace tidings::store::sqlite
