// SPDX-License-Identifier: Apache-2.0
#include "text/idna.hpp"

#include <gtest/gtest.h>

namespace tidings::text {

// The names are those of RFC 3492, of the tests of UTS 46 and of domains that exist.
TEST(Idna, HostsBecomeAsciiAsBrowsersMakeThem)
{
    EXPECT_EQ(ascii_host_and_port("bücher.example"), "xn--bcher-kva.example");
    EXPECT_EQ(ascii_host_and_port("BÜCHER.Example:8080"), "xn--bcher-kva.example:8080");
    EXPECT_EQ(ascii_host_and_port("faß.de"), "xn--fa-hia.de");
    EXPECT_EQ(ascii_host_and_port("例え.テスト"), "xn--r8jz45g.xn--zckzah");
    EXPECT_EQ(ascii_host_and_port("пример.испытание"), "xn--e1afmkfd.xn--80akhbyknj4f");
    EXPECT_EQ(ascii_host_and_port("ｅｘａｍｐｌｅ。com"), "example.com");
}

TEST(Idna, WhatIsAsciiStaysAsItIs)
{
    for (const char* text : {"example.com", "EXAMPLE.com:80", "[::1]:80", "xn--bcher-kva.example", "a_b", ""})
        EXPECT_EQ(ascii_host_and_port(text), text);
}

TEST(Idna, WhatIsNoNameIsRefused)
{
    std::string long_label;
    for (int i = 0; i < 64; ++i) long_label += "ü";
    for (const std::string& text :
         {std::string("-ü.example"), std::string("ü-.example"), std::string("ü..example"),
          std::string("ü_.example"), std::string("a℀b.example"), std::string("ü b.example"),
          std::string("a\u200Db.example"), std::string("\xC3.example"), std::string("\xFF.example"),
          std::string("ü.example:８０"), std::string("[::１]"), long_label + ".example",
          std::string("אa.example")})
        EXPECT_FALSE(ascii_host_and_port(text)) << text;
}

}  // namespace tidings::text
