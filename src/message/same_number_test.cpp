// SPDX-License-Identifier: Apache-2.0
#include "message/same_number.hpp"

#include <gtest/gtest.h>

namespace tidings::message {

TEST(SameNumber, FormsOfOneNumberAreTheSame)
{
    for (const char* form : {"61491570156", "0491570156", "491570156", "001161491570156", "1570156"})
        EXPECT_TRUE(may_be_same_number(form, "61491570156")) << form;
    EXPECT_TRUE(may_be_same_number("06201234567", "36201234567"));  // Hungary's trunk prefix has two digits
    EXPECT_TRUE(may_be_same_number("021123456", "6421123456"));
}

TEST(SameNumber, OtherNumbersAreNot)
{
    for (const char* other : {"61491570157", "61492570156", "570156", "", "Tidings", "61491570156x"})
        EXPECT_FALSE(may_be_same_number(other, "61491570156")) << other;
}

TEST(SameNumber, ShortCodesAndNamesAreOnlyThemselves)
{
    EXPECT_TRUE(may_be_same_number("12345", "12345"));
    EXPECT_FALSE(may_be_same_number("12345", "012345"));
    EXPECT_TRUE(may_be_same_number("Bakery", "Bakery"));
    EXPECT_FALSE(looks_like_handset("123456"));
    EXPECT_FALSE(looks_like_handset("61491xxxxxx"));
    EXPECT_TRUE(looks_like_handset("61491570156"));
}

}  // namespace tidings::message
