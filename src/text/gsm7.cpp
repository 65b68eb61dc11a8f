// SPDX-License-Identifier: Apache-2.0
// The two tables of the alphabet, and how septets lie in octets. Packed text is a stream of bits, the first
// septet in the lowest seven bits of the first octet, its successor beginning in the eighth (TS 23.038,
// 6.1.2.1):
//
//     octet 0: 1 0000000    octet 1: 22 111111    octet 2: 333 22222    ...
//
// Eight septets take seven octets, which is how 160 characters fit the 140 octets of an SMS.
#include "text/gsm7.hpp"

#include "base/utf8.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace tidings::text {

namespace {

// The place of a character is its septet; 0x1B is ESC, which stands for no character.
constexpr std::u16string_view basic =
    u"@£$¥èéùìòÇ\nØø\rÅå"
    u"Δ_ΦΓΛΩΠΨΣΘΞ\u001BÆæßÉ"
    u" !\"#¤%&'()*+,-./"
    u"0123456789:;<=>?"
    u"¡ABCDEFGHIJKLMNO"
    u"PQRSTUVWXYZÄÖÑÜ§"
    u"¿abcdefghijklmno"
    u"pqrstuvwxyzäöñüà";
static_assert(basic.size() == 128);

struct Extension {
    std::uint8_t septet;
    char16_t character;
};

constexpr Extension extension[] = {
    {0x0A, u'\f'}, {0x14, u'^'}, {0x28, u'{'}, {0x29, u'}'}, {0x2F, u'\\'},
    {0x3C, u'['},  {0x3D, u'~'}, {0x3E, u']'}, {0x40, u'|'}, {0x65, u'€'},
};

constexpr std::uint8_t escape = gsm7_escape;

// A character's septet; with `escaped` set it follows an ESC. What is in neither table has `none`.
constexpr std::uint8_t escaped = 0x80;
constexpr std::uint8_t none = 0xFF;

constexpr std::uint8_t find_septet(char16_t character)
{
    for (std::size_t i = 0; i < basic.size(); ++i)
        if (i != escape && basic[i] == character) return static_cast<std::uint8_t>(i);
    for (const Extension& entry : extension)
        if (entry.character == character) return entry.septet | escaped;
    return none;
}

// Most of what is sent is below U+0100, and is looked up by its code point; the rest is a few Greek capitals
// and the euro sign.
constexpr auto latin_septets = [] {
    std::array<std::uint8_t, 256> septets{};
    for (std::size_t c = 0; c < septets.size(); ++c) septets[c] = find_septet(static_cast<char16_t>(c));
    return septets;
}();

std::uint8_t septet_of(char32_t c)
{
    if (c < latin_septets.size()) return latin_septets[c];
    bool possible = (c >= U'Γ' && c <= U'Ω') || c == U'€';
    return possible ? find_septet(static_cast<char16_t>(c)) : none;
}

// The same two, by septet, in the form of their national substitutes.
constexpr NationalTable basic_table = [] {
    NationalTable table{};
    for (std::size_t i = 0; i < table.size(); ++i) table[i] = basic[i];
    return table;
}();
constexpr NationalTable extension_table = [] {
    NationalTable table{};
    for (const Extension& entry : extension) table[entry.septet] = entry.character;
    return table;
}();

constexpr unsigned septet_bits = 7;

}  // namespace

bool fits_gsm7(std::string_view utf8) { return gsm7_size(utf8).has_value(); }

std::optional<std::size_t> gsm7_size(std::string_view utf8)
{
    std::size_t size = 0;
    while (!utf8.empty()) {
        std::uint8_t septet = septet_of(base::take_code_point(utf8));
        if (septet == none) return {};
        size += septet & escaped ? 2 : 1;
    }
    return size;
}

std::optional<std::string> gsm7_from_utf8(std::string_view utf8)
{
    std::string out;
    out.reserve(utf8.size());
    while (!utf8.empty()) {
        std::uint8_t septet = septet_of(base::take_code_point(utf8));
        if (septet == none) return {};
        if (septet & escaped) out += gsm7_escape;
        out += static_cast<char>(septet & ~escaped);
    }
    return out;
}

std::string utf8_from_gsm7(std::string_view septets, Languages languages)
{
    const NationalTable* locking = locking_shift_table(languages.locking_shift);
    const NationalTable* single = single_shift_table(languages.single_shift);
    if (!locking) locking = &basic_table;
    if (!single) single = &extension_table;

    std::string out;
    out.reserve(septets.size() + septets.size() / 4);
    for (std::size_t i = 0; i < septets.size(); ++i) {
        auto septet = static_cast<std::uint8_t>(septets[i]);
        char16_t c = 0;
        if (septet == escape) {
            septet = ++i < septets.size() ? static_cast<std::uint8_t>(septets[i]) : escape;
            c = septet == escape ? u' ' : septet < single->size() ? (*single)[septet] : 0;
        }
        if (c == 0 && septet < locking->size()) c = (*locking)[septet];
        base::append_utf8(out, c == 0 ? base::replacement : c);
    }
    return out;
}

std::string pack_gsm7(std::string_view septets, unsigned fill_bits)
{
    std::string out;
    out.reserve((septets.size() * septet_bits + fill_bits + 7) / 8);
    std::uint32_t bits = 0;  // not yet written, the oldest lowest
    unsigned held = fill_bits;
    for (char c : septets) {
        bits |= static_cast<std::uint32_t>(c & 0x7F) << held;
        held += septet_bits;
        while (held >= 8) {
            out += static_cast<char>(bits);
            bits >>= 8;
            held -= 8;
        }
    }
    // Seven spare bits would read as @, so CR stands there (TS 23.038, 6.1.2.3.1).
    if (held == 1) bits |= static_cast<std::uint32_t>('\r') << 1;
    if (held > 0 && !septets.empty()) out += static_cast<char>(bits);
    return out;
}

std::string unpack_gsm7(std::string_view octets, unsigned fill_bits)
{
    Unpacked out = unpack_all_gsm7(octets, fill_bits);
    if (out.last_may_be_padding) out.septets.pop_back();
    return std::move(out.septets);
}

Unpacked unpack_all_gsm7(std::string_view octets, unsigned fill_bits)
{
    if (octets.size() * 8 < fill_bits) return {};
    std::size_t count = (octets.size() * 8 - fill_bits) / septet_bits;
    std::string out;
    out.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
        // A septet lies in at most two octets, the lower bits in the first of them.
        std::size_t first = fill_bits + i * septet_bits;
        auto low = static_cast<std::uint8_t>(octets[first / 8]);
        auto high = first / 8 + 1 < octets.size() ? static_cast<std::uint8_t>(octets[first / 8 + 1]) : 0u;
        out += static_cast<char>((low | high << 8) >> first % 8 & 0x7F);
    }
    bool ends_with_octet = (fill_bits + count * septet_bits) % 8 == 0;
    bool last_may_be_padding = ends_with_octet && !out.empty() && (out.back() == '\0' || out.back() == '\r');
    return {std::move(out), last_may_be_padding};
}

}  // namespace tidings::text
