// SPDX-License-Identifier: Apache-2.0
#include "relay/translate.hpp"

#include "base/digest.hpp"
#include "base/utf8.hpp"
#include "message/limits.hpp"
#include "message/national_plan.hpp"
#include "relay/read_receipt.hpp"
#include "smpp/esm_class.hpp"
#include "text/address.hpp"
#include "text/charset.hpp"
#include "text/joined.hpp"
#include "text/segments.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace tidings::relay {

using message::Code;
using message::SourceType;
namespace esm = smpp::esm;

namespace {

constexpr std::uint8_t registered_delivery_final = 0x01;
constexpr std::uint8_t data_coding_ucs2 = 0x08;

smpp::Address address_of(NumberType type, std::string number)
{
    return {type.ton, type.npi, std::move(number)};
}

// Of a number in digits of E.164, in the form of the link.
smpp::Address number_address(const Dialect& dialect, const std::string& digits)
{
    switch (dialect.number_form) {
    case NumberForm::digits: return address_of(dialect.international, digits);
    case NumberForm::plus: return address_of(dialect.international, "+" + digits);
    case NumberForm::national: {
        std::string national = message::national_digits(digits, dialect.country);
        return address_of(national == digits ? dialect.international : dialect.national, national);
    }
    }
    std::abort();
}

smpp::Address source_address(const Dialect& dialect, const store::Outbound& message)
{
    switch (message.sender_type) {
    case SourceType::international:
        // Without a sender the carrier chooses one.
        if (message.sender.empty()) return address_of(dialect.international, {});
        return number_address(dialect, message::digits_of(message.sender));
    case SourceType::alphanumeric:
        return address_of(dialect.alphanumeric,
                          text::address_octets(dialect.charset, message.sender).value_or(""));
    case SourceType::shortcode: return address_of(dialect.shortcode, message.sender);
    }
    std::abort();
}

// SMPP 3.4, 7.1.1. Relative to the carrier's clock where it understands that, so that ours does not matter:
// days, hours, minutes, seconds.
std::string validity(const Dialect& dialect, base::Time expiry, base::Time now)
{
    using namespace std::chrono;
    // Carriers refuse a validity of nothing, and some one that is longer than theirs: the dialect has the
    // bounds.
    auto left = std::clamp(floor<seconds>(expiry - now), dialect.validity_min, dialect.validity_max);
    if (dialect.absolute_validity) {
        auto end = floor<seconds>(now) + left;
        year_month_day date(floor<days>(end));
        hh_mm_ss clock(end - floor<days>(end));
        constexpr int century = 100;
        return fmt::format("{:02}{:02}{:02}{:02}{:02}{:02}000+", static_cast<int>(date.year()) % century,
                           static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                           clock.hours().count(), clock.minutes().count(), clock.seconds().count());
    }
    hh_mm_ss clock(left % days(1));
    return fmt::format("0000{:02}{:02}{:02}{:02}000R", left / days(1), clock.hours().count(),
                       clock.minutes().count(), clock.seconds().count());
}

// Puts part `i` of `segments` where the link wants it.
void put_part(smpp::ShortMessage& submit, text::Segments& segments, std::size_t i, text::LongForm form,
              std::uint16_t reference)
{
    using text::LongForm;
    auto total = static_cast<std::uint8_t>(segments.parts.size());
    auto sequence = static_cast<std::uint8_t>(i + 1);
    submit.short_message = std::move(segments.parts[i]);
    if (total == 1) return;
    switch (form) {
    case LongForm::udh8:
        submit.esm_class = esm::udh_indicator;
        submit.short_message.insert(0, text::udh8(static_cast<std::uint8_t>(reference), total, sequence));
        return;
    case LongForm::udh16:
        submit.esm_class = esm::udh_indicator;
        submit.short_message.insert(0, text::udh16(reference, total, sequence));
        return;
    case LongForm::sar:
        submit.tlvs = {smpp::tlv16(smpp::tag::sar_msg_ref_num, reference),
                       smpp::tlv8(smpp::tag::sar_total_segments, total),
                       smpp::tlv8(smpp::tag::sar_segment_seqnum, sequence)};
        return;
    case LongForm::payload: break;  // never cut
    }
    std::abort();
}

// The digits of a handset's or of our number, in E.164 where the link has a country, or a name. The carrier
// may have written any octets.
std::string number_from(const Dialect& dialect, const smpp::Address& address)
{
    constexpr std::uint8_t ton_national = 2, ton_alphanumeric = 5;  // SMPP 3.4, 5.2.5
    std::string text;
    if (address.ton == ton_alphanumeric)
        text = base::escaped(message::digits_of(text::address_text(dialect.charset, address.number)));
    else
        text = base::escaped(message::e164_digits(
            address.number, dialect.country,
            address.ton == ton_national ? message::Written::nationally : message::Written::anyhow));
    text.resize(base::utf8_prefix(text, message::sender_max).size());
    return text;
}

std::optional<text::PartOf> sar_part(const smpp::Tlvs& tlvs)
{
    auto sar = smpp::sar(tlvs);
    if (!sar) return {};
    return text::PartOf{sar->reference, sar->total, sar->sequence, true};
}

// Everything that makes a deliver_sm what it is. The sequence number is not part of it: a redelivery has
// another one.
base::Sha256 fingerprint(const smpp::ShortMessage& deliver)
{
    std::string bytes = fmt::format("{}\n{}\n{} {}\n", deliver.source.number, deliver.destination.number,
                                    deliver.esm_class, deliver.data_coding);
    for (const smpp::Tlv& tlv : deliver.tlvs) bytes += fmt::format("{}={}\n", tlv.tag, tlv.value);
    // Whatever else a redelivery may change, times and priority say, is left out.
    bytes += deliver.payload();
    return base::sha256(bytes);
}

// Some carriers say ASCII of GSM 7-bit text; where a header names its language, there is no doubt. Nothing:
// the octets are said to be no text.
std::optional<text::Charset> charset_of(const Dialect& dialect, std::uint8_t data_coding,
                                        text::Languages languages)
{
    using text::Charset;
    if (data_coding == dialect.data_coding) return dialect.charset;
    auto charset = text::charset_of(data_coding, dialect.charset);
    return charset == Charset::ascii && languages != text::Languages{} ? Charset::gsm7 : charset;
}

// Whether octets that are said to be no text look as if they were. Some carriers know one data_coding only.
bool is_latin1(std::string_view octets)
{
    return std::ranges::all_of(octets, [](unsigned char c) {
        return (c >= 0x20 && c < 0x7F) || c >= 0xA0 || c == '\r' || c == '\n' || c == '\t';
    });
}

// A part becomes text with the others, and remains octets until then.
void put_text(store::Inbound& inbound, text::Charset charset, std::string_view octets,
              text::TextHeader header)
{
    if (inbound.part) {
        octets = octets.substr(0, message::reply_content_max);
        text::CodedPart part = text::coded_part(inbound.part->sequence, charset, octets, header);
        inbound.content = std::move(part.octets);
        inbound.coding = part.coding;
    } else {
        inbound.content = text::to_utf8(charset, octets, header);
        inbound.content.resize(base::utf8_prefix(inbound.content, message::reply_content_max).size());
    }
}

// What is no text is kept rather than dropped: as what it looks like, or else in hexadecimal.
void put_data(store::Inbound& inbound, std::uint8_t data_coding, std::string_view octets)
{
    bool is_text = is_latin1(octets);
    inbound.oddity = fmt::format("a reply came as data, data_coding {:02X}; kept {}", data_coding,
                                 is_text ? "octet by octet" : "in hexadecimal");
    if (is_text) return put_text(inbound, text::Charset::latin1, octets, {});
    put_text(inbound, text::Charset::utf8, base::to_hex(octets), {});
}

store::Inbound inbound_from(const Dialect& dialect, const smpp::ShortMessage& deliver, base::Time now)
{
    text::UserData data{.part = {}, .header = {}, .text = deliver.payload()};
    if (deliver.esm_class & esm::udh_indicator) data = text::parse_user_data(deliver.payload());
    if (!data.part) data.part = sar_part(deliver.tlvs);

    store::Inbound inbound;
    inbound.source = number_from(dialect, deliver.source);
    inbound.destination = number_from(dialect, deliver.destination);
    if (data.part && data.part->total > 1) inbound.part = data.part;
    if (auto charset = charset_of(dialect, deliver.data_coding, data.header.languages))
        put_text(inbound, *charset, data.text, data.header);
    else
        put_data(inbound, deliver.data_coding, data.text);
    inbound.received_at = now;
    inbound.fingerprint = fingerprint(deliver);
    return inbound;
}

}  // namespace

std::vector<smpp::ShortMessage> to_submits(const Dialect& dialect, const store::Outbound& message,
                                           std::uint16_t reference, base::Time now)
{
    text::Segments segments = text::segments_of(message.content, dialect.charset, dialect.long_form);
    smpp::ShortMessage submit;
    submit.source = source_address(dialect, message);
    submit.destination = number_address(dialect, message.destination);
    // Always, whether the application asked for reports or not: the status of a message is known by receipts
    // alone.
    submit.registered_delivery = registered_delivery_final;
    submit.data_coding = segments.charset == text::Charset::ucs2 ? data_coding_ucs2 : dialect.data_coding;
    if (message.expiry) submit.validity_period = validity(dialect, *message.expiry, now);

    std::vector<smpp::ShortMessage> submits(segments.parts.size(), submit);
    for (std::size_t i = 0; i < submits.size(); ++i)
        put_part(submits[i], segments, i, dialect.long_form, reference);
    // A text of one segment stays in short_message, which every carrier reads.
    if (dialect.long_form == text::LongForm::payload &&
        text::count_segments(message.content, segments.charset) > 1)
        submits[0].tlvs = {{smpp::tag::message_payload, std::exchange(submits[0].short_message, {})}};
    return submits;
}

FromCarrier from_deliver(const Dialect& dialect, const smpp::ShortMessage& deliver, base::Time now)
{
    if (auto receipt = read_receipt(dialect, deliver, now)) {
        // A receipt goes the other way than its message: its destination is the message's source.
        receipt->source = number_from(dialect, deliver.destination);
        receipt->destination = number_from(dialect, deliver.source);
        return *std::move(receipt);
    }
    store::Inbound inbound = inbound_from(dialect, deliver, now);
    // An acknowledgement of a handset or of its user is a message when it has a text.
    bool is_acknowledgement = (deliver.esm_class & esm::type_mask) != 0;
    inbound.is_wordless = is_acknowledgement && inbound.content.empty() && !inbound.part;
    if (inbound.is_wordless)
        inbound.oddity = fmt::format("acknowledged by the handset, esm_class {:02X}", deliver.esm_class);
    return inbound;
}

Meaning meaning_of(std::uint32_t command_status)
{
    namespace status = smpp::status;
    switch (command_status) {
    case status::ok: return {Verdict::accepted, Code::submitted};
    case status::throttled: return {Verdict::slow_down, Code::none};
    case status::queue_full: return {Verdict::full, Code::none};
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
    default: return {Verdict::reroute, Code::rejected_by_carrier};  // it failed, or what carriers invent
    }
}

}  // namespace tidings::relay
