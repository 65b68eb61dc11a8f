// SPDX-License-Identifier: Apache-2.0
// Alphabets of which ICU has the tables. SMPP names them by their standards (3.4, 5.2.19).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tidings::text {

enum class Foreign : std::uint8_t { iso_8859_5, iso_8859_8, ks_c_5601 };

// Octets that mean nothing become U+FFFD, and so does U+0000.
std::string utf8_from(Foreign alphabet, std::string_view octets);

// The standards for kanji number characters and say nothing of octets, so that carriers mean one of three
// encodings by them. With escape sequences it is ISO-2022-JP; else Shift JIS or EUC, whichever explains all
// of the octets.
std::string utf8_from_japanese(std::string_view octets);

}  // namespace tidings::text
