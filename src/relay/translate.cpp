// SPDX-License-Identifier: Apache-2.0
#include "relay/translate.hpp"

#include "base/digest.hpp"
#include "message/charset.hpp"
#include "message/receipt.hpp"
#include "message/segments.hpp"

#include <fmt/format.h>

namespace tidings::relay {

using message::Code;
using message::SourceType;

namespace {

namespace esm {  // esm_class, SMPP 3.4, 5.2.12

constexpr std::uint8_t type_mask = 0x3C;
constexpr std::uint8_t receipt = 0x04;
constexpr std::uint8_t intermediate = 0x20;
constexpr std::uint8_t udh_indicator = 0x40;

}  // namespace esm

constexpr std::uint8_t registered_delivery_final = 0x01;
constexpr std::uint8_t data_coding_default = 0x00;
constexpr std::uint8_t data_coding_ucs2 = 0x08;
constexpr std::chrono::seconds validity_min = std::chrono::seconds(60);  // carriers refuse less
constexpr std::chrono::seconds validity_max = std::chrono::days(7);

smpp::Address source_address(const store::Outbound& message)
{
    switch (message.sender_type) {
    case SourceType::international: return {1, 1, message.sender};
    case SourceType::alphanumeric: return {5, 0, message.sender};
    case SourceType::shortcode: return {3, 0, message.sender};
    }
    std::abort();
}

// Relative to the carrier's clock, so that ours does not matter: days, hours, minutes, seconds
// (SMPP 3.4, 7.1.1.1).
std::string validity(base::Time expiry, base::Time now)
{
    auto left =
        std::clamp(std::chrono::floor<std::chrono::seconds>(expiry - now), validity_min, validity_max);
    std::chrono::hh_mm_ss clock(left % std::chrono::days(1));
    return fmt::format("0000{:02}{:02}{:02}{:02}000R", left / std::chrono::days(1), clock.hours().count(),
                       clock.minutes().count(), clock.seconds().count());
}

bool is_receipt(const smpp::ShortMessage& deliver)
{
    std::uint8_t type = deliver.esm_class & esm::type_mask;
    if (type == esm::receipt || type == esm::intermediate) return true;
    return type == 0 && !smpp::text(deliver.tlvs, smpp::tag::receipted_message_id).empty() &&
           smpp::number(deliver.tlvs, smpp::tag::message_state);
}

Delivered receipt_from(const smpp::ShortMessage& deliver, base::Time now)
{
    message::ReceiptText text = message::parse_receipt(deliver.payload());
    std::optional<message::Outcome> outcome;
    if (auto state = smpp::number(deliver.tlvs, smpp::tag::message_state))
        outcome = message::outcome_of_state(static_cast<std::uint8_t>(*state));
    if (!outcome) outcome = message::outcome_of(text.stat);
    if (!outcome) return Nothing{};

    store::Receipt receipt;
    receipt.carrier_id = smpp::text(deliver.tlvs, smpp::tag::receipted_message_id);
    if (receipt.carrier_id.empty()) receipt.carrier_id = text.id;
    receipt.code = outcome->code;
    receipt.provisional = outcome->provisional;
    receipt.at = now;
    receipt.source = message::digits_of(deliver.destination.number);
    receipt.destination = message::digits_of(deliver.source.number);
    return receipt;
}

std::optional<message::PartOf> sar_part(const smpp::Tlvs& tlvs)
{
    auto reference = smpp::number(tlvs, smpp::tag::sar_msg_ref_num);
    auto total = smpp::number(tlvs, smpp::tag::sar_total_segments);
    auto sequence = smpp::number(tlvs, smpp::tag::sar_segment_seqnum);
    if (!reference || !total || !sequence || *sequence < 1 || *sequence > *total || *total > 255) return {};
    return message::PartOf{static_cast<std::uint16_t>(*reference), static_cast<std::uint8_t>(*total),
                           static_cast<std::uint8_t>(*sequence)};
}

// Everything that makes a deliver_sm what it is. The sequence number is not part of it: a redelivery has
// another one.
base::Sha256 fingerprint(const smpp::ShortMessage& deliver)
{
    std::string bytes = fmt::format("{}\n{}\n{} {}\n", deliver.source.number, deliver.destination.number,
                                    deliver.esm_class, deliver.data_coding);
    for (const smpp::Tlv& tlv : deliver.tlvs) bytes += fmt::format("{}={}\n", tlv.tag, tlv.value);
    bytes += deliver.payload();
    return base::sha256(bytes);
}

store::Inbound inbound_from(const smpp::ShortMessage& deliver, base::Time now)
{
    message::UserData data{.part = {}, .header = {}, .text = deliver.payload()};
    if (deliver.esm_class & esm::udh_indicator) data = message::parse_user_data(deliver.payload());
    if (!data.part) data.part = sar_part(deliver.tlvs);
    // What is no text is kept octet by octet rather than dropped.
    auto charset = message::charset_of(deliver.data_coding).value_or(message::Charset::latin1);

    store::Inbound inbound;
    inbound.source = message::digits_of(deliver.source.number);
    inbound.destination = message::digits_of(deliver.destination.number);
    inbound.content = message::to_utf8(charset, data.text, data.header);
    if (data.part && data.part->total > 1) inbound.part = data.part;
    inbound.received_at = now;
    inbound.fingerprint = fingerprint(deliver);
    return inbound;
}

}  // namespace

std::vector<smpp::ShortMessage> to_submits(const store::Outbound& message, std::uint8_t reference,
                                           base::Time now)
{
    message::Segments segments = message::segments_of(message.content);
    smpp::ShortMessage submit;
    submit.source = source_address(message);
    submit.destination = {1, 1, message.destination};
    submit.registered_delivery = registered_delivery_final;
    submit.data_coding =
        segments.encoding == message::Encoding::ucs2 ? data_coding_ucs2 : data_coding_default;
    if (message.expiry) submit.validity_period = validity(*message.expiry, now);

    std::vector<smpp::ShortMessage> submits(segments.parts.size(), submit);
    auto total = static_cast<std::uint8_t>(segments.parts.size());
    for (std::size_t i = 0; i < submits.size(); ++i) {
        submits[i].short_message = std::move(segments.parts[i]);
        if (total == 1) continue;
        submits[i].esm_class = esm::udh_indicator;
        submits[i].short_message.insert(0, message::udh8(reference, total, static_cast<std::uint8_t>(i + 1)));
    }
    return submits;
}

Delivered from_deliver(const smpp::ShortMessage& deliver, base::Time now)
{
    if (is_receipt(deliver)) return receipt_from(deliver, now);
    if ((deliver.esm_class & esm::type_mask) != 0) return Nothing{};  // acknowledgements between handsets
    return inbound_from(deliver, now);
}

Answer meaning_of(std::uint32_t command_status)
{
    namespace status = smpp::status;
    switch (command_status) {
    case status::ok: return {Verdict::accepted, Code::submitted};
    case status::throttled:
    case status::queue_full: return {Verdict::slow_down, Code::none};
    case status::system_error:
    case status::temporary_failure:
    case status::invalid_bind_state: return {Verdict::retry, Code::none};
    case status::invalid_source:
    case status::invalid_source_ton:
    case status::invalid_source_npi: return {Verdict::reject, Code::invalid_source};
    case status::invalid_destination:
    case status::invalid_destination_ton:
    case status::invalid_destination_npi: return {Verdict::reject, Code::invalid_destination};
    case status::invalid_message_length:
    case status::invalid_data_coding:
    case status::invalid_esm_class:
        return {Verdict::reject, Code::discarded};  // a fault of ours or of the link's setting
    default: return {Verdict::reject, Code::rejected_by_carrier};
    }
}

}  // namespace tidings::relay
