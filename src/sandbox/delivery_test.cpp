// SPDX-License-Identifier: Apache-2.0
#include "sandbox/delivery.hpp"

#include "base/digest.hpp"

#include <gtest/gtest.h>

namespace tidings::sandbox {
namespace {

using namespace std::chrono_literals;

constexpr base::Time evening{1'478'173'742'807ms};  // 2016-11-03T11:49:02.807Z

Receipted sample()
{
    return {"1A2B", evening, evening + 62s, state_of(Outcome::delivered), "000", "Hello, world"};
}

TEST(ReceiptText, IsThatOfTheStandard)
{
    EXPECT_EQ(receipt_text(sample()),
              "id:1A2B sub:001 dlvrd:001 submit date:1611031149 done date:1611031150 "
              "stat:DELIVRD err:000 text:Hello, world");
}

TEST(ReceiptText, OfFailureCountsNothingDelivered)
{
    Receipted receipted = sample();
    receipted.state = state_of(Outcome::undeliverable);
    receipted.err = "0C9";
    EXPECT_NE(receipt_text(receipted).find("dlvrd:000"), std::string::npos);
    EXPECT_NE(receipt_text(receipted).find("stat:UNDELIV err:0C9"), std::string::npos);
}

TEST(ReceiptText, QuotesTwentyCharactersThatEveryCharsetShares)
{
    Receipted receipted = sample();
    receipted.text = "a@b ы😀 12345678901234567890";
    EXPECT_TRUE(receipt_text(receipted).ends_with("text:a?b ?? 1234567890123"));
}

TEST(Receipt, GoesTheOtherWay)
{
    smpp::ShortMessage submitted;
    submitted.source = {5, 0, "Shop"};
    submitted.destination = {1, 1, "61491570156"};
    Delivery receipt = receipt_for(sample(), submitted);
    EXPECT_EQ(receipt.source, submitted.destination);
    EXPECT_EQ(receipt.destination, submitted.source);
    EXPECT_EQ(receipt.due, evening + 62s);

    smpp::ShortMessage pdu = pdu_of(receipt);
    EXPECT_EQ(pdu.esm_class, 0x04);
    EXPECT_EQ(smpp::text(pdu.tlvs, smpp::tag::receipted_message_id), "1A2B");
    EXPECT_EQ(smpp::number(pdu.tlvs, smpp::tag::message_state), 2u);
}

TEST(HandsetMessage, ShortTextIsOneUnmarkedPart)
{
    auto parts = deliveries_of({1, 1, "61491570156"}, {1, 1, "61400000001"}, "@€", 7);
    ASSERT_EQ(parts.size(), 1u);
    smpp::ShortMessage pdu = pdu_of(parts[0]);
    EXPECT_EQ(base::to_hex(pdu.short_message), "001b65");
    EXPECT_EQ(pdu.esm_class, 0);
    EXPECT_EQ(pdu.data_coding, 0);
    EXPECT_TRUE(pdu.tlvs.empty());
}

TEST(HandsetMessage, LongTextHasUserDataHeaders)
{
    auto parts =
        deliveries_of({1, 1, "61491570156"}, {1, 1, "61400000001"}, std::string(134, 'x') + "я", 0xC8);
    ASSERT_EQ(parts.size(), 3u);
    EXPECT_EQ(parts[2].esm_class, 0x40);
    EXPECT_EQ(parts[2].data_coding, 8);
    EXPECT_EQ(base::to_hex(parts[2].octets), "050003c80303044f");
    EXPECT_EQ(parts[0].octets.size(), 6u + 134u);
}

}  // namespace
}  // namespace tidings::sandbox
