// SPDX-License-Identifier: Apache-2.0
#include "store/settings.hpp"

#include <algorithm>

namespace tidings::store {

namespace {

auto entries_of(const std::vector<Number>& numbers, const std::string& number)
{
    return std::ranges::equal_range(numbers, number, {}, &Number::number);
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

}  // namespace tidings::store
