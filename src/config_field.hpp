// SPDX-License-Identifier: Apache-2.0
// A row of the tables that say what may stand in the configuration, and how its value is shown.
#pragma once

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace tidings {

using Strings = std::vector<std::string>;
using Numbers = std::map<std::string, std::int64_t>;

constexpr auto any = std::numeric_limits<std::int64_t>::max();

// A key of the file and the member of T that it sets.
template <class T>
struct Field {
    std::string_view section;
    std::string_view key;
    std::string_view comment;
    std::variant<std::string T::*, std::int64_t T::*, bool T::*, Strings T::*, Numbers T::*> member;
    std::int64_t min = 0;  // of a number, or of each in a table
    std::int64_t max = any;
};

template <class T>
std::string value_of(const T& source, const Field<T>& field)
{
    auto quoted = [](const std::string& text) { return fmt::format("\"{}\"", text); };
    if (auto* text = std::get_if<std::string T::*>(&field.member)) return quoted(source.*(*text));
    if (auto* flag = std::get_if<bool T::*>(&field.member)) return source.*(*flag) ? "true" : "false";
    if (auto* number = std::get_if<std::int64_t T::*>(&field.member))
        return std::to_string(source.*(*number));
    Strings items;
    if (auto* numbers = std::get_if<Numbers T::*>(&field.member)) {
        for (const auto& [key, value] : source.*(*numbers))
            items.push_back(fmt::format("{} = {}", quoted(key), value));
        return fmt::format("{{{}}}", fmt::join(items, ", "));
    }
    for (const std::string& item : source.*std::get<Strings T::*>(field.member))
        items.push_back(quoted(item));
    return fmt::format("[{}]", fmt::join(items, ", "));
}

template <class T>
void describe_field(std::string& out, const T& source, const Field<T>& field, std::string_view prefix)
{
    if (!field.comment.empty()) out += fmt::format("{}# {}\n", prefix, field.comment);
    out += fmt::format("{}{} = {}\n", prefix, field.key, value_of(source, field));
}

}  // namespace tidings
