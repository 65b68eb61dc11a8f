// SPDX-License-Identifier: Apache-2.0
// What a reference of a template stands for. Values point into what is rendered and live no longer than it.
#pragma once

#include "message/report.hpp"
#include "webhook/budget.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace tidings::webhook {

using Entry = message::Metadata::value_type;
using Attachments = std::vector<message::Attachment>;

struct Keys {
    const message::Metadata* of;
};
struct Entries {
    const message::Metadata* of;
};
struct Loop {  // $foreach
    std::size_t index = 0;
    std::size_t size = 0;
};
struct Escapes {};  // $esc

// The first alternative is a reference that stands for nothing.
using Value =
    std::variant<std::monostate, bool, std::int64_t, std::string, std::string_view, const message::Metadata*,
                 Keys, Entries, const Entry*, const Attachments*, const message::Attachment*, Loop, Escapes>;

struct Variable {
    std::string_view name;  // without the $
    Value value;
};
using Variables = std::vector<Variable>;

bool is_nothing(const Value& value);
bool is_true(const Value& value);  // all but false and nothing, as Velocity 1 has it

// The value as text, which is spent; it lies in the value or in `scratch`. Nothing: it has none, and the
// reference is written as it stands.
std::optional<std::string_view> text_of(const Value& value, std::string& scratch, Budget& budget);

// `value.name`, and `value.name(arguments)`; nothing: there is no such thing, or the budget is spent.
Value property(const Value& value, std::string_view name, Budget& budget);
Value call(const Value& value, std::string_view name, const std::vector<Value>& arguments, Budget& budget);
Value element(const Value& value, const Value& index, Budget& budget);  // value[index]
Value property(Loop loop, std::string_view name);

// Calls visit(value, loop) for each item until that says false; the result is false then.
template <class Visit>
bool for_each_item(const Value& list, Visit visit)
{
    auto walk = [&](std::size_t size, auto item) {
        for (std::size_t i = 0; i < size; ++i)
            if (!visit(item(i), Loop{i, size})) return false;
        return true;
    };
    if (auto it = std::get_if<const message::Metadata*>(&list))
        return walk((*it)->size(), [&](std::size_t i) { return Value(std::string_view((**it)[i].second)); });
    if (auto it = std::get_if<Keys>(&list))
        return walk(it->of->size(),
                    [&](std::size_t i) { return Value(std::string_view((*it->of)[i].first)); });
    if (auto it = std::get_if<Entries>(&list))
        return walk(it->of->size(), [&](std::size_t i) { return Value(&(*it->of)[i]); });
    if (auto it = std::get_if<const Attachments*>(&list))
        return walk((*it)->size(), [&](std::size_t i) { return Value(&(**it)[i]); });
    return true;
}

// Appends `text` with all but the unreserved characters of RFC 3986 as %XX.
void append_percent_encoded(std::string& out, std::string_view text);
// Appends `text` for an XML 1.0 document: markup escaped, characters that XML has no place for as U+FFFD.
void append_xml_escaped(std::string& out, std::string_view text);

}  // namespace tidings::webhook
