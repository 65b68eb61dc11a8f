// SPDX-License-Identifier: Apache-2.0
#include "relay/receipt_ids.hpp"

#include "base/utf8.hpp"
#include "message/limits.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace tidings::relay {

using message::IdForm;

namespace {

std::string handset(int i) { return fmt::format("6149157{:04}", i); }

// A carrier that counts from `first`, and writes ids by these formats.
void talk(ReceiptIds& ids, int first, const char* response, const char* receipt)
{
    for (int i = 0; i < 20; ++i) {
        auto number = static_cast<unsigned>(first + i);
        std::string sent = ids.of_response(fmt::format(fmt::runtime(response), number), handset(i));
        EXPECT_EQ(ids.of_receipt(fmt::format(fmt::runtime(receipt), number), handset(i)), sent)
            << receipt << i;
    }
}

}  // namespace

TEST(ReceiptIds, EveryFormIsLearntAndTheFirstReceiptsFindTheirMessages)
{
    struct {
        const char *response, *receipt;
        IdForm form;
    } carriers[] = {
        {"{}", "{}", IdForm::same},  {"{:08x}", "{}", IdForm::decimal}, {"{:X}", "{:010}", IdForm::decimal},
        {"{}", "{:X}", IdForm::hex}, {"{:08X}", "{:x}", IdForm::same},  {"c-{}", "C-{}", IdForm::same},
    };
    for (const auto& carrier : carriers)
        for (int first : {1, 90, 123456, 2'000'000'000}) {
            ReceiptIds ids;
            talk(ids, first, carrier.response, carrier.receipt);
            EXPECT_EQ(ids.form(), carrier.form) << carrier.response << ' ' << carrier.receipt << ' ' << first;
        }
}

TEST(ReceiptIds, WhatIsConfiguredIsNotLearnt)
{
    ReceiptIds ids(IdForm::decimal);
    EXPECT_EQ(ids.of_response("00A7", "61491570156"), "a7");
    EXPECT_EQ(ids.of_receipt("167", "61491570156"), "a7");
    EXPECT_EQ(ids.of_receipt("not-a-number", "61491570156"), "not-a-number");
}

TEST(ReceiptIds, SignedAndLongNumbersAreLearntToo)
{
    ReceiptIds is_signed, is_long;
    for (int i = 1; i <= 8; ++i) {
        auto number = 0xFFFF'FFFFU - static_cast<unsigned>(i);
        std::string sent = is_signed.of_response(fmt::format("{:X}", number), handset(i));
        EXPECT_EQ(is_signed.of_receipt(fmt::format("{}", -1 - i), handset(i)), sent);
        // 2 to the power of 64, and i.
        sent = is_long.of_response(fmt::format("1000000000000000{:x}", i), handset(i));
        EXPECT_EQ(is_long.of_receipt(fmt::format("184467440737095516{}", 16 + i), handset(i)), sent);
    }
    EXPECT_EQ(is_signed.form(), IdForm::decimal);
    EXPECT_EQ(is_long.form(), IdForm::decimal);
}

TEST(ReceiptIds, AnEmptyIdNamesNothing)
{
    ReceiptIds ids;
    for (int i = 0; i < 10; ++i) {
        EXPECT_EQ(ids.of_response("", handset(i)), "");
        EXPECT_EQ(ids.of_receipt("", handset(i)), "");
    }
    EXPECT_EQ(ids.form(), std::nullopt);
}

TEST(ReceiptIds, OfTwoIdsTheOneThatAResponseGaveComesFirst)
{
    auto translated = [](std::optional<IdForm> form, std::string first, std::string second) {
        ReceiptIds ids(form);
        ids.of_response("a7", handset(1));
        store::Receipt receipt;
        receipt.carrier_id = std::move(first);
        receipt.other_id = std::move(second);
        receipt.destination = handset(1);
        ids.translate(receipt);
        return receipt.carrier_id + "|" + receipt.other_id;
    };
    EXPECT_EQ(translated({}, "99", "A7"), "a7|99");
    EXPECT_EQ(translated(IdForm::same, "99", "A7"), "a7|99");
    EXPECT_EQ(translated(IdForm::decimal, "99", "167"), "a7|63");
    EXPECT_EQ(translated({}, "A7", "99"), "a7|99");
    EXPECT_EQ(translated({}, "98", "99"), "98|99");
    EXPECT_EQ(translated({}, "5", "0005"), "5|");
}

TEST(ReceiptIds, AnIdThatLooksLikeAnotherMessagesIsNoEvidence)
{
    ReceiptIds ids;
    ids.of_response("16", "61491570001");  // hexadecimal, for 22
    ids.of_response("22", "61491570002");  // hexadecimal, for 34
    EXPECT_EQ(ids.of_receipt("22", "61491570001"), "16");
    EXPECT_EQ(ids.of_receipt("34", "61491570002"), "22");
}

TEST(ReceiptIds, AReceiptForNobodyTeachesNothing)
{
    ReceiptIds ids;
    for (int i = 0; i < 100; ++i) EXPECT_EQ(ids.of_receipt("000A", handset(i)), "a");
    EXPECT_EQ(ids.form(), std::nullopt);
}

TEST(ReceiptIds, OctetsThatAreNoTextMatchAllTheSame)
{
    ReceiptIds learning, same(IdForm::same);
    for (std::string id : {"0A\xE9", "a\nb", "caf\xC3\xA9"}) {
        std::string kept = learning.of_response(id, handset(1));
        EXPECT_TRUE(base::is_utf8(kept));
        EXPECT_EQ(kept.find('\n'), std::string::npos);
        EXPECT_EQ(learning.of_receipt(id, handset(1)), kept);
        EXPECT_EQ(same.of_receipt(id, handset(1)), kept);
    }
    std::string long_id(1'000, '\xE9');
    EXPECT_EQ(same.of_response(long_id, handset(1)).size(), message::carrier_id_max);
    EXPECT_EQ(same.of_response(long_id, handset(1)), same.of_receipt(long_id, handset(1)));
}

TEST(ReceiptIds, RemembersNoMoreThanTheNewest)
{
    ReceiptIds ids;
    for (int i = 0; i < 20'000; ++i) ids.of_response(fmt::format("{:x}", 1'000'000 + i), handset(i % 1000));
    EXPECT_EQ(ids.of_receipt("1000000", handset(0)), "1000000");
    EXPECT_EQ(ids.of_receipt("1019999", handset(999)), "f905f");
}

}  // namespace tidings::relay
