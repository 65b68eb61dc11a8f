// SPDX-License-Identifier: Apache-2.0
// The GSM 7-bit default alphabet and its extension (3GPP TS 23.038, 6.2.1). SMPP carries it unpacked, one
// septet per octet; on some links and behind SMPP it is packed, eight septets in seven octets. 0x09 is
// capital Ç, as 3GPP says; older mapping files have ç.
#pragma once

#include "text/national.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace tidings::text {

constexpr char gsm7_escape = 0x1B;  // the next septet is of the extension table

bool fits_gsm7(std::string_view utf8);

// How many septets the text takes; nothing: it does not fit.
std::optional<std::size_t> gsm7_size(std::string_view utf8);

// One septet per octet; nothing: a character is in neither table.
std::optional<std::string> gsm7_from_utf8(std::string_view utf8);

// An unknown ESC sequence gives the character that the second septet has alone, ESC ESC and a last ESC give a
// space, an octet above 0x7F and a septet without a character give U+FFFD.
std::string utf8_from_gsm7(std::string_view septets, Languages languages = {});

// `fill_bits` (0 to 6) are the zero bits that bring text after a header to a septet boundary.
std::string pack_gsm7(std::string_view septets, unsigned fill_bits = 0);
// Gives as many septets as the bits hold; when 7 bits are left over at the end they are taken for padding if
// they are zero or CR.
std::string unpack_gsm7(std::string_view octets, unsigned fill_bits = 0);
// The same, with that last septet if there is one: whether it is padding only the text behind it can tell.
struct Unpacked {
    std::string septets;
    bool last_may_be_padding = false;
};
Unpacked unpack_all_gsm7(std::string_view octets, unsigned fill_bits = 0);
// For a header of so many octets, its length octet included.
constexpr unsigned fill_bits_after(std::size_t header_octets) { return (7 - header_octets * 8 % 7) % 7; }

}  // namespace tidings::text
