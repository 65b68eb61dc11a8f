// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace tidings::text {

// How many characters the text has, each a code point: so the API's limits count.
std::size_t code_points(std::string_view utf8);

// How many UTF-16 units it has: so UCS-2 segments count.
std::size_t utf16_size(std::string_view utf8);

// What is UTF-8 in it; any other octet becomes U+FFFD.
std::string valid_utf8(std::string_view bytes);

std::string utf16be_from_utf8(std::string_view utf8);

// Big-endian, unless a byte order mark at the front, which is dropped, says otherwise. Lone surrogates, an
// odd last byte and U+0000 become U+FFFD.
std::string utf8_from_utf16(std::string_view bytes);

constexpr std::string_view bom_be = "\xFE\xFF";
constexpr std::string_view bom_le = "\xFF\xFE";

}  // namespace tidings::text
