// SPDX-License-Identifier: Apache-2.0
// JSON is written by appending to a string. There is no tree in between: an answer is written once, in the
// order in which its fields stand, and a list of a hundred reports takes one allocation or few.
//
// Strings are looked at eight octets at a time, as long as all eight pass, as nearly all do; then octet by
// octet. Whole stretches are copied, and what needs an escape is looked up in a table. U+2028 and the like
// pass, too: they are fine in JSON.
#include "wire/json_text.hpp"

#include "base/append.hpp"
#include "base/utf8.hpp"

#include <array>
#include <cstring>

namespace tidings::wire {

namespace {

// What follows the backslash; 0: the character passes, 'u': as \u00XX, 'x': it does if this is UTF-8.
constexpr auto escapes = [] {
    std::array<char, 256> table{};
    for (int c = 0; c < 0x20; ++c) table[c] = 'u';
    for (int c = 0x80; c < 0x100; ++c) table[c] = 'x';
    table['\b'] = 'b';
    table['\f'] = 'f';
    table['\n'] = 'n';
    table['\r'] = 'r';
    table['\t'] = 't';
    table['"'] = '"';
    table['\\'] = '\\';
    return table;
}();

// Whether eight octets are ASCII without control characters, quotes and backslashes. Each difference takes
// from the octet above only where it has found something, so that the answer is right for all eight.
bool all_pass(const char* eight)
{
    constexpr std::uint64_t ones = 0x0101'0101'0101'0101, tops = ones << 7;
    std::uint64_t octets;
    std::memcpy(&octets, eight, sizeof octets);
    std::uint64_t control = octets - ones * 0x20;
    std::uint64_t quote = (octets ^ ones * '"') - ones;
    std::uint64_t backslash = (octets ^ ones * '\\') - ones;
    return ((octets | control | quote | backslash) & tops) == 0;
}

// How many octets from `begin` on certainly pass; those behind them have to be looked at.
std::size_t passing(std::string_view text, std::size_t begin)
{
    std::size_t end = begin;
    while (end + 8 <= text.size() && all_pass(text.data() + end)) end += 8;
    return end - begin;
}

}  // namespace

void append_json_string(std::string& out, std::string_view text)
{
    constexpr std::string_view digits = "0123456789abcdef";
    out += '"';
    std::size_t plain = 0;  // where the stretch that passes begins
    for (std::size_t i = passing(text, 0); i < text.size(); ++i) {
        auto c = static_cast<unsigned char>(text[i]);
        if (escapes[c] == 0) continue;
        if (escapes[c] == 'x') {
            // A whole character is leapt over: its other octets are not looked at one by one.
            if (std::size_t octets = base::utf8_octets(text.substr(i)); octets > 0) {
                i += octets - 1;
                continue;
            }
        }
        // What has passed so far, in one piece.
        out.append(text, plain, i - plain);
        plain = i + 1;
        out += '\\';
        if (escapes[c] == 'x') {
            base::append_escaped(out, text[i]);
            continue;
        }
        out += escapes[c];
        if (escapes[c] == 'u') {
            out += "00";
            out += digits[c >> 4];
            out += digits[c & 15];
        }
        i += passing(text, plain);
    }
    out.append(text, plain);
    out += '"';
}

std::string& JsonObject::value(std::string_view name)
{
    out_ += first_ ? "\"" : ",\"";
    first_ = false;
    out_ += name;
    out_ += "\":";
    return out_;
}

void JsonObject::text(std::string_view name, std::string_view text) { append_json_string(value(name), text); }

void JsonObject::member(std::string_view name, std::string_view text)
{
    if (!first_) out_ += ',';
    first_ = false;
    append_json_string(out_, name);
    out_ += ':';
    append_json_string(out_, text);
}

void JsonObject::number(std::string_view name, std::int64_t number)
{
    base::append_number(value(name), number);
}

void JsonObject::boolean(std::string_view name, bool yes) { value(name) += yes ? "true" : "false"; }

void JsonObject::null(std::string_view name) { value(name) += "null"; }

void JsonObject::text_or_null(std::string_view name, std::string_view text)
{
    if (text.empty())
        null(name);
    else
        this->text(name, text);
}

void JsonObject::id(std::string_view name, const base::Uuid& id)
{
    value(name) += '"';
    base::append_uuid(out_, id);
    out_ += '"';
}

void JsonObject::time(std::string_view name, base::Time time)
{
    value(name) += '"';
    base::append_iso(out_, time);
    out_ += '"';
}

void JsonObject::time_or_null(std::string_view name, std::optional<base::Time> time)
{
    if (time)
        this->time(name, *time);
    else
        null(name);
}

void JsonObject::number_or_null(std::string_view name, std::optional<std::int64_t> number)
{
    if (number)
        this->number(name, *number);
    else
        null(name);
}

}  // namespace tidings::wire
