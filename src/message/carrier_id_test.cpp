// SPDX-License-Identifier: Apache-2.0
#include "message/carrier_id.hpp"

#include <gtest/gtest.h>

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
        EXPECT_EQ(response_id(receipt, form_of(form).value()), canonical_id(response)) << line;
        ++count;
    }
    EXPECT_EQ(count, 13);
}

TEST(CarrierId, WhatIsNoNumberHasNoOtherForm)
{
    for (std::string_view id : {"", "-1", "+1", "0x1f", "6f1a0b3c-77aa", "18446744073709551616", "12 "})
        EXPECT_EQ(response_id(id, IdForm::decimal), std::nullopt) << id;
    for (std::string_view id : {"", "-1", "g", "0x1f", "10000000000000000"})
        EXPECT_EQ(response_id(id, IdForm::hex), std::nullopt) << id;
}

TEST(CarrierId, CanonicalFormKeepsWhatTellsIdsApart)
{
    EXPECT_EQ(canonical_id(""), "");
    EXPECT_EQ(canonical_id("000"), "0");
    EXPECT_EQ(canonical_id("0A0"), "a0");
    EXPECT_NE(canonical_id("10"), canonical_id("1"));
}

}  // namespace tidings::message
