// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "api/body_fields.hpp"

#include <algorithm>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace tidings::api {

// The decoded value of a query parameter; nothing: it is not there, or an escape in it is broken.
std::optional<std::string> query_value(std::string_view query, std::string_view name);

// A query parameter as a whole number; nothing: it is not there, no number, or not within `range`.
std::optional<std::int64_t> query_integer(std::string_view query, std::string_view name, Range range);
bool query_has(std::string_view query, std::string_view name);

// Which part of a list is asked for.
struct Page {
    std::int64_t number = 0;
    std::int64_t size = 0;
};
constexpr Range page_sizes{0, 100};
constexpr std::int64_t page_size_default = 20;  // also of a page of size 0, as clients send an unset number
constexpr std::int64_t pages_max = 1'000'000'000;  // beyond what anybody has, and far from overflow

// Each parameter that is there and no good adds a line to `faults`. One that is not there: the first page,
// and the default size.
struct PageNames {
    std::string_view number, size;
};
Page page_in(std::string_view query, PageNames names, std::int64_t first, std::vector<std::string>& faults);

// The items of the page; `first` is the number of the first page.
template <class Items>
std::span<const typename Items::value_type> items_on(const Page& page, std::int64_t first, const Items& items)
{
    auto begin = static_cast<std::size_t>((page.number - first) * page.size);
    if (begin >= items.size()) return {};
    auto count = std::min(static_cast<std::size_t>(page.size), items.size() - begin);
    return {items.data() + begin, count};
}

}  // namespace tidings::api
