// SPDX-License-Identifier: Apache-2.0
#include "sandbox/behaviour.hpp"

#include <gtest/gtest.h>

namespace tidings::sandbox {
namespace {

std::vector<std::string> faults_of(std::string_view body)
{
    auto parsed = parse_behaviour(body);
    if (parsed) return {};
    return parsed.error().details;
}

TEST(Behaviour, EmptyObjectIsTheOrdinaryHandset)
{
    auto parsed = parse_behaviour("{}");
    ASSERT_TRUE(parsed);
    EXPECT_EQ(*parsed, Behaviour{});
}

TEST(Behaviour, EveryFieldIsRead)
{
    auto parsed = parse_behaviour(R"({"outcome":"rejected","err":"0A1","delay_ms":250,"receipt":false,
                                      "submit_status":88,"auto_reply":"STOP","receipts":3,
                                      "intermediate":["ACCEPTD","ENROUTE","ENROUTE"],"receipt_id":"decimal",
                                      "early_receipt":true,"answer_delay_ms":600000})");
    ASSERT_TRUE(parsed);
    Behaviour expected{.outcome = Outcome::rejected,
                       .err = "0A1",
                       .delay = std::chrono::milliseconds(250),
                       .receipt = false,
                       .submit_status = 88,
                       .auto_reply = "STOP",
                       .receipts = 3,
                       .intermediate = {Intermediate::accepted, Intermediate::enroute, Intermediate::enroute},
                       .receipt_id = IdForm::decimal,
                       .early_receipt = true,
                       .answer_delay = std::chrono::minutes(10)};
    EXPECT_EQ(*parsed, expected);
}

TEST(Behaviour, FailureWithoutErrHasOneAllTheSame)
{
    EXPECT_EQ(parse_behaviour(R"({"outcome":"expired"})")->err, "001");
    EXPECT_EQ(parse_behaviour(R"({"outcome":"expired","err":"000"})")->err, "000");
}

TEST(Behaviour, OutcomesHaveTheWordsAndStatesOfTheStandard)
{
    const std::tuple<const char*, const char*, int> rows[] = {
        {"delivered", "DELIVRD", 2},     {"expired", "EXPIRED", 3}, {"deleted", "DELETED", 4},
        {"undeliverable", "UNDELIV", 5}, {"unknown", "UNKNOWN", 7}, {"rejected", "REJECTD", 8},
    };
    for (auto [word, stat, state] : rows) {
        auto parsed = parse_behaviour(std::string(R"({"outcome":")") + word + "\"}");
        ASSERT_TRUE(parsed) << word;
        EXPECT_EQ(name(parsed->outcome), word);
        EXPECT_EQ(state_of(parsed->outcome).stat, stat);
        EXPECT_EQ(state_of(parsed->outcome).number, state);
    }
}

TEST(Behaviour, EveryFaultIsNamed)
{
    auto faults = faults_of(R"({"outcome":"lost","err":"1234","delay_ms":-1,"receipt":1,"submit_status":"88",
                                "auto_reply":null,"color":"blue","receipts":0,"intermediate":["DELIVRD"],
                                "receipt_id":"HEX","early_receipt":0,"answer_delay_ms":600001})");
    ASSERT_EQ(faults.size(), 12u);
    EXPECT_EQ(faults[3], "/receipt: Receipt must be true or false");
    EXPECT_EQ(faults[6], "/color: Unknown field");
    EXPECT_EQ(faults[7], "/receipts: Receipts must be a number from 1 to 10; for none, set receipt to false");
    EXPECT_EQ(faults[10], "/early_receipt: Early receipt must be true or false");
}

TEST(Behaviour, WhatIsNoObjectIsNotParsed)
{
    for (const char* body : {"", "{", "[]", "null", "{}{}", "\"\xFF\""})
        EXPECT_EQ(faults_of(body).size(), 1u) << body;
}

TEST(Behaviour, IsShownWhole)
{
    std::string out;
    append_behaviour(out, Behaviour{});
    EXPECT_EQ(out, R"({"outcome":"delivered","err":"000","delay_ms":0,"receipt":true,"receipts":1,)"
                   R"("intermediate":[],"receipt_id":"same","early_receipt":false,"answer_delay_ms":0,)"
                   R"("submit_status":0,"auto_reply":""})");
}

TEST(Behaviour, WhatIsShownIsReadBackTheSame)
{
    Behaviour behaviour;
    behaviour.intermediate = {Intermediate::enroute, Intermediate::accepted};
    for (IdForm form : {IdForm::same, IdForm::hex, IdForm::decimal, IdForm::lower, IdForm::stripped}) {
        behaviour.receipt_id = form;
        std::string shown;
        append_behaviour(shown, behaviour);
        EXPECT_EQ(*parse_behaviour(shown), behaviour) << shown;
    }
}

}  // namespace
}  // namespace tidings::sandbox
