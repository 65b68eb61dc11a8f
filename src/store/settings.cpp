// SPDX-License-Identifier: Apache-2.0
#include "store/settings.hpp"

#include "message/number_plan.hpp"

#include <algorithm>

namespace tidings::store {

namespace {

auto entries_of(const std::vector<Number>& numbers, const std::string& number)
{
    return std::ranges::equal_range(numbers, number, {}, &Number::number);
}

template <class Item>
std::span<const Item> items_of(const std::unordered_map<AccountKey, std::vector<Item>>& items,
                               AccountKey account)
{
    auto found = items.find(account);
    if (found == items.end()) return {};
    return found->second;
}

template <class Item, class Wanted>
const Item* first_of(std::span<const Item> items, Wanted Item::*member, const Wanted& wanted)
{
    auto found = std::ranges::find(items, wanted, member);
    return found == items.end() ? nullptr : &*found;
}

}  // namespace

std::optional<AccountKey> Settings::owner_of(const std::string& number) const
{
    if (message::infer_source_type(number) == message::SourceType::alphanumeric) return {};
    for (const Number& entry : entries_of(numbers, number)) return entry.account;
    return {};
}

bool Settings::may_send_from(const Account& account, const std::string& number) const
{
    if (number == account.default_source) return true;
    return std::ranges::any_of(entries_of(numbers, number), [&](const Number& entry) {
        return !entry.account || entry.account == account.key;
    });
}

bool Settings::is_shared(const std::string& number) const { return std::ranges::binary_search(pool, number); }

void Settings::add_to_pool(const std::string& number)
{
    bool has_country = message::infer_source_type(number) == message::SourceType::international;
    pool.push_back(number);
    pool_by_country[has_country ? message::country_of(number) : ""].push_back(number);
}

std::span<const std::string> Settings::pool_for(std::string_view handset) const
{
    if (pool_by_country.size() < 2) return pool;
    auto found = pool_by_country.find(message::country_of(handset));
    return found == pool_by_country.end() ? pool : found->second;
}

std::span<const Webhook> Settings::webhooks_of(AccountKey account) const
{
    return items_of(webhooks, account);
}

std::span<const SignatureKey> Settings::signature_keys_of(AccountKey account) const
{
    return items_of(signature_keys, account);
}

std::span<const WebhookSecret> Settings::webhook_secrets_of(AccountKey account) const
{
    return items_of(webhook_secrets, account);
}

const Webhook* Settings::find_webhook(AccountKey account, const base::Uuid& id) const
{
    return first_of(webhooks_of(account), &Webhook::id, id);
}

const SignatureKey* Settings::find_signature_key(AccountKey account, const base::Uuid& id) const
{
    return first_of(signature_keys_of(account), &SignatureKey::id, id);
}

const SignatureKey* Settings::enabled_signature_key(AccountKey account) const
{
    return first_of(signature_keys_of(account), &SignatureKey::enabled, true);
}

}  // namespace tidings::store
