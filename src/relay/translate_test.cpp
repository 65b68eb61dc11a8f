// SPDX-License-Identifier: Apache-2.0
#include "relay/translate.hpp"

#include <gtest/gtest.h>

namespace tidings::relay {

using message::Code;
using message::SourceType;

namespace {

const base::Time now = *base::parse_iso("2026-11-20T10:00:00Z");

store::Outbound outbound(std::string content)
{
    store::Outbound message;
    message.content = std::move(content);
    message.destination = "61491570156";
    message.sender = "61491570157";
    return message;
}

smpp::ShortMessage from_handset(std::string text)
{
    smpp::ShortMessage deliver;
    deliver.source = {1, 1, "61491570156"};
    deliver.destination = {1, 1, "61491570157"};
    deliver.short_message = std::move(text);
    return deliver;
}

smpp::ShortMessage receipt(std::string text)
{
    smpp::ShortMessage deliver = from_handset(std::move(text));
    deliver.esm_class = 0x04;
    return deliver;
}

}  // namespace

TEST(Translate, ShortTextIsOneSubmitThatAsksForAReceipt)
{
    auto submits = to_submits(outbound("Hello"), 7, now);
    ASSERT_EQ(submits.size(), 1u);
    EXPECT_EQ(submits[0].short_message, "Hello");
    EXPECT_EQ(submits[0].data_coding, 0);
    EXPECT_EQ(submits[0].esm_class, 0);
    EXPECT_EQ(submits[0].registered_delivery, 1);
    EXPECT_EQ(submits[0].destination, (smpp::Address{1, 1, "61491570156"}));
    EXPECT_EQ(submits[0].validity_period, "");
}

TEST(Translate, LongTextIsSplitUnderOneReference)
{
    auto submits = to_submits(outbound(std::string(161, 'a')), 7, now);
    ASSERT_EQ(submits.size(), 2u);
    EXPECT_EQ(submits[0].esm_class, 0x40);
    EXPECT_EQ(submits[0].short_message, std::string("\x05\x00\x03\x07\x02\x01", 6) + std::string(153, 'a'));
    EXPECT_EQ(submits[1].short_message, std::string("\x05\x00\x03\x07\x02\x02", 6) + std::string(8, 'a'));
}

TEST(Translate, WhatGsmLacksGoesAsUcs2)
{
    auto submits = to_submits(outbound("я"), 7, now);
    EXPECT_EQ(submits[0].data_coding, 8);
    EXPECT_EQ(submits[0].short_message, "\x04\x4F");
}

TEST(Translate, SendersAreNamedByTheirKind)
{
    store::Outbound message = outbound("Hello");
    message.sender = "Tidings";
    message.sender_type = SourceType::alphanumeric;
    EXPECT_EQ(to_submits(message, 0, now)[0].source, (smpp::Address{5, 0, "Tidings"}));
    message.sender = "12345";
    message.sender_type = SourceType::shortcode;
    EXPECT_EQ(to_submits(message, 0, now)[0].source, (smpp::Address{3, 0, "12345"}));
}

TEST(Translate, ExpiryTravelsAsRelativeValidity)
{
    store::Outbound message = outbound("Hello");
    message.expiry = now + std::chrono::days(1) + std::chrono::hours(2) + std::chrono::seconds(3);
    EXPECT_EQ(to_submits(message, 0, now)[0].validity_period, "000001020003000R");
    message.expiry = now + std::chrono::seconds(1);
    EXPECT_EQ(to_submits(message, 0, now)[0].validity_period, "000000000100000R");
}

TEST(Translate, ReceiptSpeaksOfTheMessageAndNotOfItself)
{
    auto delivered = from_deliver(receipt("id:00A7 sub:001 dlvrd:001 stat:DELIVRD err:000 text:Hi"), now);
    const auto& found = std::get<store::Receipt>(delivered);
    EXPECT_EQ(found.carrier_id, "00A7");
    EXPECT_EQ(found.code, Code::delivered);
    EXPECT_EQ(found.source, "61491570157");
    EXPECT_EQ(found.destination, "61491570156");
    EXPECT_EQ(found.at, now);
}

TEST(Translate, ReceiptParametersWinOverItsText)
{
    smpp::ShortMessage deliver = receipt("id:1 stat:DELIVRD");
    deliver.tlvs = {smpp::tlv_text(smpp::tag::receipted_message_id, "2"),
                    smpp::tlv8(smpp::tag::message_state, 5)};
    auto found = std::get<store::Receipt>(from_deliver(deliver, now));
    EXPECT_EQ(found.carrier_id, "2");
    EXPECT_EQ(found.code, Code::undeliverable);
}

TEST(Translate, AHandsetCannotForgeAReceipt)
{
    auto delivered = from_deliver(from_handset("id:1 stat:DELIVRD"), now);
    EXPECT_EQ(std::get<store::Inbound>(delivered).content, "id:1 stat:DELIVRD");
}

TEST(Translate, ReceiptInWordsNobodyKnowsIsNothing)
{
    EXPECT_TRUE(std::holds_alternative<Nothing>(from_deliver(receipt("id:1 stat:SINGING"), now)));
}

TEST(Translate, PartsOfAReplyAreRecognisedByHeaderAndByParameters)
{
    smpp::ShortMessage by_header = from_handset(std::string("\x05\x00\x03\x2A\x02\x01", 6) + "Hello ");
    by_header.esm_class = 0x40;
    auto part = std::get<store::Inbound>(from_deliver(by_header, now));
    EXPECT_EQ(part.content, "Hello ");
    EXPECT_EQ(part.part, (message::PartOf{42, 2, 1}));

    smpp::ShortMessage by_parameters = from_handset("world");
    by_parameters.tlvs = {smpp::tlv16(smpp::tag::sar_msg_ref_num, 300),
                          smpp::tlv8(smpp::tag::sar_total_segments, 2),
                          smpp::tlv8(smpp::tag::sar_segment_seqnum, 2)};
    part = std::get<store::Inbound>(from_deliver(by_parameters, now));
    EXPECT_EQ(part.part, (message::PartOf{300, 2, 2}));
}

TEST(Translate, ARedeliveryHasTheSameFingerprintAndAnotherTextAnotherOne)
{
    auto fingerprint = [](std::string text) {
        return std::get<store::Inbound>(from_deliver(from_handset(std::move(text)), now)).fingerprint;
    };
    EXPECT_EQ(fingerprint("yes"), fingerprint("yes"));
    EXPECT_NE(fingerprint("yes"), fingerprint("no"));
}

TEST(Translate, EveryStatusHasItsMeaning)
{
    EXPECT_EQ(meaning_of(smpp::status::ok).verdict, Verdict::accepted);
    EXPECT_EQ(meaning_of(smpp::status::throttled).verdict, Verdict::slow_down);
    EXPECT_EQ(meaning_of(smpp::status::system_error).verdict, Verdict::retry);
    EXPECT_EQ(meaning_of(smpp::status::invalid_source).code, Code::invalid_source);
    EXPECT_EQ(meaning_of(smpp::status::invalid_destination).code, Code::invalid_destination);
    EXPECT_EQ(meaning_of(smpp::status::invalid_message_length).code, Code::discarded);
    EXPECT_EQ(meaning_of(0x0499).code, Code::rejected_by_carrier);  // a carrier's own
}

}  // namespace tidings::relay
