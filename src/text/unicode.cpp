// SPDX-License-Identifier: Apache-2.0
// UTF-8, UTF-16 and how they count each other. Characters beyond U+FFFF take four octets of the one and two
// units of the other; all others take one unit. So there are as many characters as octets that begin one, and
// in UTF-16 once more for each that begins one of four octets: no decoding is needed, and it is asked of
// every text.
#include "text/unicode.hpp"

#include "base/utf8.hpp"

#include <cstdint>

namespace tidings::text {

namespace {

std::uint8_t octet(char c) { return static_cast<std::uint8_t>(c); }
bool continues(char c) { return (octet(c) & 0xC0) == 0x80; }
bool is_high_surrogate(char32_t c) { return c >= 0xD800 && c <= 0xDBFF; }
bool is_low_surrogate(char32_t c) { return c >= 0xDC00 && c <= 0xDFFF; }

void append_unit(std::string& out, char32_t unit)
{
    out += static_cast<char>(unit >> 8);
    out += static_cast<char>(unit);
}

}  // namespace

std::size_t code_points(std::string_view utf8)
{
    std::size_t points = 0;
    for (char c : utf8) points += !continues(c);
    return points;
}

std::size_t utf16_size(std::string_view utf8)
{
    std::size_t units = 0;
    for (char c : utf8) units += !continues(c) + (octet(c) >= 0xF0);
    return units;
}

std::string valid_utf8(std::string_view bytes)
{
    std::string out;
    while (!bytes.empty()) base::append_utf8(out, base::take_code_point(bytes));
    return out;
}

std::string utf16be_from_utf8(std::string_view utf8)
{
    std::string out;
    out.reserve(2 * utf8.size());
    while (!utf8.empty()) {
        char32_t c = base::take_code_point(utf8);
        if (c >= 0x10000) {
            append_unit(out, 0xD800 + ((c - 0x10000) >> 10));
            append_unit(out, 0xDC00 + ((c - 0x10000) & 0x3FF));
        } else {
            append_unit(out, c);
        }
    }
    return out;
}

std::string utf8_from_utf16(std::string_view bytes)
{
    // SMPP and GSM have the high octet first. Gateways that hand on what a PC wrote say so with a mark.
    std::size_t high = bytes.starts_with(bom_le) ? 1 : 0;
    if (bytes.starts_with(bom_be) || bytes.starts_with(bom_le)) bytes.remove_prefix(2);
    auto unit_at = [bytes, high](std::size_t i) {
        return static_cast<char32_t>(octet(bytes[i + high]) << 8 | octet(bytes[i + 1 - high]));
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
        base::append_utf8(out, c == 0 ? base::replacement : c);
    }
    if (even != bytes.size()) base::append_utf8(out, base::replacement);
    return out;
}

}  // namespace tidings::text
