// SPDX-License-Identifier: Apache-2.0
#include "http/origin.hpp"

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

TEST(ClientRequest, OnlyMethodsWhoseAnswersAreUnderstoodMayBeSent)
{
    for (auto method : {"POST", "GET", "PUT", "PATCH", "DELETE"}) {
        ClientRequest request = to("http://example.com");
        request.method = method;
        EXPECT_FALSE(check(request)) << method;
    }
    for (std::string method : {"", "HEAD", "CONNECT", "post", "A B", "GET /x HTTP/1.1\r\nHost: a"}) {
        ClientRequest request = to("http://example.com");
        request.method = method;
        auto failure = check(request);
        ASSERT_TRUE(failure) << method;
        EXPECT_EQ(failure->code, boost::system::errc::invalid_argument);
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

namespace {

std::string head_of(const ClientRequest& request)
{
    std::string out;
    append_head(out, request, parse_origin(origin_text(request.url)).value());
    return out;
}

}  // namespace

TEST(Origin, IsWhatStandsBeforeThePath)
{
    for (auto rest : {"", "/", "/a?b", "?x", "#f", "/a@b", "/http://c"})
        EXPECT_EQ(origin_text(std::string("http://u:p@h:1") + rest), "http://u:p@h:1") << rest;
}

TEST(Origin, HasSchemeHostAndPort)
{
    struct Case {
        std::string_view url;
        bool is_tls;
        std::string_view host;
        int port;
        std::string_view host_and_port;
    };
    Case cases[] = {
        {"http://example.com/a", false, "example.com", 80, "example.com"},
        {"HTTPS://Example.com", true, "Example.com", 443, "Example.com"},
        {"https://example.com:443/", true, "example.com", 443, "example.com"},
        {"http://example.com:443/", false, "example.com", 443, "example.com:443"},
        {"http://[::1]/", false, "::1", 80, "[::1]"},
        {"http://[2001:db8::1]:8080/", false, "2001:db8::1", 8080, "[2001:db8::1]:8080"},
        {"http://127.1:81/", false, "127.1", 81, "127.1:81"},
        {"http://user@127.0.0.1:80@example.com/", false, "example.com", 80, "example.com"},
    };
    for (const Case& it : cases) {
        Origin origin = parse_origin(it.url).value();
        EXPECT_EQ(origin.is_tls, it.is_tls) << it.url;
        EXPECT_EQ(origin.host, it.host) << it.url;
        EXPECT_EQ(origin.port, it.port) << it.url;
        EXPECT_EQ(origin.host_and_port, it.host_and_port) << it.url;
    }
}

TEST(Origin, WithoutAHostOrAPortThatCanBeAskedForThereIsNone)
{
    for (auto url : {"ftp://a", "http://", "http://:80", "http://a:0", "http://a:65536", "http://a:x",
                     "http://a:", "http://a:80:81", "http://[::1", "http://[]", "http://[g::]",
                     "http://[::1]x", "http://[fe80::1%25lo]", "http://[127.0.0.1]", "http://a%2e/"})
        EXPECT_FALSE(parse_origin(url)) << url;
}

TEST(Origin, UserAndPasswordOfTheUrlBecomeCredentials)
{
    auto authorization = [](std::string_view url) { return parse_origin(url).value().authorization; };
    EXPECT_EQ(authorization("http://example.com"), "");
    EXPECT_EQ(authorization("http://Aladdin:open%20sesame@example.com"),
              "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
    EXPECT_EQ(authorization("http://a@example.com"), "Basic YTo=");
    EXPECT_EQ(authorization("http://a%:%zz@b@example.com"), "Basic YSU6JXp6QGI=");
}

TEST(RequestHead, HasWhatTheRequestSaysAndWhatEveryRequestHas)
{
    ClientRequest request = to("https://u:p@example.com:8443/a b#c");
    request.target = "/a%20b";
    request.headers = {{"Content-Type", "application/json"}, {"X-Empty", ""}};
    request.body = "hello";
    EXPECT_EQ(head_of(request),
              "POST /a%20b HTTP/1.1\r\nHost: example.com:8443\r\nUser-Agent: Tidings/0.1\r\nAccept: */*\r\n"
              "Authorization: Basic dTpw\r\nContent-Type: application/json\r\nX-Empty:\r\nContent-Length: "
              "5\r\n\r\n");
}

TEST(RequestHead, AHeaderOfTheRequestStandsInPlaceOfOurs)
{
    ClientRequest request = to("http://u:p@example.com?x=\xC3\xBC");
    request.method = "GET";
    request.headers = {{"user-agent", "mine"}, {"ACCEPT", "text/plain"}, {"authorization", "Bearer x"}};
    EXPECT_EQ(head_of(request),
              "GET /?x=%C3%BC HTTP/1.1\r\nHost: example.com\r\nuser-agent: mine\r\nACCEPT: text/plain\r\n"
              "authorization: Bearer x\r\n\r\n");
}

TEST(RequestHead, AnEmptyBodyHasALengthWhereOneIsExpected)
{
    for (auto [method, has_length] :
         {std::pair{"POST", true}, {"PUT", true}, {"GET", false}, {"DELETE", false}}) {
        ClientRequest request = to("http://example.com");
        request.method = method;
        bool found = head_of(request).find("Content-Length: 0\r\n") != std::string::npos;
        EXPECT_EQ(found, has_length) << method;
    }
}
