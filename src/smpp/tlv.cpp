// SPDX-License-Identifier: Apache-2.0
// Optional parameters: tag, length, value (SMPP 3.4, 3.2.4). A PDU may have any of them, in any order; those
// that nobody asks for are kept as they came. Of two with the same tag the first counts.
#include "smpp/tlv.hpp"

namespace tidings::smpp {

const std::string* find(const Tlvs& tlvs, std::uint16_t tag)
{
    for (const auto& tlv : tlvs)
        if (tlv.tag == tag) return &tlv.value;
    return nullptr;
}

std::optional<std::uint32_t> number(const Tlvs& tlvs, std::uint16_t tag)
{
    const std::string* value = find(tlvs, tag);
    // By the size that came and not by the one that the tag should have: the number is the same in one octet
    // and in two.
    if (!value || value->empty() || value->size() > 4) return std::nullopt;
    std::uint32_t sum = 0;
    for (char octet : *value) sum = sum << 8 | static_cast<std::uint8_t>(octet);
    return sum;
}

std::optional<Sar> sar(const Tlvs& tlvs)
{
    auto reference = number(tlvs, tag::sar_msg_ref_num);
    auto total = number(tlvs, tag::sar_total_segments);
    auto sequence = number(tlvs, tag::sar_segment_seqnum);
    if (!reference || !total || !sequence) return {};
    if (*total == 0 || *total > 255 || *sequence == 0 || *sequence > *total) return {};
    return Sar{static_cast<std::uint16_t>(*reference), static_cast<std::uint8_t>(*total),
               static_cast<std::uint8_t>(*sequence)};
}

std::string_view text(const Tlvs& tlvs, std::uint16_t tag)
{
    const std::string* value = find(tlvs, tag);
    if (!value) return {};
    return std::string_view(*value).substr(0, value->find('\0'));
}

std::optional<NetworkError> network_error(const Tlvs& tlvs)
{
    const std::string* value = find(tlvs, tag::network_error_code);
    if (!value || value->size() != 3) return std::nullopt;
    auto octet = [value](std::size_t i) { return static_cast<std::uint8_t>((*value)[i]); };
    return NetworkError{octet(0), static_cast<std::uint16_t>(octet(1) << 8 | octet(2))};
}

Tlv tlv8(std::uint16_t tag, std::uint8_t value) { return {tag, std::string(1, static_cast<char>(value))}; }

Tlv tlv16(std::uint16_t tag, std::uint16_t value)
{
    return {tag, {static_cast<char>(value >> 8), static_cast<char>(value)}};
}

Tlv tlv_text(std::uint16_t tag, std::string_view text) { return {tag, std::string(text) + '\0'}; }

}  // namespace tidings::smpp
