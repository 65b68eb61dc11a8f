// SPDX-License-Identifier: Apache-2.0
// The lists of settings that an account has: its webhooks and what they are signed with. A snapshot shares
// those of other accounts with the one before it, so that an edit costs the list of one account.
#pragma once

#include "store/settings.hpp"

#include <algorithm>

namespace tidings::store {

// There are no empty lists.
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

// Adds it or replaces the one with its id. Lists are in the order of ids, which is that of age.
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

}  // namespace tidings::store
