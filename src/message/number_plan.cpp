// SPDX-License-Identifier: Apache-2.0
// The longest prefix of a number that the table knows says its country, its type and its time zones. A
// prefix is kept as a number, which tells apart what differs only in zeros behind, and needs no zeros
// before, since no country code begins with one. To look one up, digits are taken off the end until the rest
// is found: at most 15 searches.
//
// The table is made by tools/number-plan.py.
#include "message/number_plan.hpp"

#include <algorithm>
#include <functional>

namespace tidings::message {

namespace {

struct Value {
    std::string_view country;
    NumberType type;
    std::uint16_t zone_list;
};

struct Entry {
    std::uint64_t prefix;  // no country code begins with 0
    std::uint16_t value;
};

#include "message/number_plan_data.inc"

static_assert(std::ranges::adjacent_find(entries, std::ranges::greater_equal(), &Entry::prefix) ==
              std::ranges::end(entries));

// So that the digits fit, and longer than any prefix.
constexpr std::size_t digits_max = 15;

const Value* find_value(std::string_view digits)
{
    if (digits.starts_with('0')) return nullptr;
    std::uint64_t prefix = 0;
    for (char digit : digits.substr(0, digits_max)) prefix = prefix * 10 + static_cast<unsigned>(digit - '0');
    for (; prefix != 0; prefix /= 10) {
        auto found = std::ranges::lower_bound(entries, prefix, {}, &Entry::prefix);
        if (found != std::ranges::end(entries) && found->prefix == prefix) return &values[found->value];
    }
    return nullptr;
}

}  // namespace

std::optional<NumberPlan> find_number_plan(std::string_view digits)
{
    const Value* value = find_value(digits);
    if (!value) return {};
    NumberPlan plan{value->country, value->type};
    for (std::string_view rest = zone_lists[value->zone_list]; !rest.empty();) {
        plan.zones.push_back(rest.substr(0, rest.find(' ')));
        rest.remove_prefix(std::min(rest.size(), plan.zones.back().size() + 1));
    }
    return plan;
}

std::string_view country_of(std::string_view digits)
{
    const Value* value = find_value(digits);
    return value ? value->country : std::string_view();
}

}  // namespace tidings::message
