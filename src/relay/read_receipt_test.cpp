// SPDX-License-Identifier: Apache-2.0
#include "relay/read_receipt.hpp"

#include "message/limits.hpp"
#include "support/delivered.hpp"
#include "text/charset.hpp"

#include <gtest/gtest.h>

#include <initializer_list>

namespace tidings::relay {

using message::Code;
using test::from_handset;
using test::receipt;

namespace {

using Octets = std::initializer_list<std::uint8_t>;

const base::Time read_at = *base::parse_iso("2026-11-20T10:00:00Z");

store::Receipt read(const Dialect& dialect, const smpp::ShortMessage& deliver)
{
    return read_receipt(dialect, deliver, read_at).value();
}

// The receipt in each of the places where it may stand, and with each data_coding.
std::vector<smpp::ShortMessage> dressings(const std::string& octets)
{
    const std::string header("\x05\x00\x03\x07\x02\x01", 6);
    std::vector<smpp::ShortMessage> all;
    for (std::uint8_t data_coding : Octets{0, 1, 3, 4, 5, 8, 0x0E, 0x18, 0x48, 0xF1, 0xFF}) {
        smpp::ShortMessage plain = receipt(octets);
        plain.data_coding = data_coding;
        smpp::ShortMessage with_header = plain;
        with_header.short_message = header + octets;
        with_header.esm_class |= 0x40;
        all.push_back(plain);
        all.push_back(with_header);
        for (smpp::ShortMessage message : {plain, with_header}) {
            std::string text = std::exchange(message.short_message, {});
            message.tlvs.push_back({smpp::tag::message_payload, std::move(text)});
            all.push_back(message);
        }
    }
    return all;
}

std::string with_octets_swapped(std::string octets)
{
    for (std::size_t i = 0; i + 1 < octets.size(); i += 2) std::swap(octets[i], octets[i + 1]);
    return octets;
}

}  // namespace

TEST(ReadReceipt, AReceiptIsReadWhereverItStandsAndWhateverItsDataCodingSays)
{
    const std::string text = "id:A7 sub:001 dlvrd:000 stat:EXPIRED err:000 text:";
    const std::string ucs2 = text::from_utf8(text::Charset::ucs2, text).value();
    for (const std::string& octets : {text, ucs2, with_octets_swapped(ucs2), "\xFE\xFF" + ucs2})
        for (const smpp::ShortMessage& deliver : dressings(octets)) {
            auto found = read({}, deliver);
            EXPECT_EQ(found.carrier_id, "A7") << int{deliver.data_coding} << ' ' << int{deliver.esm_class};
            EXPECT_EQ(found.code, Code::expired_at_carrier);
        }
}

TEST(ReadReceipt, AReceiptMayBePackedWhereTheLinkIs)
{
    Dialect packed{.charset = text::Charset::gsm7_packed};
    const std::string text = "id:A7 stat:EXPIRED";
    auto octets = text::from_utf8(text::Charset::gsm7_packed, text).value();
    for (const std::string& each : {text, octets}) EXPECT_EQ(read(packed, receipt(each)).carrier_id, "A7");
}

TEST(ReadReceipt, AStateCountsAsFarAsItsVersionGoes)
{
    auto code = [](std::string text, smpp::Tlv state) {
        smpp::ShortMessage deliver = receipt(std::move(text));
        deliver.tlvs = {std::move(state)};
        return read({}, deliver).code;
    };
    auto tag = smpp::tag::message_state;
    EXPECT_EQ(code("id:1 stat:DELIVRD", smpp::tlv8(tag, 5)), Code::undeliverable);
    for (std::uint8_t state : Octets{0, 9, 10, 50, 255})
        EXPECT_EQ(code("id:1 stat:DELIVRD", smpp::tlv8(tag, state)), Code::delivered) << int{state};
    EXPECT_EQ(code("id:1", smpp::tlv8(tag, 0)), Code::scheduled_at_carrier);
    EXPECT_EQ(code("id:1 stat:PARKED", smpp::tlv8(tag, 9)), Code::skipped_by_carrier);
    EXPECT_EQ(code("id:1", smpp::tlv8(tag, 10)), Code::none);
    EXPECT_EQ(code("id:1", smpp::tlv16(tag, 0x102)), Code::none) << "which is no 2";
    EXPECT_EQ(code("id:1 stat:DELIVRD", {tag, ""}), Code::delivered);
}

TEST(ReadReceipt, AWordThatNobodyKnowsIsKeptAndChangesNothing)
{
    auto said = [](std::string text, smpp::Tlvs tlvs = {}) {
        smpp::ShortMessage deliver = receipt(std::move(text));
        deliver.tlvs = std::move(tlvs);
        return read({}, deliver);
    };
    EXPECT_EQ(said("id:1 stat:parked err:005").code, Code::none);
    EXPECT_EQ(said("id:1 stat:parked err:005").word, "PARKED");
    EXPECT_EQ(said("id:1 stat:\xE9\x01").word, "\\xE9\\x01");
    EXPECT_EQ(said("id:1 stat:" + std::string(200, 'X')).word.size(), message::receipt_word_max);
    EXPECT_EQ(said("id:1", {smpp::tlv8(smpp::tag::message_state, 12)}).word, "message_state 12");
    EXPECT_EQ(said("Hello").word, "");
    EXPECT_EQ(said("Hello").carrier_id, "");
}

TEST(ReadReceipt, ALinkMaySayWhatItsWordsMean)
{
    Dialect dialect{.receipt_states = {{"PARKED", Code::pending}, {"NOCRED", Code::unreachable}}};
    smpp::ShortMessage deliver = receipt("id:1 stat:parked");
    EXPECT_EQ(read(dialect, deliver).code, Code::pending);
    deliver = receipt("id:1 stat:NOCRED");
    deliver.tlvs = {smpp::tlv8(smpp::tag::message_state, 5)};
    EXPECT_EQ(read(dialect, deliver).code, Code::unreachable);
    EXPECT_EQ(read({}, deliver).code, Code::undeliverable);
}

TEST(ReadReceipt, AParameterWithAnIdMakesAReceiptWhateverItsMark)
{
    for (std::uint8_t esm_class : Octets{0x00, 0x04, 0x08, 0x10, 0x18, 0x20, 0x03}) {
        smpp::ShortMessage deliver = from_handset("stat:DELIVRD");
        deliver.esm_class = esm_class;
        deliver.tlvs = {smpp::tlv_text(smpp::tag::receipted_message_id, "a7")};
        EXPECT_EQ(read({}, deliver).code, Code::delivered);
        deliver.short_message.clear();
        deliver.tlvs.push_back(smpp::tlv8(smpp::tag::message_state, 2));
        EXPECT_EQ(read({}, deliver).carrier_id, "a7");
    }
    smpp::ShortMessage answer = from_handset("Yes");
    answer.tlvs = {smpp::tlv_text(smpp::tag::receipted_message_id, "a7")};
    EXPECT_FALSE(read_receipt({}, answer, read_at));
    answer = from_handset("id:1 stat:DELIVRD");
    answer.tlvs = {smpp::tlv_text(smpp::tag::receipted_message_id, "")};
    EXPECT_FALSE(read_receipt({}, answer, read_at));
}

TEST(ReadReceipt, ParameterAndTextMayNameDifferentIds)
{
    auto ids = [](const char* parameter, std::string text) {
        smpp::ShortMessage deliver = receipt(std::move(text));
        if (*parameter) deliver.tlvs = {smpp::tlv_text(smpp::tag::receipted_message_id, parameter)};
        auto found = read({}, deliver);
        return found.carrier_id + "|" + found.other_id;
    };
    EXPECT_EQ(ids("a", "id:b stat:DELIVRD"), "a|b");
    EXPECT_EQ(ids("a", "id:a stat:DELIVRD"), "a|");
    EXPECT_EQ(ids("a", "stat:DELIVRD"), "a|");
    EXPECT_EQ(ids("", "id:b stat:DELIVRD"), "b|");
    EXPECT_EQ(ids("", "stat:DELIVRD"), "|");
}

}  // namespace tidings::relay
