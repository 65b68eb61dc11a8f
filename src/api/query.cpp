// SPDX-License-Identifier: Apache-2.0
// The query of a URL: name=value, with & between, percent-encoded. Of several with a name the first counts.
#include "api/query.hpp"

#include "http/router.hpp"

#include <fmt/format.h>

#include <charconv>

namespace tidings::api {

namespace {

// The value of the first parameter of this name, still encoded; empty where it has no equals sign.
std::optional<std::string_view> find(std::string_view query, std::string_view name)
{
    while (!query.empty()) {
        std::string_view pair = query.substr(0, query.find('&'));
        query.remove_prefix(std::min(query.size(), pair.size() + 1));
        std::size_t equals = std::min(pair.find('='), pair.size());
        if (pair.substr(0, equals) == name) return pair.substr(std::min(equals + 1, pair.size()));
    }
    return {};
}

}  // namespace

bool query_has(std::string_view query, std::string_view name) { return find(query, name).has_value(); }

std::optional<std::string> query_value(std::string_view query, std::string_view name)
{
    auto raw = find(query, name);
    if (!raw) return {};
    auto decoded = http::percent_decoded(*raw);
    if (!decoded) return {};
    return std::move(*decoded);
}

std::optional<std::int64_t> query_integer(std::string_view query, std::string_view name, Range range)
{
    auto text = query_value(query, name);
    if (!text) return {};
    std::int64_t number = 0;
    const char* end = text->data() + text->size();
    auto [rest, error] = std::from_chars(text->data(), end, number);
    if (error != std::errc() || rest != end || number < range.min || number > range.max) return {};
    return number;
}

Page page_in(std::string_view query, PageNames names, std::int64_t first, std::vector<std::string>& faults)
{
    auto read = [&](std::string_view name, Range range, std::int64_t otherwise) {
        if (!query_has(query, name)) return otherwise;
        auto number = query_integer(query, name, range);
        if (!number) faults.push_back(fmt::format("{} property value is invalid", name));
        return number.value_or(otherwise);
    };
    Page page;
    page.number = read(names.number, {first, pages_max}, first);
    page.size = read(names.size, page_sizes, 0);
    if (page.size == 0) page.size = page_size_default;
    return page;
}

}  // namespace tidings::api
