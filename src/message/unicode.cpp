// SPDX-License-Identifier: Apache-2.0
#include "message/unicode.hpp"

#include <cstdint>

namespace tidings::message {

namespace {

constexpr char32_t last_code_point = 0x10FFFF;

std::uint8_t octet(char c) { return static_cast<std::uint8_t>(c); }
bool continues(char c) { return (octet(c) & 0xC0) == 0x80; }
bool is_surrogate(char32_t c) { return c >= 0xD800 && c <= 0xDFFF; }
bool is_high_surrogate(char32_t c) { return c >= 0xD800 && c <= 0xDBFF; }
bool is_low_surrogate(char32_t c) { return c >= 0xDC00 && c <= 0xDFFF; }

struct Decoded {
    char32_t code_point;
    std::size_t octets;  // 0: not UTF-8
};

Decoded decode(std::string_view utf8)
{
    constexpr char32_t least[] = {0, 0, 0x80, 0x800, 0x10000};  // by octets; what is below is overlong
    std::uint8_t lead = octet(utf8[0]);
    if (lead < 0x80) return {lead, 1};
    std::size_t octets = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4 || utf8.size() < octets) return {replacement, 0};
    char32_t value = lead & (0x7F >> octets);
    for (std::size_t i = 1; i < octets; ++i) {
        if (!continues(utf8[i])) return {replacement, 0};
        value = value << 6 | (octet(utf8[i]) & 0x3F);
    }
    if (value < least[octets] || value > last_code_point || is_surrogate(value)) return {replacement, 0};
    return {value, octets};
}

void append_unit(std::string& out, char32_t unit)
{
    out += static_cast<char>(unit >> 8);
    out += static_cast<char>(unit);
}

}  // namespace

char32_t take_code_point(std::string_view& utf8)
{
    auto [code_point, octets] = decode(utf8);
    utf8.remove_prefix(octets == 0 ? 1 : octets);
    return code_point;
}

void append_utf8(std::string& out, char32_t c)
{
    if (c > last_code_point || is_surrogate(c)) c = replacement;
    if (c < 0x80) {
        out += static_cast<char>(c);
    } else if (c < 0x800) {
        out += static_cast<char>(0xC0 | c >> 6);
        out += static_cast<char>(0x80 | (c & 0x3F));
    } else if (c < 0x10000) {
        out += static_cast<char>(0xE0 | c >> 12);
        out += static_cast<char>(0x80 | (c >> 6 & 0x3F));
        out += static_cast<char>(0x80 | (c & 0x3F));
    } else {
        out += static_cast<char>(0xF0 | c >> 18);
        out += static_cast<char>(0x80 | (c >> 12 & 0x3F));
        out += static_cast<char>(0x80 | (c >> 6 & 0x3F));
        out += static_cast<char>(0x80 | (c & 0x3F));
    }
}

bool is_utf8(std::string_view bytes)
{
    while (!bytes.empty()) {
        std::size_t octets = decode(bytes).octets;
        if (octets == 0) return false;
        bytes.remove_prefix(octets);
    }
    return true;
}

std::size_t utf16_size(std::string_view utf8)
{
    std::size_t units = 0;
    for (char c : utf8) units += !continues(c) + (octet(c) >= 0xF0);
    return units;
}

std::string utf16be_from_utf8(std::string_view utf8)
{
    std::string out;
    out.reserve(2 * utf8.size());
    while (!utf8.empty()) {
        char32_t c = take_code_point(utf8);
        if (c >= 0x10000) {
            append_unit(out, 0xD800 + ((c - 0x10000) >> 10));
            append_unit(out, 0xDC00 + ((c - 0x10000) & 0x3FF));
        } else {
            append_unit(out, c);
        }
    }
    return out;
}

std::string utf8_from_utf16be(std::string_view bytes)
{
    if (bytes.starts_with("\xFE\xFF")) bytes.remove_prefix(2);
    auto unit_at = [bytes](std::size_t i) {
        return static_cast<char32_t>(octet(bytes[i]) << 8 | octet(bytes[i + 1]));
    };
    std::string out;
    out.reserve(bytes.size() + bytes.size() / 2);
    std::size_t even = bytes.size() & ~std::size_t{1};
    for (std::size_t i = 0; i < even; i += 2) {
        char32_t c = unit_at(i);
        if (is_high_surrogate(c) && i + 2 < even && is_low_surrogate(unit_at(i + 2))) {
            c = 0x10000 + ((c - 0xD800) << 10) + (unit_at(i + 2) - 0xDC00);
            i += 2;
        }
        append_utf8(out, c == 0 ? replacement : c);
    }
    if (even != bytes.size()) append_utf8(out, replacement);
    return out;
}

}  // namespace tidings::message
