// SPDX-License-Identifier: Apache-2.0
// Keys of the configuration as rows of tables. Reading a section, refusing what it does not know and
// describing it all follow its table. Faults are std::runtime_error with one sentence that names file and
// line.
#pragma once

#include "base/utf8.hpp"
#include "message/limits.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <toml++/toml.h>

#include <algorithm>
#include <functional>
#include <limits>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace tidings {

using Strings = std::vector<std::string>;
using Numbers = std::map<std::string, std::int64_t>;

inline constexpr auto any = std::numeric_limits<std::int64_t>::max();

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

[[noreturn]] inline void refuse(std::string_view name, const toml::node& node, std::string_view what)
{
    throw std::runtime_error(fmt::format("{}:{}: {}", name, node.source().begin.line, what));
}

inline bool fits(std::string_view text)
{
    return text.size() <= message::config_text_max && base::escaped(text) == text;
}

template <class T>
void set(T& target, const Field<T>& field, const toml::node& node, std::string_view name)
{
    auto wrong = [&](std::string_view type) {
        refuse(name, node, fmt::format("{} must be {}", field.key, type));
    };
    const std::string short_text =
        fmt::format("of at most {} bytes without control characters", message::config_text_max);
    if (auto* text = std::get_if<std::string T::*>(&field.member)) {
        if (!node.is_string()) wrong("a string");
        if (!fits(node.as_string()->get())) wrong("a string " + short_text);
        target.*(*text) = node.as_string()->get();
    } else if (auto* flag = std::get_if<bool T::*>(&field.member)) {
        if (!node.is_boolean()) wrong("true or false");
        target.*(*flag) = node.as_boolean()->get();
    } else if (auto* number = std::get_if<std::int64_t T::*>(&field.member)) {
        if (!node.is_integer()) wrong("a whole number");
        target.*(*number) = node.as_integer()->get();
        if (target.*(*number) < field.min || target.*(*number) > field.max)
            wrong(field.max == any ? fmt::format("at least {}", field.min)
                                   : fmt::format("from {} to {}", field.min, field.max));
    } else if (std::holds_alternative<Numbers T::*>(field.member)) {
        Numbers& numbers = target.*std::get<Numbers T::*>(field.member);
        auto type = fmt::format("a table of numbers from {} to {}", field.min, field.max);
        const toml::table* table = node.as_table();
        if (!table) wrong(type);
        for (const auto& [key, item] : *table) {
            std::int64_t value = item.template value_exact<std::int64_t>().value_or(field.min - 1);
            if (value < field.min || value > field.max) wrong(type);
            numbers[std::string(key.str())] = value;
        }
    } else {
        const toml::array* array = node.as_array();
        if (!array) wrong("a list of strings");
        Strings& strings = target.*std::get<Strings T::*>(field.member);
        strings.clear();  // of its default
        for (const toml::node& item : *array) {
            if (!item.is_string()) wrong("a list of strings");
            if (!fits(item.as_string()->get())) wrong("a list of strings " + short_text);
            strings.push_back(item.as_string()->get());
        }
    }
}

// Sets what stands in `table`, which is that section of the file, and refuses keys that no field knows.
template <class T, std::size_t size>
void read_section(T& target, const Field<T> (&known)[size], std::string_view section,
                  const toml::table& table, std::string_view name,
                  const std::function<bool(std::string_view)>& is_section)
{
    for (const auto& [key, node] : table) {
        auto field =
            std::find_if(std::begin(known), std::end(known), [&, key = key.str()](const Field<T>& candidate) {
                return candidate.section == section && candidate.key == key;
            });
        if (field != std::end(known)) {
            set(target, *field, node, name);
        } else if (!is_section(key.str())) {
            refuse(name, node,
                   fmt::format("unknown key {}{}{}; `tidings config` lists the known ones", section,
                               section.empty() ? "" : ".", key.str()));
        }
    }
}

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
