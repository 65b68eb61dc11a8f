// SPDX-License-Identifier: Apache-2.0
// Receipts have the form of SMPP 3.4, appendix B, and the parameters that newer ESMEs read. Their text may
// hold only what is the same in ASCII and in the GSM alphabet, since an ESME may take data_coding 0 for
// either.
//
// A message of a handset is cut as a handset would cut it: GSM 7-bit if it fits, else UCS-2, with a
// reference of eight bits.
#include "sandbox/delivery.hpp"

#include "base/utf8.hpp"
#include "smpp/esm_class.hpp"
#include "text/segments.hpp"

#include <fmt/format.h>

namespace tidings::sandbox {

namespace {

constexpr std::uint8_t asks_for_intermediate = 0x10;  // in registered_delivery
constexpr std::uint8_t data_coding_ucs2 = 0x08;
constexpr std::size_t receipt_characters_max = 20;

bool same_in_ascii_and_gsm7(char32_t c)
{
    if (c >= U'a' && c <= U'z') return true;
    if (c >= U'A' && c <= U'Z') return true;
    // From the blank to the question mark the two alphabets differ in one place: in GSM 0x24 is the currency
    // sign.
    return (c >= U' ' && c <= U'?' && c != U'$');
}

std::string receipt_excerpt(std::string_view text)
{
    std::string out;
    while (!text.empty() && out.size() < receipt_characters_max) {
        char32_t c = base::take_code_point(text);
        out += same_in_ascii_and_gsm7(c) ? static_cast<char>(c) : '?';
    }
    return out;
}

std::string receipt_date(base::Time time)
{
    auto day = std::chrono::floor<std::chrono::days>(time);
    std::chrono::year_month_day date(day);
    std::chrono::hh_mm_ss clock(time - day);
    return fmt::format("{:02}{:02}{:02}{:02}{:02}", static_cast<int>(date.year()) % 100,
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                       clock.hours().count(), clock.minutes().count());
}

}  // namespace

std::string receipt_text(const Receipted& receipted)
{
    return fmt::format("id:{} sub:001 dlvrd:{} submit date:{} done date:{} stat:{} err:{} text:{}",
                       receipted.id,
                       receipted.state.number == state_of(Outcome::delivered).number ? "001" : "000",
                       receipt_date(receipted.submitted), receipt_date(receipted.done), receipted.state.stat,
                       receipted.err, receipt_excerpt(receipted.text));
}

Delivery receipt_for(const Receipted& receipted, const smpp::ShortMessage& submitted)
{
    Delivery out;
    out.due = receipted.done;
    out.source = submitted.destination;
    out.destination = submitted.source;
    out.esm_class = smpp::esm::receipt;
    out.octets = receipt_text(receipted);
    out.receipted_id = receipted.id;
    out.state = receipted.state.number;
    return out;
}

Delivery intermediate_for(const Receipted& receipted, const smpp::ShortMessage& submitted)
{
    Delivery out = receipt_for(receipted, submitted);
    // To the others it comes as an ordinary receipt, as careless carriers send it: an ESME has to cope with
    // both.
    if (submitted.registered_delivery & asks_for_intermediate) out.esm_class = smpp::esm::intermediate;
    return out;
}

std::vector<Delivery> deliveries_of(const smpp::Address& from, const smpp::Address& to,
                                    std::string_view content, std::uint8_t reference)
{
    text::Segments segments = text::segments_of(content);
    auto total = static_cast<std::uint8_t>(segments.parts.size());
    std::vector<Delivery> out;
    for (std::string& part : segments.parts) {
        Delivery delivery;
        delivery.source = from;
        delivery.destination = to;
        delivery.data_coding = segments.charset == text::Charset::ucs2 ? data_coding_ucs2 : 0;
        if (total > 1) {
            delivery.esm_class = smpp::esm::udh_indicator;
            delivery.octets = text::udh8(reference, total, static_cast<std::uint8_t>(out.size() + 1));
        }
        delivery.octets += part;
        out.push_back(std::move(delivery));
    }
    return out;
}

smpp::ShortMessage pdu_of(const Delivery& delivery)
{
    smpp::ShortMessage out;
    out.source = delivery.source;
    out.destination = delivery.destination;
    out.esm_class = delivery.esm_class;
    out.data_coding = delivery.data_coding;
    out.short_message = delivery.octets;
    // Both forms in one PDU, text and parameters: ESMEs read the one or the other.
    if (!delivery.receipted_id.empty()) {
        out.tlvs.push_back(smpp::tlv_text(smpp::tag::receipted_message_id, delivery.receipted_id));
        out.tlvs.push_back(smpp::tlv8(smpp::tag::message_state, delivery.state));
    }
    return out;
}

}  // namespace tidings::sandbox
