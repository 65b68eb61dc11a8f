// SPDX-License-Identifier: Apache-2.0
#include "sandbox/parts.hpp"

#include <gtest/gtest.h>

namespace tidings::sandbox {
namespace {

using namespace std::chrono_literals;

constexpr base::Time first_part_at{1'478'173'742'807ms};
const Pair pair{"61400000001", "61491570156"};

Piece part(std::uint8_t total, std::uint8_t sequence, std::string octets, std::uint16_t reference = 9)
{
    return {0, text::PartOf{reference, total, sequence}, std::move(octets)};
}

TEST(Piece, IsReadFromUserDataHeader)
{
    smpp::ShortMessage message;
    message.esm_class = 0x40;
    message.short_message = std::string("\x05\x00\x03\x09\x02\x01", 6) + "hello";
    Piece piece = piece_of(message);
    EXPECT_EQ(piece.part, (text::PartOf{9, 2, 1}));
    EXPECT_EQ(piece.octets, "hello");
}

TEST(Piece, IsReadFromSarParameters)
{
    smpp::ShortMessage message;
    message.short_message = "hello";
    message.tlvs = {smpp::tlv16(smpp::tag::sar_msg_ref_num, 0x1234),
                    smpp::tlv8(smpp::tag::sar_total_segments, 3),
                    smpp::tlv8(smpp::tag::sar_segment_seqnum, 3)};
    EXPECT_EQ(piece_of(message).part, (text::PartOf{0x1234, 3, 3, true}));
    message.tlvs[2].value = "\x04";
    EXPECT_FALSE(piece_of(message).part);
}

TEST(Piece, OneOfOneStandsAlone)
{
    smpp::ShortMessage message;
    message.esm_class = 0x40;
    message.short_message = std::string("\x05\x00\x03\x09\x01\x01", 6) + "hello";
    Piece piece = piece_of(message);
    EXPECT_FALSE(piece.part);
    EXPECT_EQ(piece.octets, "hello");
}

TEST(Piece, ContentMayBeInMessagePayload)
{
    smpp::ShortMessage message;
    message.tlvs = {{smpp::tag::message_payload, "hello"}};
    EXPECT_EQ(piece_of(message).octets, "hello");
}

TEST(Text, OctetsThatAreNoTextAreHexadecimal) { EXPECT_EQ(text_of(0x04, "\x01\xFF"), "01ff"); }

TEST(Joiner, PartsComeInAnyOrderAndMoreThanOnce)
{
    Joiner joiner;
    EXPECT_FALSE(joiner.add(pair, part(3, 3, "c"), first_part_at));
    EXPECT_FALSE(joiner.add(pair, part(3, 1, "a"), first_part_at));
    EXPECT_FALSE(joiner.add(pair, part(3, 3, "c"), first_part_at));
    EXPECT_EQ(joiner.add(pair, part(3, 2, "b"), first_part_at), "abc");
    EXPECT_EQ(joiner.size(), 0u);
}

TEST(Joiner, MessagesOfOthersAndOtherReferencesAreApart)
{
    Joiner joiner;
    joiner.add(pair, part(2, 1, "a"), first_part_at);
    EXPECT_FALSE(joiner.add({"61400000002", pair.destination}, part(2, 2, "x"), first_part_at));
    EXPECT_FALSE(joiner.add(pair, part(2, 2, "x", 10), first_part_at));
    EXPECT_FALSE(joiner.add(pair, part(3, 2, "x"), first_part_at));
    EXPECT_EQ(joiner.add(pair, part(2, 2, "b"), first_part_at), "ab");
}

TEST(Joiner, CharacterTornBetweenPartsIsWholeAgain)
{
    Joiner joiner;
    Piece first = part(2, 1, "\xD8\x3D"), second = part(2, 2, std::string("\xDE\x00", 2));
    first.data_coding = second.data_coding = 8;
    joiner.add(pair, first, first_part_at);
    EXPECT_EQ(joiner.add(pair, second, first_part_at), "😀");
}

TEST(Joiner, PartsMayHaveDifferentAlphabets)
{
    Joiner joiner;
    Piece second = part(3, 2, "\x04\x4F");
    second.data_coding = 8;
    joiner.add(pair, part(3, 1, "a"), first_part_at);
    joiner.add(pair, second, first_part_at);
    EXPECT_EQ(joiner.add(pair, part(3, 3, "c"), first_part_at), "aяc");
}

TEST(Joiner, PartsDoNotWaitForever)
{
    Joiner joiner;
    joiner.add(pair, part(2, 1, "old"), first_part_at);
    EXPECT_FALSE(joiner.add(pair, part(2, 2, "new "), first_part_at + part_life));
    EXPECT_EQ(joiner.add(pair, part(2, 1, "text "), first_part_at + part_life), "text new ");
}

TEST(Joiner, OldestIncompleteMessageMakesRoom)
{
    Joiner joiner;
    for (std::size_t i = 0; i <= incomplete_max; ++i) {
        auto reference = static_cast<std::uint16_t>(i);
        joiner.add(pair, part(2, 1, "x", reference), first_part_at);
    }
    EXPECT_EQ(joiner.size(), incomplete_max);
    EXPECT_FALSE(joiner.add(pair, part(2, 2, "y", 0), first_part_at));
    EXPECT_EQ(joiner.add(pair, part(2, 2, "y", 2), first_part_at), "xy");
}

}  // namespace
}  // namespace tidings::sandbox
