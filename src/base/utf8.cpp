// SPDX-License-Identifier: Apache-2.0
// Decoding is strict: overlong forms, surrogates and what lies beyond U+10FFFF are not UTF-8 (RFC 3629, 3).
// Whoever wants text whatever comes gets U+FFFD for each octet that is none, and goes on with the next.
#include "base/utf8.hpp"

#include <algorithm>
#include <cstdint>

namespace tidings::base {

namespace {

constexpr char32_t last_code_point = 0x10FFFF;

std::uint8_t octet(char c) { return static_cast<std::uint8_t>(c); }
bool continues(char c) { return (octet(c) & 0xC0) == 0x80; }
bool is_surrogate(char32_t c) { return c >= 0xD800 && c <= 0xDFFF; }
bool is_control(char32_t c) { return c < 0x20 || (c >= 0x7F && c < 0xA0); }

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

bool is_plain_ascii(char c) { return c >= 0x20 && c < 0x7F; }

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

std::size_t utf8_octets(std::string_view bytes) { return decode(bytes).octets; }

// Steps back over octets that continue a character, so that none is cut.
std::string_view utf8_prefix(std::string_view utf8, std::size_t octets_max)
{
    if (utf8.size() <= octets_max) return utf8;
    std::size_t end = octets_max;
    while (end > 0 && continues(utf8[end])) --end;
    return utf8.substr(0, end);
}

void append_escaped(std::string& out, char octet)
{
    constexpr std::string_view digits = "0123456789ABCDEF";
    auto value = static_cast<std::uint8_t>(octet);
    out.append("\\x").append({digits[value >> 4], digits[value & 15]});
}

std::string escaped(std::string_view bytes)
{
    if (std::ranges::all_of(bytes, is_plain_ascii)) return std::string(bytes);
    std::string out;
    while (!bytes.empty()) {
        auto [code_point, octets] = decode(bytes);
        std::string_view character = bytes.substr(0, std::max<std::size_t>(octets, 1));
        if (octets > 0 && !is_control(code_point))
            out += character;
        else
            for (char c : character) append_escaped(out, c);
        bytes.remove_prefix(character.size());
    }
    return out;
}

}  // namespace tidings::base
