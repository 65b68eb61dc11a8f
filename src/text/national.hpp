// SPDX-License-Identifier: Apache-2.0
// National languages in GSM 7-bit text (3GPP TS 23.038, 6.2.1.2): a header names a table that stands in the
// place of the default alphabet (locking shift) or of its extension (single shift). Handsets send such texts;
// we only read them, as few handsets can be trusted to.
#pragma once

#include <array>
#include <cstdint>

namespace tidings::text {

// What the header of a text names; 0: the default. Numbers as in TS 23.038, 6.2.1.2.4: 1 Turkish, 2 Spanish,
// 3 Portuguese, 4 Bengali, 5 Gujarati, 6 Hindi, 7 Kannada, 8 Malayalam, 9 Oriya, 10 Punjabi, 11 Tamil,
// 12 Telugu, 13 Urdu.
struct Languages {
    std::uint8_t single_shift = 0;
    std::uint8_t locking_shift = 0;

    bool operator==(const Languages&) const = default;
};

// By septet; 0 where the table has nothing.
using NationalTable = std::array<char16_t, 128>;

// Null: no such table, so the default counts.
const NationalTable* single_shift_table(std::uint8_t language);
const NationalTable* locking_shift_table(std::uint8_t language);

}  // namespace tidings::text
