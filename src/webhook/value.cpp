// SPDX-License-Identifier: Apache-2.0
// What properties and methods give. Everything is looked up by name in a few chains of ifs: a template that
// names what is not here gets nothing, as in Velocity, and never an error. Whatever makes text tells the
// budget how much, before it is made where that is not bounded by what exists already.
#include "webhook/value.hpp"

#include "base/digest.hpp"
#include "base/utf8.hpp"
#include "wire/json_text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace tidings::webhook {

namespace {

using message::Attachment;
using message::Metadata;

template <class... F>
struct Overloaded : F... {
    using F::operator()...;
};
template <class... F>
Overloaded(F...) -> Overloaded<F...>;

// As Java writes collections: [a, b] and {a=1, b=2}.
template <class Append>
bool append_all(std::string& out, const Metadata& metadata, std::string_view brackets, Append append)
{
    out += brackets[0];
    bool first = true;
    for (const Entry& entry : metadata) {
        if (!first) out += ", ";
        first = false;
        append(entry);
    }
    out += brackets[1];
    return true;
}

Value size_of(std::size_t size) { return static_cast<std::int64_t>(size); }

Value find(const Metadata& metadata, std::string_view key)
{
    auto found = std::ranges::find(metadata, key, &Entry::first);
    if (found == metadata.end()) return {};
    return std::string_view(found->second);
}

Value find(const Metadata& metadata, const Value& key, Budget& budget)
{
    std::string scratch;
    return find(metadata, text_of(key, scratch, budget).value_or(""));
}

// The methods of a Java map, which templates for Velocity call.
Value call_map(const Metadata& metadata, std::string_view name, const std::vector<Value>& arguments,
               Budget& budget)
{
    if (arguments.empty()) {
        if (name == "keySet") return Keys{&metadata};
        if (name == "entrySet") return Entries{&metadata};
        if (name == "size") return size_of(metadata.size());
        if (name == "isEmpty") return metadata.empty();
    }
    if (arguments.size() != 1 || is_nothing(arguments[0])) return {};
    if (name == "get") return find(metadata, arguments[0], budget);
    if (name == "containsKey") return !is_nothing(find(metadata, arguments[0], budget));
    return {};
}

Value call_entry(const Entry& entry, std::string_view name)
{
    if (name == "getKey") return std::string_view(entry.first);
    if (name == "getValue") return std::string_view(entry.second);
    return {};
}

Value call_list(const Attachments& list, std::string_view name, const std::vector<Value>& arguments,
                Budget& budget)
{
    if (name == "size" && arguments.empty()) return size_of(list.size());
    if (name == "isEmpty" && arguments.empty()) return list.empty();
    if (name == "get" && arguments.size() == 1) return element(&list, arguments[0], budget);
    return {};
}

// What is to be escaped is spent before, so that what it becomes, six times as long at most, has a bound,
// too.
Value escaped(std::string_view name, const std::vector<Value>& arguments, Budget& budget)
{
    if (arguments.size() != 1) return {};
    std::string scratch, out;
    auto text = text_of(arguments[0], scratch, budget);
    if (!text || budget.is_spent()) return {};
    if (name == "json") {
        wire::append_json_string(out, *text);
        // Without the quotes, which the template has.
        out = out.substr(1, out.size() - 2);
    } else if (name == "xml" || name == "html") {
        append_xml_escaped(out, *text);
    } else if (name == "url") {
        append_percent_encoded(out, *text);
    } else {
        return {};
    }
    if (!budget.text(out.size())) return {};
    return out;
}

// A file is encoded only when it is asked for, and paid for before that.
Value attachment_property(const Attachment& attachment, std::string_view name, Budget& budget)
{
    if (name == "contentType") return std::string_view(attachment.content_type);
    if (name == "originalName") return std::string_view(attachment.original_name);
    if (name != "base64" || !budget.text((attachment.content.size() + 2) / 3 * 4)) return {};
    return base::to_base64(attachment.content);
}

// XML 1.0, 2.2. Surrogates cannot come: the text is valid UTF-8.
bool is_xml_character(char32_t c)
{
    if (c < 0x20) return c == '\t' || c == '\n' || c == '\r';
    return c != 0xFFFE && c != 0xFFFF && c != base::replacement;
}

bool append_text(std::string& out, const Value& value)
{
    auto add_key = [&](const Entry& it) { out += it.first; };
    auto add_pair = [&](const Entry& it) { out.append(it.first).append("=").append(it.second); };
    return std::visit(Overloaded{
                          [&](bool truth) { return out += truth ? "true" : "false", true; },
                          [&](std::int64_t number) { return out += std::to_string(number), true; },
                          [&](const std::string& text) { return out += text, true; },
                          [&](std::string_view text) { return out += text, true; },
                          [&](const Metadata* map) { return append_all(out, *map, "{}", add_pair); },
                          [&](Keys keys) { return append_all(out, *keys.of, "[]", add_key); },
                          [&](Entries entries) { return append_all(out, *entries.of, "[]", add_pair); },
                          [&](const Entry* entry) { return add_pair(*entry), true; },
                          [](const auto&) { return false; },
                      },
                      value);
}

}  // namespace

bool is_nothing(const Value& value) { return value.index() == 0; }

bool is_true(const Value& value)
{
    if (auto truth = std::get_if<bool>(&value)) return *truth;
    // So that an empty text and zero are true.
    return !is_nothing(value);
}

Value property(Loop loop, std::string_view name)
{
    if (name == "hasNext") return loop.index + 1 < loop.size;
    if (name == "index") return size_of(loop.index);
    if (name == "count") return size_of(loop.index + 1);
    if (name == "first") return loop.index == 0;
    if (name == "last") return loop.index + 1 == loop.size;
    return {};
}

std::optional<std::string_view> text_of(const Value& value, std::string& scratch, Budget& budget)
{
    std::string_view text;
    if (auto own = std::get_if<std::string>(&value))
        text = *own;
    else if (auto view = std::get_if<std::string_view>(&value))
        text = *view;
    else if (scratch.clear(); append_text(scratch, value))
        text = scratch;
    else
        return {};
    // Spent although nothing may be written of it: to compare long texts in a loop is work, too.
    budget.text(text.size());
    return text;
}

Value property(const Value& value, std::string_view name, Budget& budget)
{
    if (auto it = std::get_if<const Metadata*>(&value)) return find(**it, name);
    if (auto it = std::get_if<const Entry*>(&value)) {
        if (name == "key") return std::string_view((*it)->first);
        if (name == "value") return std::string_view((*it)->second);
    }
    if (auto it = std::get_if<const Attachment*>(&value)) return attachment_property(**it, name, budget);
    if (auto it = std::get_if<Loop>(&value)) return property(*it, name);
    return {};
}

Value call(const Value& value, std::string_view name, const std::vector<Value>& arguments, Budget& budget)
{
    if (auto it = std::get_if<const Metadata*>(&value)) return call_map(**it, name, arguments, budget);
    if (auto it = std::get_if<const Attachments*>(&value)) return call_list(**it, name, arguments, budget);
    if (auto it = std::get_if<const Entry*>(&value); it && arguments.empty()) return call_entry(**it, name);
    if (std::holds_alternative<Escapes>(value)) return escaped(name, arguments, budget);
    return {};
}

Value element(const Value& value, const Value& index, Budget& budget)
{
    if (auto it = std::get_if<const Metadata*>(&value)) return find(**it, index, budget);
    auto list = std::get_if<const Attachments*>(&value);
    auto place = std::get_if<std::int64_t>(&index);
    if (!list || !place || *place < 0 || static_cast<std::size_t>(*place) >= (*list)->size()) return {};
    return &(**list)[static_cast<std::size_t>(*place)];
}

// RFC 3986, 2.3: only the unreserved characters pass.
void append_percent_encoded(std::string& out, std::string_view text)
{
    constexpr std::string_view digits = "0123456789ABCDEF";
    for (char c : text) {
        bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (is_letter || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || c == '~') {
            out += c;
            continue;
        }
        auto byte = static_cast<unsigned char>(c);
        out += {'%', digits[byte >> 4], digits[byte & 15]};
    }
}

void append_xml_escaped(std::string& out, std::string_view text)
{
    while (!text.empty()) {
        std::string_view before = text;
        char32_t c = base::take_code_point(text);
        switch (c) {
        case '&': out += "&amp;"; continue;
        case '<': out += "&lt;"; continue;
        case '>': out += "&gt;"; continue;
        case '"': out += "&quot;"; continue;
        case '\'': out += "&apos;"; continue;
        default: break;
        }
        if (is_xml_character(c))
            out += before.substr(0, before.size() - text.size());
        else
            out += "\uFFFD";
    }
}

}  // namespace tidings::webhook
