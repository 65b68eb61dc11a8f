// SPDX-License-Identifier: Apache-2.0
// Long messages on the air. A message that does not fit one SMS is cut into parts of at most 140 octets, each
// with a user data header of 6 or 7 octets that says which message it belongs to (3GPP TS 23.040, 9.2.3.24.1
// and .8). No part ends inside an ESC pair or a surrogate pair.
#pragma once

#include "text/charset.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tidings::text {

// How a message travels to the carrier that does not fit one SMS.
enum class LongForm : std::uint8_t {
    udh8,     // in parts with headers that have a reference of 8 bits
    udh16,    // of 16 bits, which leaves room for one character less
    sar,      // in parts with SMPP's SAR parameters, cut as for udh8: the carrier writes the headers
    payload,  // whole, in the parameter message_payload: the carrier cuts it
};

// Octets that stand before the text of each part.
constexpr std::size_t header_size(LongForm form)
{
    return form == LongForm::udh8 ? 6 : form == LongForm::udh16 ? 7 : 0;
}

struct Segments {
    Charset charset = Charset::gsm7;
    std::vector<std::string> parts;  // the text of each part, without the header; at least one
};

// In `charset` if the text has room in it, else in UCS-2. A part holds what one SMS holds: 160 septets, 140
// octets of UCS-2, and 140 of the other charsets, which a carrier may put on the air octet by octet. The text
// is valid UTF-8 and short enough for 255 parts; no carrier takes Charset::utf8.
Segments segments_of(std::string_view text, Charset charset = Charset::gsm7, LongForm form = LongForm::udh8);

// segments_of(text, charset, form).parts.size(), without making them.
std::size_t count_segments(std::string_view text, Charset charset = Charset::gsm7,
                           LongForm form = LongForm::udh8);

// The header for part `sequence` (from 1) of `total`.
std::string udh8(std::uint8_t reference, std::uint8_t total, std::uint8_t sequence);
std::string udh16(std::uint16_t reference, std::uint8_t total, std::uint8_t sequence);

struct PartOf {
    std::uint16_t reference = 0;
    std::uint8_t total = 0;     // at least 1
    std::uint8_t sequence = 0;  // 1 to total
    bool is_wide = false;       // references of 16 bits and of 8 count apart, so that 7 and 7 are two of them

    bool operator==(const PartOf&) const = default;
};

// User data that begins with a header (esm_class 0x40), taken apart.
struct UserData {
    std::optional<PartOf> part;  // nothing: no concatenation, or one that makes no sense
    TextHeader header;
    std::string_view text;  // into the bytes that were given
};

// Skips elements it does not know. A header longer than the data is no header: all is text.
UserData parse_user_data(std::string_view user_data);

}  // namespace tidings::text
