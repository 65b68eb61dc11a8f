// SPDX-License-Identifier: Apache-2.0
#include "wire/http_url.hpp"

#include "support/repeated.hpp"

#include <gtest/gtest.h>

#include <string>

namespace tidings::wire {

using test::repeated;

namespace {

using namespace std::string_view_literals;

}  // namespace

TEST(Url, HttpWithAHostIsAccepted)
{
    for (const char* url :
         {"http://a", "https://example.com", "HTTPS://EXAMPLE.COM/", "http://127.0.0.1:8080/x?y#z",
          "http://[::1]:80/", "http://[2001:db8::1]", "https://user:pass@example.com/",
          "http://xn--bcher-kva.example", "http://bücher.example:8080/ü", "http://例え.テスト",
          "https://a-b.example/{id}|?q=\"é\"", "http://localhost:65535"})
        EXPECT_TRUE(is_http_url(url)) << url;
}

TEST(Url, AnOriginLeavesInAscii)
{
    EXPECT_EQ(sent_origin("http://bücher.example:8080/ü?x#y"), "http://xn--bcher-kva.example:8080");
    EXPECT_EQ(sent_origin("https://example.com"), "https://example.com");
    EXPECT_EQ(sent_origin("HTTP://ü:p%20@EXAMPLE.com?x"), "HTTP://%C3%BC:p%20@EXAMPLE.com");
    EXPECT_EQ(sent_origin("https://[::1]:80/"), "https://[::1]:80");
}

TEST(Url, OthersAreRefused)
{
    for (std::string_view url : {"https://-invalid.com"sv,
                                 "https://invalid_.com"sv,
                                 "https:///path"sv,
                                 "https://:/path"sv,
                                 "http://.example.com"sv,
                                 "http://example..com"sv,
                                 ""sv,
                                 "http"sv,
                                 "http://"sv,
                                 "https:example.com"sv,
                                 "ftp://example.com"sv,
                                 "javascript:alert(1)"sv,
                                 "//example.com"sv,
                                 "example.com"sv,
                                 "http://example.com:"sv,
                                 "http://example.com:0"sv,
                                 "http://example.com:65536"sv,
                                 "http://example.com:8a"sv,
                                 "http://example.com:999999"sv,
                                 "http://invalid-.com"sv,
                                 "http://exa mple.com"sv,
                                 "http://example.com/a b"sv,
                                 "http://example.com/a\tb"sv,
                                 "http://example.com/a\r\nHost: x"sv,
                                 "http://example.com/\0"sv,
                                 "http://example.com/\x7F"sv,
                                 "http://example.com/\u00A0"sv,
                                 "http://example.com/\u2003"sv,
                                 "http://-bücher.example"sv,
                                 "http://bücher_.example"sv,
                                 "http://bücher..example"sv,
                                 "http://bücher.example:0"sv,
                                 "http://a℀b.example"sv,
                                 "http://[::1"sv,
                                 "http://[]"sv,
                                 "http://[::g]"sv,
                                 "http://[::1]x"sv,
                                 "http://a\\@example.com\\"sv,
                                 "http://example.com."sv,
                                 "http://@"sv,
                                 "http://@/x"sv,
                                 " http://example.com"sv})
        EXPECT_FALSE(is_http_url(url)) << url;
    EXPECT_TRUE(is_http_url("http://" + repeated("a", 63) + ".example"));
    EXPECT_FALSE(is_http_url("http://" + repeated("a", 64) + ".example"));
    EXPECT_FALSE(is_http_url("http://" + repeated("a.", 130) + "example"));
}

}  // namespace tidings::wire
