// SPDX-License-Identifier: Apache-2.0
#include "http/transfer.hpp"

#include <gtest/gtest.h>

using namespace tidings;
using namespace tidings::http;

namespace {

ClientRequest to(std::string url)
{
    ClientRequest request;
    request.url = std::move(url);
    return request;
}

}  // namespace

TEST(ClientRequest, OnlyHttpUrlsWithAHostMayBeSent)
{
    for (auto url : {"http://example.com", "HTTPS://example.com:8443/a?b", "http://[::1]/", "http://a/é"})
        EXPECT_FALSE(check(to(url))) << url;
    for (auto url : {"", "http://", "http:///path", "https://:80/", "http://?q", "ftp://example.com",
                     "file:///etc/passwd", "gopher://h", "example.com", "//example.com", "http:example.com",
                     " http://example.com", "http://example.com/a b", "http://example.com/\r\nX: y"}) {
        auto failure = check(to(url));
        ASSERT_TRUE(failure) << url;
        EXPECT_EQ(failure->code, base::errc::bad_url);
    }
}

TEST(ClientRequest, AUrlHasALimit)
{
    std::string url = "http://example.com/";
    EXPECT_FALSE(check(to(url + std::string(url_max - url.size(), 'x'))));
    auto failure = check(to(url + std::string(url_max, 'x')));
    ASSERT_TRUE(failure);
    EXPECT_EQ(failure->code, base::errc::bad_url);
}

TEST(ClientRequest, WhatLibcurlRefusesFailsTheRequestAndNothingElse)
{
    AddressPolicy policy;
    Transfer transfer(policy, "");
    ClientRequest bad[] = {to("http://example.com/"), to("http://example.com/" + std::string(9'000'000, 'x')),
                           to("http://example.com/")};
    bad[0].target = "/" + std::string(9'000'000, 'x');
    bad[2].method = std::string(9'000'000, 'X');
    for (ClientRequest& request : bad) {
        std::optional<ClientResult> told;
        auto failure = transfer.begin({request, [&told](ClientResult result) { told = std::move(result); }});
        ASSERT_TRUE(failure);
        EXPECT_EQ(failure->code, boost::system::errc::invalid_argument);
        transfer.abort(*failure);
        ASSERT_TRUE(told);
        EXPECT_EQ(told->error().text, failure->text);
    }
    EXPECT_FALSE(transfer.begin({to("http://example.com/"), [](ClientResult) {}}));
}

TEST(ClientRequest, HeadersCannotBreakOutOfTheirLine)
{
    std::pair<std::string, std::string> bad[] = {
        {"", "v"}, {"A", "b\r\nC: d"}, {"A\nB", "c"}, {"A: b", "c"}, {"A;", ""}, {"A", std::string("\0", 1)}};
    for (const auto& header : bad) {
        ClientRequest request = to("http://example.com");
        request.headers.push_back(header);
        EXPECT_TRUE(check(request)) << header.first;
    }
    ClientRequest request = to("http://example.com");
    request.headers = {{"A", "b: c;"}, {"Empty", ""}};
    EXPECT_FALSE(check(request));
}

TEST(ClientRequest, TargetIsPathAndQueryAsTheyAreSent)
{
    std::pair<std::string_view, std::string_view> cases[] = {
        {"http://example.com", "/"},
        {"http://example.com?a=b", "/?a=b"},
        {"https://u:p@example.com:8443/a/../b//c?x=%20&y=/?#part", "/a/../b//c?x=%20&y=/?"},
        {"http://example.com/#part", "/"},
        {"http://example.com/\xC3\xBC", "/%C3%BC"},
    };
    for (const auto& [url, target] : cases) EXPECT_EQ(target_of(url), target) << url;
}

TEST(ClientRequest, TargetCannotBreakOutOfItsLine)
{
    for (auto target : {"a", "/a b", "/a\r\nHost: b", "/a#b", "/\xC3\xBC"}) {
        ClientRequest request = to("http://example.com");
        request.target = target;
        EXPECT_TRUE(check(request)) << target;
    }
    ClientRequest request = to("http://example.com");
    request.target = "/a?b=%20";
    EXPECT_FALSE(check(request));
}
