// SPDX-License-Identifier: Apache-2.0
#include "text/address.hpp"

#include <gtest/gtest.h>

namespace tidings::text {

TEST(Address, HasOneOctetForEachLetter)
{
    EXPECT_EQ(address_octets(Charset::gsm7, "Bäckerei"),
              "B\x7B"
              "ckerei");
    EXPECT_EQ(address_octets(Charset::gsm7_packed, "Åse"), "\x0Ese");
    EXPECT_EQ(address_octets(Charset::latin1, "Bäckerei"),
              "B\xE4"
              "ckerei");
    EXPECT_EQ(address_octets(Charset::latin1, "José"), "Jos\xE9");
}

TEST(Address, AsciiStandsAsItIsInEveryAlphabet)
{
    for (auto charset : {Charset::gsm7, Charset::gsm7_packed, Charset::latin1, Charset::ascii})
        EXPECT_EQ(address_octets(charset, "a_b@c $1"), "a_b@c $1");
}

TEST(Address, WhatTheAlphabetLacksIsNone)
{
    EXPECT_FALSE(address_octets(Charset::ascii, "Bäckerei"));
    EXPECT_FALSE(address_octets(Charset::gsm7, "José Ó"));
    EXPECT_FALSE(address_octets(Charset::latin1, "ΔΦ"));
    EXPECT_FALSE(address_octets(Charset::gsm7, "5 €")) << "two septets";
    EXPECT_FALSE(address_octets(Charset::gsm7, "ä@b")) << "GSM has @ at 0";
    EXPECT_TRUE(can_be_address("ΔΦ"));
    EXPECT_TRUE(can_be_address("Jó"));
    EXPECT_FALSE(can_be_address("ЯНДЕКС"));
    EXPECT_FALSE(can_be_address("😀"));
}

TEST(Address, IsReadAsItWasWritten)
{
    for (const char* name : {"Bäckerei", "Åse", "Straße", "ΔΦ", "a_b@c", "Ñandú_ø"})
        for (auto charset : {Charset::gsm7, Charset::latin1}) {
            auto octets = address_octets(charset, name);
            if (octets) {
                EXPECT_EQ(address_text(charset, *octets), name);
            }
        }
}

}  // namespace tidings::text
