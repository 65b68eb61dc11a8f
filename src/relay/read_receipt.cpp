// SPDX-License-Identifier: Apache-2.0
#include "relay/read_receipt.hpp"

#include "base/utf8.hpp"
#include "message/limits.hpp"
#include "message/receipt.hpp"
#include "message/receipt_words.hpp"
#include "smpp/esm_class.hpp"
#include "text/charset.hpp"
#include "text/segments.hpp"

#include <fmt/format.h>

namespace tidings::relay {

using message::Code;
namespace esm = smpp::esm;

namespace {

struct Reading {
    std::string text;
    message::ReceiptText fields;
};

// How much of a receipt was found: its word is worth more than its id, which a parameter may have, too.
int merit(const message::ReceiptText& fields) { return 2 * !fields.stat.empty() + !fields.id.empty(); }

// Keeps of all that is tried the reading that shows most of a receipt, the first of several.
class BestReading {
public:
    explicit BestReading(const Dialect& dialect) : dialect_(dialect) {}

    // One way in which the octets may be put into the PDU.
    void consider(std::string_view octets, text::TextHeader header)
    {
        using text::Charset;
        if (octets.empty()) return;
        consider(std::string(octets));  // ASCII, as nearly always
        if (is_whole()) return;
        consider(text::to_utf8(Charset::ucs2, octets));
        consider(text::to_utf8(Charset::ucs2, with_octets_swapped(octets)));
        if (dialect_.charset == Charset::gsm7_packed)
            consider(text::to_utf8(Charset::gsm7_packed, octets, header));
    }
    bool is_whole() const { return merit(best_.fields) == merit_max; }
    Reading take() { return std::move(best_); }

private:
    static constexpr int merit_max = 3;

    void consider(std::string text)
    {
        constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
        if (text.starts_with(byte_order_mark)) text.erase(0, byte_order_mark.size());
        message::ReceiptText fields = message::parse_receipt(text);
        bool is_better = merit(fields) > merit(best_.fields);
        if (is_better || best_.text.empty()) best_ = {std::move(text), std::move(fields)};
    }
    static std::string with_octets_swapped(std::string_view octets)
    {
        std::string swapped(octets);
        for (std::size_t i = 0; i + 1 < swapped.size(); i += 2) std::swap(swapped[i], swapped[i + 1]);
        return swapped;
    }

    const Dialect& dialect_;
    Reading best_;
};

Reading read_text(const Dialect& dialect, const smpp::ShortMessage& deliver)
{
    BestReading best(dialect);
    const std::string* payload = smpp::find(deliver.tlvs, smpp::tag::message_payload);
    for (std::string_view octets : {std::string_view(deliver.short_message),
                                    payload ? std::string_view(*payload) : std::string_view()}) {
        if (deliver.esm_class & esm::udh_indicator) {
            text::UserData data = text::parse_user_data(octets);
            best.consider(data.text, data.header);
        }
        if (!best.is_whole()) best.consider(octets, {});
        if (best.is_whole()) break;
    }
    return best.take();
}

// Where the text and the parameter disagree the parameter counts, unless it is one that older carriers fill
// with nothing, or the link's own table has the word.
std::optional<message::Outcome> outcome_of(const Dialect& dialect, std::string_view stat,
                                           std::optional<std::uint32_t> state)
{
    auto told = message::outcome_of(stat, dialect.receipt_states);
    if (!state) return told;
    bool text_counts =
        message::is_state_of_version_5(*state) || dialect.receipt_states.contains(message::folded_word(stat));
    if (told && text_counts) return told;
    auto by_state = message::outcome_of_state(*state);
    return by_state ? by_state : told;
}

// What the carrier said that nobody understands, for people.
std::string unknown_word(std::string_view stat, std::optional<std::uint32_t> state)
{
    if (stat.empty()) return state ? fmt::format("message_state {}", *state) : std::string();
    std::string word = base::escaped(message::folded_word(stat));
    word.resize(base::utf8_prefix(word, message::receipt_word_max).size());
    return word;
}

// What the link's table makes of the network's error, in the text or else in its parameter.
Code code_of_error(const Dialect& dialect, std::string_view err, const smpp::Tlvs& tlvs)
{
    if (dialect.errors.empty()) return Code::undeliverable;
    auto found = dialect.errors.find(message::canonical_id(err));
    if (found == dialect.errors.end())
        if (auto error = smpp::network_error(tlvs))
            found = dialect.errors.find(fmt::format("{}", error->code));
    return found == dialect.errors.end() ? Code::undeliverable : found->second;
}

// When it happened, if the carrier's date can be true: some write nonsense, or the two dates the wrong way
// round.
base::Time happened_at(const Dialect& dialect, const message::ReceiptText& text, base::Time now)
{
    constexpr auto age_max = std::chrono::days(45);  // a message lives as long
    constexpr auto ahead_max = std::chrono::minutes(5);
    constexpr std::size_t without_seconds = 10;
    if (!dialect.zone) return now;
    auto submitted = message::receipt_time(text.submit_date, *dialect.zone);
    auto done = message::receipt_time(text.done_date, *dialect.zone);
    if (!done || *done < now - age_max || *done > now + ahead_max || (submitted && *submitted > *done))
        return now;
    // The end of its minute, so that nothing happens before the submit.
    if (text.done_date.size() == without_seconds) *done += std::chrono::seconds(59);
    return std::min(*done, now);
}

// Whether it is one, by its mark, by the parameter that only receipts have, or by its text where the link
// says that the text may be believed. The parameter beside a text that says nothing of a status is what some
// carriers add to a handset's answer.
bool is_receipt(const Dialect& dialect, const smpp::ShortMessage& deliver, const Reading& reading)
{
    std::uint8_t type = deliver.esm_class & esm::type_mask;
    if (type == esm::receipt || type == esm::intermediate) return true;
    if (!smpp::text(deliver.tlvs, smpp::tag::receipted_message_id).empty())
        return !reading.fields.stat.empty() || smpp::find(deliver.tlvs, smpp::tag::message_state);
    return type == 0 && dialect.unmarked_receipts && message::looks_like_receipt(reading.text);
}

bool may_be_receipt(const Dialect& dialect, const smpp::ShortMessage& deliver)
{
    std::uint8_t type = deliver.esm_class & esm::type_mask;
    return type == esm::receipt || type == esm::intermediate || dialect.unmarked_receipts ||
           smpp::find(deliver.tlvs, smpp::tag::receipted_message_id);
}

}  // namespace

std::optional<store::Receipt> read_receipt(const Dialect& dialect, const smpp::ShortMessage& deliver,
                                           base::Time now)
{
    if (!may_be_receipt(dialect, deliver)) return {};
    Reading reading = read_text(dialect, deliver);
    if (!is_receipt(dialect, deliver, reading)) return {};

    const message::ReceiptText& text = reading.fields;
    store::Receipt receipt;
    receipt.carrier_id = smpp::text(deliver.tlvs, smpp::tag::receipted_message_id);
    if (receipt.carrier_id.empty())
        receipt.carrier_id = text.id;
    else if (receipt.carrier_id != text.id)
        receipt.other_id = text.id;
    auto state = smpp::number(deliver.tlvs, smpp::tag::message_state);
    if (auto outcome = outcome_of(dialect, text.stat, state)) {
        receipt.code = outcome->code;
        receipt.provisional = outcome->provisional;
    } else {
        receipt.word = unknown_word(text.stat, state);
    }
    if (receipt.code == Code::undeliverable && !receipt.provisional)
        receipt.code = code_of_error(dialect, text.err, deliver.tlvs);
    receipt.at = happened_at(dialect, text, now);
    return receipt;
}

}  // namespace tidings::relay
