// SPDX-License-Identifier: Apache-2.0
// A long text from the octets of its parts. They are joined as octets first and decoded then, because whoever
// cut them counted octets and did not look: half of a surrogate pair, an ESC, half of a UCS-2 character or of
// a kanji may stand at the end of a part. Parts that are coded otherwise than the one before them, and those
// behind a part that is missing, are decoded apart.
#pragma once

#include "text/charset.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace tidings::text {

// How the octets of a part are to be read.
struct Coding {
    Charset charset = Charset::utf8;
    Languages languages{};
    // The last octet is a septet that was unpacked, @ or CR, and may be none: see coded_part().
    bool last_may_be_padding = false;

    bool operator==(const Coding&) const = default;
};

struct CodedPart {
    std::uint8_t sequence = 0;  // from 1
    Coding coding;
    std::string octets;
};

// The text of a part behind its header, in `octets`. Packed septets are unpacked here, so that they can be
// joined whatever their fill bits. A full part may hold one septet more or less, which nothing in it tells;
// joined_text() asks the part behind it.
CodedPart coded_part(std::uint8_t sequence, Charset charset, std::string_view octets, TextHeader header);

// The parts stand in order. What begins behind `octets_max` octets is left out.
std::string joined_text(std::span<const CodedPart> parts, std::size_t octets_max);

}  // namespace tidings::text
