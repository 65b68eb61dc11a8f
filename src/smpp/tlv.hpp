// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tidings::smpp {

// An optional parameter (SMPP 3.4, 3.2.4): its bytes as they stand on the wire. Unknown tags pass through
// unread.
struct Tlv {
    std::uint16_t tag = 0;
    std::string value;

    bool operator==(const Tlv&) const = default;
};

using Tlvs = std::vector<Tlv>;

namespace tag {

constexpr std::uint16_t receipted_message_id = 0x001E;    // C-octet string
constexpr std::uint16_t user_message_reference = 0x0204;  // 2 octets
constexpr std::uint16_t sar_msg_ref_num = 0x020C;         // 2 octets
constexpr std::uint16_t sar_total_segments = 0x020E;      // 1 octet
constexpr std::uint16_t sar_segment_seqnum = 0x020F;      // 1 octet, from 1
constexpr std::uint16_t sc_interface_version = 0x0210;    // 1 octet
constexpr std::uint16_t network_error_code = 0x0423;      // 1 octet network type, 2 octets code
constexpr std::uint16_t message_payload = 0x0424;         // up to 64 KiB in the place of short_message
constexpr std::uint16_t message_state = 0x0427;           // 1 octet
constexpr std::uint16_t congestion_state = 0x0428;        // 1 octet, 0 idle to 100 congested (SMPP 5.0)

}  // namespace tag

// The first one with that tag; null when there is none. Valid until `tlvs` changes.
const std::string* find(const Tlvs& tlvs, std::uint16_t tag);

// An integer of 1 to 4 octets; nothing when the parameter is absent or of another size.
std::optional<std::uint32_t> number(const Tlvs& tlvs, std::uint16_t tag);

// Which part of a long message this is, by SAR (SMPP 3.4, 5.3.2.22 to 24).
struct Sar {
    std::uint16_t reference = 0;
    std::uint8_t total = 0;     // at least 1
    std::uint8_t sequence = 0;  // 1 to total
};
// Nothing: it is none, or its numbers make no sense.
std::optional<Sar> sar(const Tlvs& tlvs);

// A C-octet string without its NUL, which some carriers omit; empty when absent. Valid until `tlvs` changes.
std::string_view text(const Tlvs& tlvs, std::uint16_t tag);

// network_error_code (SMPP 3.4, 5.3.2.31).
struct NetworkError {
    std::uint8_t network = 0;  // 1 ANSI-136, 2 IS-95, 3 GSM
    std::uint16_t code = 0;

    bool operator==(const NetworkError&) const = default;
};
std::optional<NetworkError> network_error(const Tlvs& tlvs);

Tlv tlv8(std::uint16_t tag, std::uint8_t value);
Tlv tlv16(std::uint16_t tag, std::uint16_t value);
Tlv tlv_text(std::uint16_t tag, std::string_view text);  // adds the NUL

}  // namespace tidings::smpp
