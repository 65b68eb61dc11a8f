// SPDX-License-Identifier: Apache-2.0
// data_coding says in one octet which alphabet a text has, and two standards share it. SMPP names values
// below 0x10 (3.4, 5.2.19); from 0x10 on it passes the data coding scheme of GSM through (TS 23.038, 4), in
// which bits say whether a text is of a class, in which alphabet, and whether it announces a waiting
// message.
//
// What 0 means is up to the carrier: most mean the GSM alphabet, one octet for each septet; some mean
// Latin-1, or pack the septets. Therefore a link is told what its carrier means, and every value that stands
// for "the default alphabet" asks it.
#include "text/charset.hpp"

#include "base/utf8.hpp"
#include "text/foreign.hpp"
#include "text/gsm7.hpp"
#include "text/unicode.hpp"

#include <cstdlib>

namespace tidings::text {

namespace {

// TS 23.038, 4: classes at 0x10 and 0xF0, the same for messages that a handset is to delete at 0x40 and 0x50,
// "message waiting" at 0xC0 (discard), 0xD0 (store) and 0xE0 (store, UCS-2). In 0x20, 0x30, 0x60 and 0x70 the
// text is compressed, which no handset ever did.
std::optional<Charset> charset_of_group(std::uint8_t data_coding, Charset carrier_default)
{
    // Bits 2 and 3 hold the alphabet where the group has one: 0 default, 1 octets that are no text, 2 UCS-2.
    constexpr std::uint8_t alphabet_mask = 0x0C, eight_bit_data = 0x04, ucs2 = 0x08;
    std::uint8_t alphabet = data_coding & alphabet_mask;
    switch (data_coding & 0xF0) {
    case 0xC0:
    case 0xD0: return carrier_default;
    case 0xE0: return Charset::ucs2;
    // These groups may say UCS-2; the next is the same without it, and its bit 3 is reserved.
    case 0x10:
    case 0x40:
    case 0x50:
        if (alphabet == ucs2) return Charset::ucs2;
        [[fallthrough]];
    case 0xF0:
        if (alphabet & eight_bit_data) return {};
        return carrier_default;
    }
    return {};
}

constexpr std::uint8_t latin1_last = 0xFF;
constexpr std::uint8_t ascii_last = 0x7F;

// Latin-1 and ASCII are the first code points of Unicode, so that an octet is its own code point.
std::string from_single_octets(std::string_view octets, std::uint8_t last)
{
    std::string out;
    out.reserve(octets.size() + octets.size() / 4);
    for (char c : octets) {
        auto octet = static_cast<std::uint8_t>(c);
        base::append_utf8(out, octet == 0 || octet > last ? base::replacement : octet);
    }
    return out;
}

std::optional<std::string> to_single_octets(std::string_view utf8, char32_t last)
{
    std::string out;
    out.reserve(utf8.size());
    while (!utf8.empty()) {
        char32_t c = base::take_code_point(utf8);
        if (c > last) return {};
        out += static_cast<char>(c);
    }
    return out;
}

// What is said to be UTF-8 may be anything: what is not, and U+0000, becomes U+FFFD.
std::string repaired(std::string_view octets)
{
    std::string out;
    out.reserve(octets.size());
    while (!octets.empty()) {
        char32_t c = base::take_code_point(octets);
        base::append_utf8(out, c == 0 ? base::replacement : c);
    }
    return out;
}

}  // namespace

std::optional<Charset> charset_of(std::uint8_t data_coding, Charset carrier_default)
{
    switch (data_coding) {
    case 0x00: return carrier_default;
    case 0x01: return Charset::ascii;
    case 0x03: return Charset::latin1;
    case 0x05:  // JIS X 0208
    case 0x0A:  // ISO-2022-JP
    case 0x0D:  // JIS X 0212
        return Charset::japanese;
    case 0x06: return Charset::cyrillic;
    case 0x07: return Charset::hebrew;
    case 0x08: return Charset::ucs2;
    case 0x0E: return Charset::korean;
    }
    return charset_of_group(data_coding, carrier_default);
}

std::string to_utf8(Charset charset, std::string_view octets, TextHeader header)
{
    switch (charset) {
    case Charset::gsm7: return utf8_from_gsm7(octets, header.languages);
    // A header of so many octets leaves the text off a septet boundary, and fill bits bring it back to one.
    case Charset::gsm7_packed:
        return utf8_from_gsm7(unpack_gsm7(octets, fill_bits_after(header.size)), header.languages);
    case Charset::latin1: return from_single_octets(octets, latin1_last);
    case Charset::ascii: return from_single_octets(octets, ascii_last);
    case Charset::ucs2: return utf8_from_utf16(octets);
    case Charset::utf8: return repaired(octets);
    case Charset::cyrillic: return utf8_from(Foreign::iso_8859_5, octets);
    case Charset::hebrew: return utf8_from(Foreign::iso_8859_8, octets);
    case Charset::japanese: return utf8_from_japanese(octets);
    case Charset::korean: return utf8_from(Foreign::ks_c_5601, octets);
    }
    std::abort();
}

std::optional<std::string> from_utf8(Charset charset, std::string_view utf8)
{
    switch (charset) {
    case Charset::gsm7: return gsm7_from_utf8(utf8);
    case Charset::gsm7_packed: {
        auto septets = gsm7_from_utf8(utf8);
        if (septets) *septets = pack_gsm7(*septets);
        return septets;
    }
    case Charset::latin1: return to_single_octets(utf8, latin1_last);
    case Charset::ascii: return to_single_octets(utf8, ascii_last);
    case Charset::ucs2: return utf16be_from_utf8(utf8);
    case Charset::utf8: return std::string(utf8);
    case Charset::cyrillic:
    case Charset::hebrew:
    case Charset::japanese:
    case Charset::korean: return {};
    }
    std::abort();
}

}  // namespace tidings::text
