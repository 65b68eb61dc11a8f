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
