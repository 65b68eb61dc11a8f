// SPDX-License-Identifier: Apache-2.0
// Texts outside the GSM 7-bit alphabet go in UCS-2, with 70 characters to a segment instead of 160. The
// character converter writes them in that alphabet. Each character of the text, composed (NFC), is kept if it
// is in the alphabet, left out if it shows nothing, replaced by what the table in converter.cpp says, or by
// its letters without their marks (NFKD); what is left then becomes a question mark.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tidings::text {

// The values are stored.
enum class Converter : std::uint8_t {
    off = 0,
    strict = 1,    // every text
    lossless = 2,  // those of which no character would become a question mark
};

std::string_view name(Converter mode);  // "lossless"

// A piece of the text, a character with its marks, that became another or nothing.
struct Replaced {
    std::size_t at = 0;  // in the original, in UTF-16 units
    std::string from, to;

    bool operator==(const Replaced&) const = default;
};

// The text as it goes out; nothing: as it is. One character gives at most seven septets, so that a text of
// 5,000 still fits 255 parts. With `replaced`, what became of what is appended to it, in order. The text is
// valid UTF-8.
std::optional<std::string> convert(std::string_view text, Converter mode,
                                   std::vector<Replaced>* replaced = nullptr);

}  // namespace tidings::text
