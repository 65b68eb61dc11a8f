// SPDX-License-Identifier: Apache-2.0
#include "message/message.hpp"

#include <gtest/gtest.h>

namespace tidings::message {

TEST(Message, PlusIsNoDigit)
{
    EXPECT_EQ(digits_of("+61491570156"), "61491570156");
    EXPECT_EQ(digits_of("61491570156"), "61491570156");
    EXPECT_EQ(digits_of(""), "");
}

TEST(Message, SourceTypeIsInferredFromItsLook)
{
    for (const char* source : {"+61491570156", "61491570156", "0491570156", "12345678", "123456789012345"})
        EXPECT_EQ(infer_source_type(source), SourceType::international) << source;
    for (const char* source : {"123", "1234567"})
        EXPECT_EQ(infer_source_type(source), SourceType::shortcode) << source;
    for (const char* source : {"ACME", "12", "+1234567", "1234567890123456", "123 4567", "++61491570156", ""})
        EXPECT_EQ(infer_source_type(source), SourceType::alphanumeric) << source;
}

TEST(Message, ANumberWithoutACountryGetsNoPlus)
{
    EXPECT_EQ(written("61491570156"), "+61491570156");
    EXPECT_EQ(written("+61491570156"), "+61491570156");
    EXPECT_EQ(written("0491570156"), "0491570156");
    EXPECT_EQ(written("12345"), "12345");
}

TEST(Message, NamesOfSendersHaveOneOctetForEachLetter)
{
    for (const char* name : {"ACME", "Bäckerei", "Jóse", "ΔΦΓΛΩΠΨΣΘΞ", "[a]", "áéíóúáéíóúá"})
        EXPECT_TRUE(is_sender_name(name)) << name;
    for (const char* none : {"ACME COMPANY", "ЯНДЕКС", "5 €", "áéíóúáéíóúáé", "a\nb", "ΔΦó"})
        EXPECT_FALSE(is_sender_name(none)) << none;
}

}  // namespace tidings::message
