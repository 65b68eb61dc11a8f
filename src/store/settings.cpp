// SPDX-License-Identifier: Apache-2.0
#include "store/settings.hpp"

#include "message/number_plan.hpp"

#include <algorithm>

namespace tidings::store {

namespace {

// Into a sorted list.
void insert(std::vector<std::string>& numbers, const std::string& number)
{
    auto place = std::ranges::lower_bound(numbers, number);
    if (place == numbers.end() || *place != number) numbers.insert(place, number);
}

std::string_view country_in_pool(const std::string& number)
{
    bool has_country = message::infer_source_type(number) == message::SourceType::international;
    return has_country ? message::country_of(number) : "";
}

template <class Item>
std::span<const Item> items_of(const Settings::OfAccounts<Item>& items, AccountKey account)
{
    const std::vector<Item>* found = items.get(account);
    if (!found) return {};
    return *found;
}

template <class Item, class Wanted>
const Item* first_of(std::span<const Item> items, Wanted Item::*member, const Wanted& wanted)
{
    auto found = std::ranges::find(items, wanted, member);
    return found == items.end() ? nullptr : &*found;
}

}  // namespace

void Pool::add(const std::string& number)
{
    insert(numbers, number);
    insert(by_country[country_in_pool(number)], number);
}

void Pool::remove(const std::string& number)
{
    std::erase(numbers, number);
    auto country = by_country.find(country_in_pool(number));
    if (country == by_country.end()) return;
    std::erase(country->second, number);
    if (country->second.empty()) by_country.erase(country);
}

// Names may have several owners, so that nobody is theirs alone. Of a number there is one entry, that of its
// owner or of the pool.
std::optional<AccountKey> Settings::owner_of(const std::string& number) const
{
    if (message::infer_source_type(number) == message::SourceType::alphanumeric) return {};
    auto entry = numbers.lower_bound({number, pool_key});
    if (entry == numbers.end() || entry->first.number != number) return {};
    return entry->second.account;
}

bool Settings::may_send_from(const Account& account, const std::string& number) const
{
    return number == account.default_source || numbers.contains({number, account.key}) || is_shared(number);
}

bool Settings::is_shared(const std::string& number) const { return numbers.contains({number, pool_key}); }

// A pool of one country is that for every handset: it is not asked where the handset is.
std::span<const std::string> Settings::pool_for(std::string_view handset) const
{
    if (pool->by_country.size() < 2) return pool->numbers;
    auto found = pool->by_country.find(message::country_of(handset));
    return found == pool->by_country.end() ? pool->numbers : found->second;
}

void Settings::put(Account account)
{
    if (!account.removed) account_ids.put(account.id, account.key);
    AccountKey key = account.key;
    accounts.put(key, std::move(account));
}

void Settings::put(Number number)
{
    if (!number.account) pool.change([&](Pool& all) { all.add(number.number); });
    NumberKey key = key_of(number);
    numbers.put(key, std::move(number));
}

void Settings::remove(const Number& number)
{
    if (!number.account) pool.change([&](Pool& all) { all.remove(number.number); });
    numbers.erase(key_of(number));
}

void Settings::put(message::Route route)
{
    routes.change([&](std::vector<message::Route>& all) {
        auto place = std::ranges::lower_bound(all, route.name, {}, &message::Route::name);
        if (place != all.end() && place->name == route.name)
            *place = std::move(route);
        else
            all.insert(place, std::move(route));
    });
}

// Keys and numbers are removed by whoever knows which: a store finds them by its indexes.
void Settings::remove_account(AccountKey account)
{
    Account removed = accounts.at(account);
    removed.removed = true;
    account_ids.erase(removed.id);
    put(std::move(removed));
    webhooks.erase(account);
    signature_keys.erase(account);
    webhook_secrets.erase(account);
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
