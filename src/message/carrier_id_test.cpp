// SPDX-License-Identifier: Apache-2.0
#include "message/carrier_id.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <sstream>

namespace tidings::message {

namespace {

std::optional<IdForm> form_of(std::string_view name)
{
    if (name == "same") return IdForm::same;
    if (name == "hex") return IdForm::hex;
    if (name == "decimal") return IdForm::decimal;
    return {};
}

}  // namespace

TEST(CarrierId, ReceiptFindsTheResponseInEveryForm)
{
    std::ifstream vectors(VECTORS "/carrier_ids.csv");
    int count = 0;
    for (std::string line; std::getline(vectors, line);) {
        if (line.starts_with('#')) continue;
        std::istringstream fields(line);
        std::string response, receipt, form;
        std::getline(fields, response, ',');
        std::getline(fields, receipt, ',');
        std::getline(fields, form, ',');
        auto ids = response_ids(receipt, form_of(form).value());
        EXPECT_NE(std::ranges::find(ids, canonical_id(response)), ids.end()) << line;
        ++count;
    }
    EXPECT_EQ(count, 23);
}

TEST(CarrierId, WhatIsNoNumberHasNoOtherForm)
{
    for (std::string_view id : {"", "-", "-0", "+1", "0x1f", "6f1a0b3c-77aa", "12 ", "-99999999999999999999"})
        EXPECT_TRUE(response_ids(id, IdForm::decimal).empty()) << id;
    for (std::string_view id : {"", "-1", "g", "0x1f"})
        EXPECT_TRUE(response_ids(id, IdForm::hex).empty()) << id;
    EXPECT_TRUE(response_ids(std::string(1'000, '9'), IdForm::decimal).empty());
}

TEST(CarrierId, TheLikeliestFormComesFirst)
{
    using Ids = std::vector<std::string>;
    EXPECT_EQ(response_ids("-2", IdForm::decimal), (Ids{"fffffffe", "fffffffffffffffe"}));
    EXPECT_EQ(response_ids("-3000000000", IdForm::decimal), Ids{"ffffffff4d2fa200"});
    EXPECT_EQ(response_ids("FFFFFFFE", IdForm::hex), (Ids{"4294967294", "-2"}));
    EXPECT_EQ(response_ids("7FFFFFFE", IdForm::hex), Ids{"2147483646"});
    EXPECT_EQ(response_ids("18446744073709551616", IdForm::decimal), Ids{"10000000000000000"});
    EXPECT_EQ(response_ids("0010", IdForm::same), Ids{"10"});
}

TEST(CarrierId, CanonicalFormKeepsWhatTellsIdsApart)
{
    EXPECT_EQ(canonical_id(""), "");
    EXPECT_EQ(canonical_id("000"), "0");
    EXPECT_EQ(canonical_id("0A0"), "a0");
    EXPECT_NE(canonical_id("10"), canonical_id("1"));
}

}  // namespace tidings::message
