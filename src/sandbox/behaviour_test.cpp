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
                                      "submit_status":88,"auto_reply":"STOP"})");
    ASSERT_TRUE(parsed);
    Behaviour expected{Outcome::rejected, "0A1", std::chrono::milliseconds(250), false, 88, "STOP"};
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
        EXPECT_EQ(receipt_stat(parsed->outcome), stat);
        EXPECT_EQ(message_state(parsed->outcome), state);
    }
}

TEST(Behaviour, EveryFaultIsNamed)
{
    auto faults = faults_of(R"({"outcome":"lost","err":"1234","delay_ms":-1,"receipt":1,"submit_status":"88",
                                "auto_reply":null,"color":"blue"})");
    ASSERT_EQ(faults.size(), 7u);
    EXPECT_EQ(faults[3], "/receipt: Receipt must be true or false");
    EXPECT_EQ(faults[6], "/color: Unknown field");
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
    EXPECT_EQ(out, R"({"outcome":"delivered","err":"000","delay_ms":0,"receipt":true,"submit_status":0,)"
                   R"("auto_reply":""})");
}

}  // namespace
}  // namespace tidings::sandbox
