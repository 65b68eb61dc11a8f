// SPDX-License-Identifier: Apache-2.0
#include "message/receipt.hpp"

#include "message/receipt_words.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <random>

namespace tidings::message {

namespace {

using namespace std::chrono_literals;

std::vector<std::string> columns(std::string line)
{
    for (auto at = line.find("\\n"); at != line.npos; at = line.find("\\n")) line.replace(at, 2, "\n");
    std::vector<std::string> out(1);
    for (char c : line) {
        if (c == '|')
            out.emplace_back();
        else
            out.back() += c;
    }
    return out;
}

std::string shown(std::optional<Outcome> outcome)
{
    if (!outcome) return "-";
    return std::to_string(static_cast<int>(outcome->code)) + (outcome->provisional ? "?" : "");
}

std::string shown(std::optional<base::Time> time) { return time ? base::to_iso(*time) : ""; }

}  // namespace

TEST(Receipt, EveryDialectIsUnderstood)
{
    std::ifstream vectors(VECTORS "/receipts.csv");
    int count = 0;
    for (std::string line; std::getline(vectors, line);) {
        if (line.starts_with('#')) continue;
        auto expected = columns(line);
        ASSERT_EQ(expected.size(), 8u) << line;
        ReceiptText receipt = parse_receipt(expected[0]);
        EXPECT_EQ(receipt.id, expected[1]) << line;
        EXPECT_EQ(receipt.stat, expected[2]) << line;
        EXPECT_EQ(receipt.err, expected[3]) << line;
        EXPECT_EQ(receipt.submit_date, expected[4]) << line;
        EXPECT_EQ(receipt.done_date, expected[5]) << line;
        EXPECT_EQ(shown(receipt_time(receipt.done_date)), expected[6]) << line;
        EXPECT_EQ(shown(outcome_of(receipt.stat)), expected[7]) << line;
        EXPECT_EQ(looks_like_receipt(expected[0]), !expected[0].starts_with("stat")) << line;
        ++count;
    }
    EXPECT_GE(count, 25);
}

TEST(Receipt, CountsAndTextAreKept)
{
    ReceiptText receipt = parse_receipt("id:1 sub:003 dlvrd:002 stat:DELIVRD text: Hi: id:2 there \r\n");
    EXPECT_EQ(receipt.sub, "003");
    EXPECT_EQ(receipt.dlvrd, "002");
    EXPECT_EQ(receipt.text, "Hi: id:2 there");
    EXPECT_EQ(parse_receipt("text:   ").text, "");
}

TEST(Receipt, OrdinaryTextIsNoReceipt)
{
    for (const char* text : {"", "id", "id:", "id: stat:", "Hello", "my id:5 stat:DELIVRD", "id:5",
                             "ids:5 stat:x", "id:5 text:stat:DELIVRD", "stat:DELIVRD id:5"})
        EXPECT_FALSE(looks_like_receipt(text)) << text;
    EXPECT_TRUE(looks_like_receipt("  ID:5 STAT:x"));
}

TEST(Receipt, KeysAreWholeWords)
{
    ReceiptText receipt = parse_receipt("uuid:1 laststat:X id:2 stat:Y");
    EXPECT_EQ(receipt.id, "2");
    EXPECT_EQ(receipt.stat, "Y");
}

TEST(Receipt, TimesAreThoseOfTheCarriersClock)
{
    EXPECT_EQ(shown(receipt_time("2611201103", base::Zone(10h))), "2026-11-20T01:03:00.000Z");
    EXPECT_EQ(shown(receipt_time("261120110309", base::Zone(-330min))), "2026-11-20T16:33:09.000Z");
    EXPECT_EQ(shown(receipt_time("2402290000")), "2024-02-29T00:00:00.000Z");
    for (const char* text :
         {"", "26112011", "26112011030", "2613201103", "2602301103", "2611202403", "2611201160",
          "261120110360", "26112O1103", "+611201103", "0000000000", "20260000000000"})
        EXPECT_EQ(receipt_time(text), std::nullopt) << text;
}

TEST(Receipt, StatesOfTheParameterMeanTheSame)
{
    const char* expected[] = {"213", "211", "220", "401", "405", "400", "210", "400?", "402", "403", "-"};
    for (int state = 0; state < 11; ++state)
        EXPECT_EQ(shown(outcome_of_state(static_cast<std::uint8_t>(state))), expected[state]);
    EXPECT_EQ(outcome_of_state(255), std::nullopt);
    EXPECT_EQ(outcome_of(""), std::nullopt);
    EXPECT_EQ(outcome_of("DEL"), std::nullopt);
    EXPECT_EQ(shown(outcome_of("  DELIVRD")), "220");
}

TEST(Receipt, StatesOfVersion5AreKnownAsSuch)
{
    for (std::uint32_t state : {1, 2, 3, 4, 5, 6, 7, 8, 10, 255}) EXPECT_FALSE(is_state_of_version_5(state));
    EXPECT_TRUE(is_state_of_version_5(0));
    EXPECT_TRUE(is_state_of_version_5(9));
    EXPECT_EQ(outcome_of_state(0x102), std::nullopt) << "which is no 2";
}

TEST(Receipt, WordsHaveManySpellings)
{
    for (const char* word : {"EXP-MSG-Q-EXD", "exp_msg_q_exd", " EXP-MSG-Q-EXD\r\n"})
        EXPECT_EQ(shown(outcome_of(word)), "401") << word;
    for (const char* word : {"DELIVERY", "DELIVERABLE?", "UNKOWN", "OK?", "DELI", "\xFF"})
        EXPECT_EQ(outcome_of(word), std::nullopt) << word;
    EXPECT_EQ(shown(outcome_of("DELIVERY_FAILED")), "400");
}

TEST(Receipt, ALinksOwnWordsComeFirst)
{
    ReceiptStates own{{"PARKED", Code::pending}, {"DELIVRD", Code::delivered_to_handset}};
    EXPECT_EQ(shown(outcome_of("parked", own)), "212");
    EXPECT_EQ(shown(outcome_of("DELIVRD", own)), "221");
    EXPECT_EQ(shown(outcome_of("EXPIRED", own)), "401");
    EXPECT_EQ(outcome_of("OTHER", own), std::nullopt);
}

TEST(Receipt, AWordCanStandForWhatReceiptsSayAndNothingElse)
{
    for (int code : {210, 213, 220, 221, 400, 402, 405, 414})
        EXPECT_TRUE(is_code_of_receipt(static_cast<Code>(code)));
    for (int code : {0, 101, 151, 200, 214, 301, 320, 333, 404, 409, 415})
        EXPECT_FALSE(is_code_of_receipt(static_cast<Code>(code)));
}

TEST(Receipt, AnyOctetsAreSurvived)
{
    std::mt19937 random(5);
    const std::string_view pieces[] = {"id:",          "stat:", "text", ":",     " ",
                                       "submit date:", "done",  "\xFF", "err :", "\0"};
    for (int round = 0; round < 5000; ++round) {
        std::string text;
        for (auto left = random() % 12; left > 0; --left) text += pieces[random() % std::size(pieces)];
        looks_like_receipt(text);
        ReceiptText receipt = parse_receipt(text);
        ASSERT_LE(receipt.id.size() + receipt.stat.size(), text.size());
    }
}

}  // namespace tidings::message
