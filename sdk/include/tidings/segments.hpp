// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

namespace tidings {

enum class Alphabet { gsm7, ucs2 };

struct Segments {
    Alphabet alphabet = Alphabet::gsm7;
    std::size_t units = 0;  // septets or 16-bit units of the whole text
    std::size_t count = 1;  // SMS that it takes
};

// How many SMS a text takes: one of 160 septets or 70 16-bit units, several of 153 or 67, where no character
// is torn apart (3GPP TS 23.038, TS 23.040). Counts what is no UTF-8 as U+FFFD.
Segments count_segments(std::string_view utf8);

}  // namespace tidings
