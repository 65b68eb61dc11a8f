// SPDX-License-Identifier: Apache-2.0
// Long messages on the air. A message that does not fit one SMS is cut into parts of at most 140 octets, each
// with a user data header of 6 or 7 octets that says which message it belongs to (3GPP TS 23.040, 9.2.3.24.1
// and .8). No part ends inside an ESC pair or a surrogate pair.
#pragma once

#include "message/charset.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tidings::message {

enum class Encoding : std::uint8_t { gsm7, ucs2 };

// How many bits the reference has by which the handset finds the parts of one message: the wider one leaves
// room for one character less. Parts that travel with SAR parameters instead are cut as for `bits8`.
enum class ReferenceBits : std::uint8_t { bits8, bits16 };

// GSM 7-bit text stands one septet per octet, UCS-2 as UTF-16BE.
struct Segments {
    Encoding encoding = Encoding::gsm7;
    std::vector<std::string> parts;  // what goes into short_message, without the header; at least one
};

// GSM 7-bit if the text has room in it, else UCS-2. The text is valid UTF-8 and short enough for 255 parts.
Segments segments_of(std::string_view text, ReferenceBits bits = ReferenceBits::bits8);

// segments_of(text, bits).parts.size(), without making them.
std::size_t count_segments(std::string_view text, ReferenceBits bits = ReferenceBits::bits8);

// The header for part `sequence` (from 1) of `total`.
std::string udh8(std::uint8_t reference, std::uint8_t total, std::uint8_t sequence);
std::string udh16(std::uint16_t reference, std::uint8_t total, std::uint8_t sequence);

struct PartOf {
    std::uint16_t reference = 0;
    std::uint8_t total = 0;     // at least 1
    std::uint8_t sequence = 0;  // 1 to total

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

}  // namespace tidings::message
