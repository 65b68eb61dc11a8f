// SPDX-License-Identifier: Apache-2.0
#include "smpp/pdu.hpp"

#include "support/hex.hpp"

#include <gtest/gtest.h>

#include <fstream>

namespace tidings::smpp {

using test::from_hex;

namespace {

struct Vector {
    std::string name, reencodes, hex, description;
};

// PDUs as node-smpp 0.5.1 encodes them: its name for the fields and their values, in the order of the
// standard. `reencodes` is "no" where it leaves out the body of an error response, which we read as empty
// fields.
std::vector<Vector> vectors()
{
    std::ifstream file(VECTORS "/pdu.csv");
    std::vector<Vector> all;
    std::string line;
    std::getline(file, line);
    for (Vector v; std::getline(file, v.name, ',') && std::getline(file, v.reencodes, ',') &&
                   std::getline(file, v.hex, ',') && std::getline(file, v.description);)
        all.push_back(v);
    return all;
}

}  // namespace

TEST(Pdu, ReadsAndWritesWhatAnotherEncoderWrote)
{
    auto all = vectors();
    ASSERT_GT(all.size(), 40u);
    for (const Vector& v : all) {
        std::string bytes = from_hex(v.hex);
        auto pdu = decode(bytes);
        ASSERT_TRUE(pdu) << v.name;
        EXPECT_EQ(describe(*pdu), v.description) << v.name;
        std::string written;
        encode(written, *pdu);
        if (v.reencodes == "yes") {
            EXPECT_EQ(written, bytes) << v.name;
        }
        EXPECT_EQ(decode(written).value(), *pdu) << v.name;
    }
}

TEST(Pdu, WhateverIsCutOffIsRefusedOrReadAsEmptyButNeverReadBeyond)
{
    for (const Vector& v : vectors()) {
        std::string bytes = from_hex(v.hex);
        for (std::size_t size = head_size; size < bytes.size(); ++size) {
            // A buffer of its own, so that the address sanitizer sees a read behind its end.
            std::vector<char> cut(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size));
            cut[2] = static_cast<char>(size >> 8);
            cut[3] = static_cast<char>(size);
            auto pdu = decode({cut.data(), cut.size()});
            if (is_response(decode_head({cut.data(), cut.size()}).command)) {
                EXPECT_TRUE(pdu) << v.name << size;
            }
        }
    }
}

TEST(Pdu, RequestCutWithinItsFieldsIsRefused)
{
    std::string bytes = from_hex("0000001e000000040000000000000008000000000000000000000000000000");
    bytes.resize(0x1e);
    EXPECT_FALSE(decode(bytes));
}

// A deliver_sm with these octets behind its text, composed after SMPP 3.4, 4.6.1.
std::string delivered_with(std::string_view text, std::string_view parameters)
{
    std::string size(1, static_cast<char>(text.size()));
    std::string body = std::string(16, '\0') + size + std::string(text) + std::string(parameters);
    std::string length(1, static_cast<char>(16 + body.size()));
    return from_hex("000000") + length + from_hex("000000050000000000000007") + body;
}

TEST(Pdu, OfADeliveryWhoseParametersAreCutTheRestCounts)
{
    for (const char* parameters :
         {"", "00", "0424", "042400", "04240005", "0424000541", "0424ffff41", "001effff"}) {
        auto pdu = decode(delivered_with("Hello", from_hex("0427000102") + from_hex(parameters)));
        ASSERT_TRUE(pdu) << parameters;
        const auto& message = std::get<ShortMessage>(pdu->body);
        EXPECT_EQ(message.short_message, "Hello");
        EXPECT_EQ(number(message.tlvs, tag::message_state), 2u);
        EXPECT_EQ(message.tlvs.size(), 1u);
        EXPECT_FALSE(message.lost_text);
    }
}

TEST(Pdu, ADeliveryWhoseTextRunsOverItsEndHasLostIt)
{
    EXPECT_TRUE(std::get<ShortMessage>(decode(delivered_with("", from_hex("0424000541")))->body).lost_text);
    EXPECT_FALSE(std::get<ShortMessage>(decode(delivered_with("", from_hex("001e000541")))->body).lost_text);
    std::string submit = delivered_with("Hello", from_hex("0427000541"));
    submit[7] = 4;
    EXPECT_FALSE(decode(submit)) << "who submits is told of the fault";
}

TEST(Pdu, ResponseWithoutMessageIdDecodesAsEmptyId)
{
    Pdu expected{{Command::submit_sm_resp, status::ok, 7}, MessageResponse{}};
    EXPECT_EQ(decode(from_hex("00000010800000040000000000000007")).value(), expected);
}

TEST(Pdu, ResponseWhoseIdLacksItsNulKeepsTheId)
{
    Pdu expected{{Command::submit_sm_resp, status::ok, 7}, MessageResponse{"abc", {}}};
    EXPECT_EQ(decode(from_hex("00000013800000040000000000000007616263")).value(), expected);
}

TEST(Pdu, UnknownCommandKeepsItsBytes)
{
    auto pdu = decode(from_hex("00000012000001110000000000000007abcd"));
    ASSERT_TRUE(pdu);
    EXPECT_EQ(std::get<Raw>(pdu->body).bytes, "\xab\xcd");
    EXPECT_EQ(name(pdu->head.command), "");
}

TEST(Pdu, DescriptionIsOneLineOfText)
{
    ShortMessage message;
    message.source.number = "caf\xE9\n";
    message.service_type = "\x1B[2J";
    std::string line = describe({{Command::deliver_sm, 0, 1}, message});
    EXPECT_NE(line.find("service_type=\\x1B[2J"), std::string::npos) << line;
    EXPECT_NE(line.find("source_addr=0/0/caf\\xE9\\x0A "), std::string::npos) << line;
}

TEST(Pdu, FewStrayOctetsBehindTheFieldsAreIgnored)
{
    auto pdu =
        decode(from_hex("000000220000000400000000000000080000000000000000000000000000000000"
                        "00"));
    ASSERT_TRUE(pdu);
    EXPECT_TRUE(std::get<ShortMessage>(pdu->body).tlvs.empty());
}

TEST(Pdu, ParameterLongerThanThePduIsRefused)
{
    EXPECT_FALSE(
        decode(from_hex("000000250000000400000000000000080000000000000000000000000000000000"
                        "04240001")));
}

TEST(Pdu, LengthsThatNoPduHasAreRefused)
{
    EXPECT_EQ(frame_size(from_hex("000000")).value(), 0u);
    EXPECT_EQ(frame_size(from_hex("00000010")).value(), 16u);
    EXPECT_FALSE(frame_size(from_hex("0000000f")));
    EXPECT_FALSE(frame_size(from_hex("00010801")));
    EXPECT_FALSE(frame_size("GET "));
    EXPECT_FALSE(decode(""));
    EXPECT_FALSE(decode(from_hex("00000010")));
}

TEST(Pdu, FieldsBeyondTheStandardAreNotEncodable)
{
    ShortMessage message;
    EXPECT_TRUE(encodable(Command::submit_sm, message));
    message.source.number = std::string(21, '1');
    EXPECT_FALSE(encodable(Command::submit_sm, message));
    EXPECT_TRUE(encodable(Command::data_sm, message));
    message.source.number = std::string("1\0", 2);
    EXPECT_FALSE(encodable(Command::submit_sm, message));
    message.source.number.clear();
    message.short_message.resize(255);
    EXPECT_FALSE(encodable(Command::submit_sm, message));
    message.short_message.clear();
    message.tlvs.push_back({tag::message_payload, std::string(65'536, 'a')});
    EXPECT_FALSE(encodable(Command::submit_sm, message));
    message.tlvs[0].value.pop_back();
    EXPECT_TRUE(encodable(Command::submit_sm, message));
}

TEST(Pdu, PayloadIsShortMessageOrElseMessagePayload)
{
    ShortMessage message;
    EXPECT_EQ(message.payload(), "");
    message.tlvs.push_back({tag::message_payload, "long"});
    EXPECT_EQ(message.payload(), "long");
    message.short_message = "short";
    EXPECT_EQ(message.payload(), "short");
}

TEST(Tlv, ValuesAreReadByKind)
{
    Tlvs tlvs{tlv8(tag::message_state, 2),
              tlv16(tag::user_message_reference, 0x1267),
              tlv_text(tag::receipted_message_id, "77"),
              {tag::network_error_code, from_hex("030102")},
              {tag::congestion_state, ""}};
    EXPECT_EQ(number(tlvs, tag::message_state), 2u);
    EXPECT_EQ(number(tlvs, tag::user_message_reference), 0x1267u);
    EXPECT_EQ(number(tlvs, tag::congestion_state), std::nullopt);
    EXPECT_EQ(number(tlvs, tag::sar_msg_ref_num), std::nullopt);
    EXPECT_EQ(text(tlvs, tag::receipted_message_id), "77");
    EXPECT_EQ(text(Tlvs{{tag::receipted_message_id, "77"}}, tag::receipted_message_id), "77");
    EXPECT_EQ(network_error(tlvs), (NetworkError{3, 0x0102}));
}

TEST(Status, HasTheNameOfTheStandardOrItsNumber)
{
    EXPECT_EQ(status_name(status::throttled), "ESME_RTHROTTLED");
    EXPECT_EQ(status_name(0x112), "ESME_RINVBCASTCHANIND");
    EXPECT_EQ(status_name(0x400), "0x00000400");
}

}  // namespace tidings::smpp
