// SPDX-License-Identifier: Apache-2.0
// What the octets of a short message mean (SMPP 3.4, 5.2.19; 3GPP TS 23.038, 4).
#pragma once

#include "text/national.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tidings::text {

// The values are stored.
enum class Charset : std::uint8_t {
    gsm7 = 0,
    gsm7_packed = 1,
    latin1 = 2,
    ascii = 3,
    ucs2 = 4,  // UTF-16, in truth
    utf8 = 5,
    // In these handsets may write; we never do.
    cyrillic = 6,  // ISO 8859-5
    hebrew = 7,    // ISO 8859-8
    japanese = 8,  // JIS X 0208 and 0212, as ISO-2022-JP, Shift JIS or EUC
    korean = 9,    // KS C 5601, as EUC
};

// `carrier_default` is what the link means by data_coding 0 and its like. Nothing: the octets are no text.
std::optional<Charset> charset_of(std::uint8_t data_coding, Charset carrier_default = Charset::gsm7);

// What a header before the text says of it.
struct TextHeader {
    std::size_t size = 0;  // octets; packed text needs it for its fill bits
    Languages languages{};
};

// Always valid UTF-8 and without U+0000: octets that mean nothing become U+FFFD.
std::string to_utf8(Charset charset, std::string_view octets, TextHeader header = {});

// The other way, without a header. Nothing: a character is not in the charset, or we do not write in it. The
// text is valid UTF-8.
std::optional<std::string> from_utf8(Charset charset, std::string_view utf8);

}  // namespace tidings::text
