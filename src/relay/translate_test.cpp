// SPDX-License-Identifier: Apache-2.0
#include "relay/translate.hpp"

#include "message/limits.hpp"
#include "support/delivered.hpp"
#include "text/charset.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <boost/algorithm/hex.hpp>

#include <algorithm>
#include <fstream>
#include <map>
#include <sstream>

namespace tidings::relay {

using message::Code;
using message::SourceType;
using test::from_handset;
using test::receipt;

namespace {

const base::Time today = *base::parse_iso("2026-11-20T10:00:00Z");

store::Outbound outbound(std::string content)
{
    store::Outbound message;
    message.content = std::move(content);
    message.destination = "61491570156";
    message.sender = "61491570157";
    return message;
}

}  // namespace

TEST(Translate, ShortTextIsOneSubmitThatAsksForAReceipt)
{
    auto submits = to_submits({}, outbound("Hello"), 7, today);
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
    auto submits = to_submits({}, outbound(std::string(161, 'a')), 7, today);
    ASSERT_EQ(submits.size(), 2u);
    EXPECT_EQ(submits[0].esm_class, 0x40);
    EXPECT_EQ(submits[0].short_message, std::string("\x05\x00\x03\x07\x02\x01", 6) + std::string(153, 'a'));
    EXPECT_EQ(submits[1].short_message, std::string("\x05\x00\x03\x07\x02\x02", 6) + std::string(8, 'a'));
}

TEST(Translate, WhatGsmLacksGoesAsUcs2)
{
    auto submits = to_submits({}, outbound("я"), 7, today);
    EXPECT_EQ(submits[0].data_coding, 8);
    EXPECT_EQ(submits[0].short_message, "\x04\x4F");
}

TEST(Translate, SendersAreNamedByTheirKind)
{
    store::Outbound message = outbound("Hello");
    message.sender = "Tidings";
    message.sender_type = SourceType::alphanumeric;
    EXPECT_EQ(to_submits({}, message, 0, today)[0].source, (smpp::Address{5, 0, "Tidings"}));
    message.sender = "12345";
    message.sender_type = SourceType::shortcode;
    EXPECT_EQ(to_submits({}, message, 0, today)[0].source, (smpp::Address{3, 0, "12345"}));
}

TEST(Translate, ExpiryTravelsAsRelativeValidity)
{
    store::Outbound message = outbound("Hello");
    message.expiry = today + std::chrono::days(1) + std::chrono::hours(2) + std::chrono::seconds(3);
    EXPECT_EQ(to_submits({}, message, 0, today)[0].validity_period, "000001020003000R");
    message.expiry = today + std::chrono::seconds(1);
    EXPECT_EQ(to_submits({}, message, 0, today)[0].validity_period, "000000000100000R");
}

TEST(Translate, ReceiptSpeaksOfTheMessageAndNotOfItself)
{
    auto delivered =
        from_deliver({}, receipt("id:00A7 sub:001 dlvrd:001 stat:DELIVRD err:000 text:Hi"), today);
    const auto& found = std::get<store::Receipt>(delivered);
    EXPECT_EQ(found.carrier_id, "00A7");
    EXPECT_EQ(found.code, Code::delivered);
    EXPECT_EQ(found.source, "61491570157");
    EXPECT_EQ(found.destination, "61491570156");
    EXPECT_EQ(found.at, today);
}

TEST(Translate, ReceiptParametersWinOverItsText)
{
    smpp::ShortMessage deliver = receipt("id:1 stat:DELIVRD");
    deliver.tlvs = {smpp::tlv_text(smpp::tag::receipted_message_id, "2"),
                    smpp::tlv8(smpp::tag::message_state, 5)};
    auto found = std::get<store::Receipt>(from_deliver({}, deliver, today));
    EXPECT_EQ(found.carrier_id, "2");
    EXPECT_EQ(found.code, Code::undeliverable);
}

TEST(Translate, AHandsetCannotForgeAReceipt)
{
    auto delivered = from_deliver({}, from_handset("id:1 stat:DELIVRD"), today);
    EXPECT_EQ(std::get<store::Inbound>(delivered).content, "id:1 stat:DELIVRD");
}

TEST(Translate, ReceiptInWordsNobodyKnowsIsOneAllTheSame)
{
    auto found = std::get<store::Receipt>(from_deliver({}, receipt("id:1 stat:SINGING"), today));
    EXPECT_EQ(found.code, Code::none);
    EXPECT_EQ(found.word, "SINGING");
    EXPECT_EQ(found.destination, "61491570156");
}

TEST(Translate, PartsOfAReplyAreRecognisedByHeaderAndByParameters)
{
    smpp::ShortMessage by_header = from_handset(std::string("\x05\x00\x03\x2A\x02\x01", 6) + "Hello ");
    by_header.esm_class = 0x40;
    auto part = std::get<store::Inbound>(from_deliver({}, by_header, today));
    EXPECT_EQ(part.content, "Hello ");
    EXPECT_EQ(part.part, (text::PartOf{42, 2, 1}));

    smpp::ShortMessage by_parameters = from_handset("world");
    by_parameters.tlvs = {smpp::tlv16(smpp::tag::sar_msg_ref_num, 300),
                          smpp::tlv8(smpp::tag::sar_total_segments, 2),
                          smpp::tlv8(smpp::tag::sar_segment_seqnum, 2)};
    part = std::get<store::Inbound>(from_deliver({}, by_parameters, today));
    EXPECT_EQ(part.part, (text::PartOf{300, 2, 2, true}));
}

TEST(Translate, ARedeliveryHasTheSameFingerprintAndAnotherTextAnotherOne)
{
    auto fingerprint = [](std::string text) {
        return std::get<store::Inbound>(from_deliver({}, from_handset(std::move(text)), today)).fingerprint;
    };
    EXPECT_EQ(fingerprint("yes"), fingerprint("yes"));
    EXPECT_NE(fingerprint("yes"), fingerprint("no"));
}

TEST(Translate, AddressesAreTextWhateverTheirOctets)
{
    smpp::ShortMessage deliver = from_handset("yes");
    deliver.source.number = "caf\xE9\n";
    deliver.destination.number = "+61491570157\x1B";
    auto inbound = std::get<store::Inbound>(from_deliver({}, deliver, today));
    EXPECT_EQ(inbound.source, "caf\\xE9\\x0A");
    EXPECT_EQ(inbound.destination, "61491570157\\x1B");

    deliver = receipt("id:1 stat:DELIVRD err:000");
    deliver.source.number = "\xFF";
    EXPECT_EQ(std::get<store::Receipt>(from_deliver({}, deliver, today)).destination, "\\xFF");
}

TEST(Translate, WhatIsLongerThanAnyHandsetSendsIsCut)
{
    smpp::ShortMessage deliver = from_handset({});
    deliver.source.number = std::string(60'000, '\xE9');
    deliver.tlvs = {{smpp::tag::message_payload, std::string(60'000, '\x05')}};
    auto inbound = std::get<store::Inbound>(from_deliver({}, deliver, today));
    EXPECT_EQ(inbound.source.size(), message::sender_max);
    EXPECT_EQ(inbound.content.size(), message::reply_content_max);
    EXPECT_TRUE(inbound.content.ends_with("é"));
}

TEST(Translate, TextLeavesAndArrivesInTheCharsetOfTheLink)
{
    Dialect latin{.charset = text::Charset::latin1, .data_coding = 3};
    auto submits = to_submits(latin, outbound("cafê"), 7, today);
    EXPECT_EQ(submits[0].short_message, "caf\xEA");
    EXPECT_EQ(submits[0].data_coding, 3);
    EXPECT_EQ(to_submits(latin, outbound("5 €"), 7, today)[0].data_coding, 8);

    auto content = [](const Dialect& dialect, std::uint8_t data_coding, std::string octets) {
        smpp::ShortMessage deliver = from_handset(std::move(octets));
        deliver.data_coding = data_coding;
        return std::get<store::Inbound>(from_deliver(dialect, deliver, today)).content;
    };
    EXPECT_EQ(content(latin, 3, "caf\xEA"), "cafê");
    EXPECT_EQ(content(latin, 0, "caf\xEA"), "cafê");
    EXPECT_EQ(content({}, 0, std::string("\x00\x05", 2)), "@é");
    EXPECT_EQ(content({}, 3, "caf\xEA"), "cafê");
    EXPECT_EQ(content({}, 8, std::string("\x04\x4F\x00", 3)), "я\uFFFD");
    EXPECT_EQ(content({}, 4, "caf\xEA"), "cafê");  // data: octet by octet
    EXPECT_EQ(content({.charset = text::Charset::gsm7, .data_coding = 1}, 1, "\x05"), "é");
    EXPECT_EQ(content({.charset = text::Charset::gsm7_packed}, 0, "\xE8\x32\x9B\xFD\x46\x97\xD9\xEC\x37"),
              "hellohello");
}

// Each part as a deliver_sm of its own.
TEST(Translate, RepliesAreReadWhateverTheirPartsAreCodedIn)
{
    const std::map<std::string, text::Charset> charsets = {{"gsm7", text::Charset::gsm7},
                                                           {"gsm7-packed", text::Charset::gsm7_packed},
                                                           {"latin1", text::Charset::latin1}};
    std::ifstream vectors(VECTORS "/replies.csv");
    ASSERT_TRUE(vectors);
    int lines = 0;
    for (std::string line; std::getline(vectors, line);) {
        if (line.starts_with('#')) continue;
        ++lines;
        auto first = line.find(','), second = line.find(',', first + 1);
        Dialect dialect{.charset = charsets.at(line.substr(0, first))};
        std::istringstream parts(line.substr(first + 1, second - first - 1));
        auto total = static_cast<char>(std::ranges::count(line, '/') + 1);
        std::vector<text::CodedPart> coded;
        std::string whole;
        for (std::string part; std::getline(parts, part, '/');) {
            auto sequence = static_cast<std::uint8_t>(coded.size() + 1);
            smpp::ShortMessage deliver = from_handset(boost::algorithm::unhex(part.substr(3)));
            deliver.data_coding = static_cast<std::uint8_t>(std::stoi(part.substr(0, 2), nullptr, 16));
            if (total > 1) {
                deliver.esm_class = 0x40;
                deliver.short_message.insert(0, text::udh8(7, static_cast<std::uint8_t>(total), sequence));
            }
            auto inbound = std::get<store::Inbound>(from_deliver(dialect, deliver, today));
            EXPECT_EQ(inbound.part.has_value(), total > 1);
            whole = inbound.content;
            coded.push_back({sequence, inbound.coding, inbound.content});
        }
        if (total > 1) whole = text::joined_text(coded, 10'000);
        EXPECT_EQ(whole, line.substr(second + 1)) << line;
    }
    EXPECT_GT(lines, 60);
}

TEST(Translate, WhatIsNoTextIsNeverRubbish)
{
    smpp::ShortMessage deliver = from_handset(std::string("\x00\x01\xFF", 3));
    deliver.data_coding = 4;
    auto inbound = std::get<store::Inbound>(from_deliver({}, deliver, today));
    EXPECT_EQ(inbound.content, "0001ff");
    EXPECT_EQ(inbound.oddity, "a reply came as data, data_coding 04; kept in hexadecimal");
    deliver.data_coding = 9;
    deliver.short_message = "text";
    inbound = std::get<store::Inbound>(from_deliver({}, deliver, today));
    EXPECT_EQ(inbound.content, "text");
    EXPECT_EQ(inbound.oddity, "a reply came as data, data_coding 09; kept octet by octet");
}

TEST(Translate, AcknowledgementsWithATextAreReplies)
{
    for (std::uint8_t type : {0x08, 0x10, 0x18}) {
        smpp::ShortMessage deliver = from_handset("I have read it");
        deliver.esm_class = type;
        EXPECT_EQ(std::get<store::Inbound>(from_deliver({}, deliver, today)).content, "I have read it");
        deliver.esm_class = type | 0x40;
        deliver.short_message = std::string("\x05\x00\x03\x2A\x02\x01", 6) + "I have ";
        EXPECT_TRUE(std::get<store::Inbound>(from_deliver({}, deliver, today)).part);
        deliver.esm_class = type;
        deliver.short_message.clear();
        auto wordless = std::get<store::Inbound>(from_deliver({}, deliver, today));
        EXPECT_TRUE(wordless.is_wordless);
        EXPECT_EQ(wordless.oddity, fmt::format("acknowledged by the handset, esm_class {:02X}", type));
    }
}

TEST(Translate, APartKeepsItsOctets)
{
    smpp::ShortMessage deliver = from_handset(std::string("\x05\x00\x03\x2A\x02\x01\xD8\x3D", 8));
    deliver.esm_class = 0x40;
    deliver.data_coding = 8;
    auto part = std::get<store::Inbound>(from_deliver({}, deliver, today));
    EXPECT_EQ(part.content, "\xD8\x3D");
    EXPECT_EQ(part.coding.charset, text::Charset::ucs2);
}

TEST(Translate, NumbersOfTheCarriersCountryBecomeE164)
{
    Dialect home{.country = "AU"};
    auto parties = [](const Dialect& dialect, smpp::Address source, smpp::Address destination) {
        smpp::ShortMessage deliver = from_handset("yes");
        deliver.source = std::move(source);
        deliver.destination = std::move(destination);
        auto inbound = std::get<store::Inbound>(from_deliver(dialect, deliver, today));
        return inbound.source + " to " + inbound.destination;
    };
    std::string e164 = "61491570156 to 61491570157";
    EXPECT_EQ(parties(home, {2, 1, "491570156"}, {2, 1, "0491570157"}), e164);
    EXPECT_EQ(parties(home, {0, 1, "0491570156"}, {1, 1, "001161491570157"}), e164);
    EXPECT_EQ(parties(home, {1, 1, "+0491570156"}, {1, 1, "+61491570157"}), e164);
    EXPECT_EQ(parties(home, {5, 0, "0491570156"}, {3, 0, "12345"}), "0491570156 to 12345") << "a name";
    EXPECT_EQ(parties({}, {2, 1, "491570156"}, {0, 1, "0491570157"}), "491570156 to 0491570157");

    smpp::ShortMessage deliver = receipt("id:1 stat:DELIVRD");
    deliver.source = {2, 1, "491570156"};
    deliver.destination = {0, 1, "0491570157"};
    auto found = std::get<store::Receipt>(from_deliver(home, deliver, today));
    EXPECT_EQ(found.source, "61491570157");
    EXPECT_EQ(found.destination, "61491570156");
}

TEST(Translate, NumbersLeaveInTheFormOfTheLink)
{
    auto submit = [](NumberForm form, std::string country) {
        Dialect dialect{.country = std::move(country), .number_form = form};
        return to_submits(dialect, outbound("Hello"), 0, today)[0];
    };
    EXPECT_EQ(submit(NumberForm::plus, "").destination, (smpp::Address{1, 1, "+61491570156"}));
    EXPECT_EQ(submit(NumberForm::plus, "").source, (smpp::Address{1, 1, "+61491570157"}));
    EXPECT_EQ(submit(NumberForm::national, "AU").destination, (smpp::Address{2, 1, "0491570156"}));
    EXPECT_EQ(submit(NumberForm::national, "AU").source, (smpp::Address{2, 1, "0491570157"}));
    EXPECT_EQ(submit(NumberForm::national, "US").destination, (smpp::Address{1, 1, "61491570156"}));
    EXPECT_EQ(submit(NumberForm::digits, "AU").destination, (smpp::Address{1, 1, "61491570156"}));
    store::Outbound unnamed = outbound("Hello");
    unnamed.sender.clear();
    EXPECT_EQ(to_submits({.number_form = NumberForm::plus}, unnamed, 0, today)[0].source.number, "");
}

TEST(Translate, LettersOfASenderAreThoseOfTheLink)
{
    store::Outbound message = outbound("Hello");
    message.sender = "Bäckerei";
    message.sender_type = SourceType::alphanumeric;
    auto sender = [&](text::Charset charset) {
        return to_submits({.charset = charset}, message, 0, today)[0].source.number;
    };
    EXPECT_EQ(sender(text::Charset::gsm7), "B{ckerei");
    EXPECT_EQ(sender(text::Charset::latin1),
              "B\xE4"
              "ckerei");
    EXPECT_EQ(sender(text::Charset::ascii), "") << "no route leads there";

    smpp::ShortMessage deliver = receipt("id:1 stat:DELIVRD");
    deliver.destination = {5, 0, "B{ckerei"};
    EXPECT_EQ(std::get<store::Receipt>(from_deliver({}, deliver, today)).source, "Bäckerei");
}

TEST(Translate, LanguageOfTheHeaderCounts)
{
    smpp::ShortMessage deliver = from_handset("\x06\x24\x01\x01\x25\x01\x01\x1C\x1B\x69");
    deliver.esm_class = 0x40;
    EXPECT_EQ(std::get<store::Inbound>(from_deliver({}, deliver, today)).content, "Şı");
    deliver.data_coding = 1;  // as npm smpp does
    EXPECT_EQ(std::get<store::Inbound>(from_deliver({}, deliver, today)).content, "Şı");
}

TEST(Translate, LongTextTravelsAsTheLinkWants)
{
    auto long_submits = [](text::LongForm form, std::size_t size = 161) {
        return to_submits({.long_form = form}, outbound(std::string(size, 'a')), 0x1207, today);
    };
    auto wide = long_submits(text::LongForm::udh16);
    ASSERT_EQ(wide.size(), 2u);
    EXPECT_EQ(wide[1].short_message, std::string("\x06\x08\x04\x12\x07\x02\x02", 7) + std::string(9, 'a'));
    EXPECT_EQ(wide[1].esm_class, 0x40);

    auto sar = long_submits(text::LongForm::sar);
    ASSERT_EQ(sar.size(), 2u);
    EXPECT_EQ(sar[1].short_message, std::string(8, 'a'));
    EXPECT_EQ(sar[1].esm_class, 0);
    EXPECT_EQ(smpp::number(sar[1].tlvs, smpp::tag::sar_msg_ref_num), 0x1207u);
    EXPECT_EQ(smpp::number(sar[1].tlvs, smpp::tag::sar_total_segments), 2u);
    EXPECT_EQ(smpp::number(sar[1].tlvs, smpp::tag::sar_segment_seqnum), 2u);

    auto whole = long_submits(text::LongForm::payload);
    ASSERT_EQ(whole.size(), 1u);
    EXPECT_EQ(whole[0].short_message, "");
    EXPECT_EQ(whole[0].payload(), std::string(161, 'a'));
    for (auto form : {text::LongForm::sar, text::LongForm::payload}) {
        auto alone = long_submits(form, 160);
        EXPECT_EQ(alone[0].short_message, std::string(160, 'a'));
        EXPECT_TRUE(alone[0].tlvs.empty());
    }
}

TEST(Translate, PackedPartsBeginAtASeptetBehindTheirHeader)
{
    Dialect packed{.charset = text::Charset::gsm7_packed};
    auto submits = to_submits(packed, outbound(std::string(161, 'a')), 7, today);
    ASSERT_EQ(submits.size(), 2u);
    EXPECT_EQ(submits[0].short_message.size(), 140u);
    smpp::ShortMessage back = from_handset(submits[1].short_message);
    back.esm_class = 0x40;
    EXPECT_EQ(std::get<store::Inbound>(from_deliver(packed, back, today)).content, std::string(8, 'a'));
}

TEST(Translate, NumbersAreOfTheTypesThatTheLinkWants)
{
    Dialect dialect{.international = {2, 8}, .shortcode = {6, 0}};
    store::Outbound message = outbound("Hello");
    message.sender = "12345";
    message.sender_type = SourceType::shortcode;
    auto submit = to_submits(dialect, message, 0, today)[0];
    EXPECT_EQ(submit.source, (smpp::Address{6, 0, "12345"}));
    EXPECT_EQ(submit.destination, (smpp::Address{2, 8, "61491570156"}));
}

TEST(Translate, ValidityKeepsToTheLimitsAndTheFormOfTheLink)
{
    store::Outbound message = outbound("Hello");
    message.expiry = today + std::chrono::days(30);
    EXPECT_EQ(to_submits({}, message, 0, today)[0].validity_period, "000003000000000R");
    Dialect absolute{.validity_max = std::chrono::hours(25), .absolute_validity = true};
    EXPECT_EQ(to_submits(absolute, message, 0, today)[0].validity_period, "261121110000000+");
}

TEST(Translate, ErrorsOfTheNetworkHaveTheCodesOfTheLink)
{
    Dialect dialect{.errors = {{"1", Code::invalid_destination}, {"1b", Code::unreachable}}};
    auto code = [&](std::string text, smpp::Tlvs tlvs = {}) {
        smpp::ShortMessage deliver = receipt(std::move(text));
        deliver.tlvs = std::move(tlvs);
        return std::get<store::Receipt>(from_deliver(dialect, deliver, today)).code;
    };
    EXPECT_EQ(code("id:1 stat:UNDELIV err:001"), Code::invalid_destination);
    EXPECT_EQ(code("id:1 stat:UNDELIV err:01B"), Code::unreachable);
    EXPECT_EQ(code("id:1 stat:UNDELIV err:002"), Code::undeliverable);
    EXPECT_EQ(code("id:1 stat:DELIVRD err:001"), Code::delivered);
    EXPECT_EQ(code("id:1 stat:UNKNOWN err:001"), Code::undeliverable);
    smpp::Tlvs error = {{smpp::tag::network_error_code, std::string("\x03\x00\x01", 3)}};
    EXPECT_EQ(code("id:1 stat:UNDELIV", error), Code::invalid_destination);
}

TEST(Translate, DatesOfReceiptsCountWhereTheyCanBeTrue)
{
    auto at = [](std::optional<base::Zone> zone, std::string dates) {
        auto delivered = from_deliver({.zone = zone}, receipt("id:1 stat:DELIVRD " + dates), today);
        return base::to_iso(std::get<store::Receipt>(delivered).at);
    };
    base::Zone utc, brisbane(std::chrono::hours(10));
    std::string ours = base::to_iso(today);
    EXPECT_EQ(at({}, "done date:261120095000"), ours);
    EXPECT_EQ(at(utc, "done date:261120095000"), "2026-11-20T09:50:00.000Z");
    EXPECT_EQ(at(brisbane, "done date:261120195000"), "2026-11-20T09:50:00.000Z");
    EXPECT_EQ(at(utc, "done date:2611200950"), "2026-11-20T09:50:59.000Z");
    EXPECT_EQ(at(utc, "done date:2611201000"), ours);    // some time in this minute
    EXPECT_EQ(at(utc, "done date:261120100400"), ours);  // a clock that is a little fast
    EXPECT_EQ(at(utc, "done date:261120195000"), ours);  // the zone is wrong
    EXPECT_EQ(at(utc, "done date:2610010000"), ours);    // older than any message
    EXPECT_EQ(at(utc, "submit date:2611200950 done date:2611200949"), ours);
    EXPECT_EQ(at(utc, "done date:rubbish"), ours);
}

TEST(Translate, AReceiptWithoutItsMarkIsOneWhereTheLinkSaysSo)
{
    smpp::ShortMessage deliver = from_handset("id:1 stat:DELIVRD");
    Dialect dialect{.unmarked_receipts = true};
    EXPECT_EQ(std::get<store::Receipt>(from_deliver(dialect, deliver, today)).carrier_id, "1");
    deliver.short_message = "id: I am not";
    EXPECT_TRUE(std::holds_alternative<store::Inbound>(from_deliver(dialect, deliver, today)));
}

TEST(Translate, AReceiptMayBeInUcs2)
{
    smpp::ShortMessage deliver = receipt(text::from_utf8(text::Charset::ucs2, "id:A7 stat:EXPIRED").value());
    deliver.data_coding = 8;
    auto found = std::get<store::Receipt>(from_deliver({}, deliver, today));
    EXPECT_EQ(found.carrier_id, "A7");
    EXPECT_EQ(found.code, Code::expired_at_carrier);
}

TEST(Translate, EveryStatusHasItsMeaning)
{
    EXPECT_EQ(meaning_of(smpp::status::ok).verdict, Verdict::accepted);
    EXPECT_EQ(meaning_of(smpp::status::throttled).verdict, Verdict::slow_down);
    EXPECT_EQ(meaning_of(smpp::status::system_error).verdict, Verdict::retry);
    EXPECT_EQ(meaning_of(smpp::status::invalid_source).code, Code::invalid_source);
    EXPECT_EQ(meaning_of(smpp::status::invalid_destination).code, Code::invalid_destination);
    EXPECT_EQ(meaning_of(smpp::status::invalid_message_length).code, Code::discarded);
    EXPECT_EQ(meaning_of(smpp::status::submit_failed).verdict, Verdict::reroute);
    EXPECT_EQ(meaning_of(0x0499).verdict, Verdict::reroute);  // a carrier's own
}

}  // namespace tidings::relay
