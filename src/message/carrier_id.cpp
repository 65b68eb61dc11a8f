// SPDX-License-Identifier: Apache-2.0
// Ids are compared as text in one form, since they are no numbers to most carriers: lower case, no zeros
// before, octets that are no text escaped, and cut at a length that no carrier needs. Only if a link writes
// its receipts in another base is an id read as a number. It may have any number of digits, a UUID written
// as one number say. Some carriers keep it in a signed integer of 32 or 64 bits and write that in decimal, so
// that half of their ids are negative.
#include "message/carrier_id.hpp"

#include "base/utf8.hpp"
#include "message/limits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <cstdlib>

namespace tidings::message {

namespace {

constexpr unsigned decimal = 10, hexadecimal = 16;
constexpr std::size_t digits_max = 64;  // what SMPP 3.4, 5.2.23 has room for

unsigned digit_of(char c)
{
    if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
    if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a' + 10);
    if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A' + 10);
    return hexadecimal;  // none
}

// The number in another base, by long multiplication: its digits in the new base, the lowest first, grow by
// one digit of the old base at a time. Nothing: it is none, or longer than any id.
std::optional<std::string> rewritten(std::string_view digits, unsigned from, unsigned to)
{
    if (digits.empty() || digits.size() > digits_max) return {};
    std::vector<unsigned> out{0};
    for (char c : digits) {
        unsigned carry = digit_of(c);
        if (carry >= from) return {};
        for (unsigned& place : out) {
            carry += place * from;
            place = carry % to;
            carry /= to;
        }
        for (; carry > 0; carry /= to) out.push_back(carry % to);
    }
    std::string text;
    for (unsigned place : out) text += "0123456789abcdef"[place];
    while (text.size() > 1 && text.back() == '0') text.pop_back();
    std::ranges::reverse(text);
    return text;
}

std::optional<std::int64_t> negative_of(std::string_view id)
{
    std::int64_t value = 0;
    if (!id.starts_with('-')) return {};
    auto [end, error] = std::from_chars(id.data(), id.data() + id.size(), value);
    if (error != std::errc{} || end != id.data() + id.size() || value == 0) return {};
    return value;
}

// A negative number as the unsigned ones of 32 and 64 bits that have the same bits.
std::vector<std::uint64_t> unsigned_of(std::int64_t negative)
{
    std::vector<std::uint64_t> out;
    if (negative >= INT32_MIN) out.push_back(static_cast<std::uint32_t>(negative));
    out.push_back(static_cast<std::uint64_t>(negative));
    return out;
}

// And the other way: the negative numbers that a response may have given for this one, in decimal.
void add_negative(std::vector<std::string>& ids, std::string_view hex)
{
    constexpr std::size_t digits_of_32_bits = 8, digits_of_64_bits = 16;
    std::uint64_t value = 0;
    auto [end, error] = std::from_chars(hex.data(), hex.data() + hex.size(), value, hexadecimal);
    if (error != std::errc{} || end != hex.data() + hex.size()) return;
    while (hex.size() > 1 && hex.starts_with('0')) hex.remove_prefix(1);
    bool is_high = digit_of(hex.front()) >= 8;
    if (is_high && hex.size() == digits_of_32_bits)
        ids.push_back(fmt::format("{}", static_cast<std::int32_t>(value)));
    if (is_high && hex.size() == digits_of_64_bits)
        ids.push_back(fmt::format("{}", static_cast<std::int64_t>(value)));
}

}  // namespace

std::string_view name(IdForm form)
{
    switch (form) {
    case IdForm::same: return "same";
    case IdForm::hex: return "hex";
    case IdForm::decimal: return "decimal";
    }
    std::abort();
}

std::string canonical_id(std::string_view id)
{
    // "0" stays: it is an id.
    while (id.size() > 1 && id.front() == '0') id.remove_prefix(1);
    std::string out = base::escaped(id);
    out.resize(base::utf8_prefix(out, carrier_id_max).size());
    for (char& c : out)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return out;
}

std::vector<std::string> response_ids(std::string_view id, IdForm form)
{
    std::vector<std::string> ids;
    auto negative = negative_of(id);
    switch (form) {
    case IdForm::same:
        ids.push_back(canonical_id(id));
        if (negative)
            for (std::uint64_t value : unsigned_of(*negative)) ids.push_back(fmt::format("{}", value));
        return ids;
    case IdForm::hex:
        if (auto written = rewritten(id, hexadecimal, decimal)) ids.push_back(*std::move(written));
        add_negative(ids, id);
        return ids;
    case IdForm::decimal:
        if (negative)
            for (std::uint64_t value : unsigned_of(*negative)) ids.push_back(fmt::format("{:x}", value));
        else if (auto written = rewritten(id, decimal, hexadecimal))
            ids.push_back(*std::move(written));
        return ids;
    }
    std::abort();
}

}  // namespace tidings::message
