// SPDX-License-Identifier: Apache-2.0
#include "http/request_parser.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

using namespace tidings::http;
using ParserState = RequestParser::State;

namespace {

constexpr RequestLimits limits{.header_max = 1024, .body_max = 64};

// Reads as a connection does that lets everybody in.
struct Parsed : RequestParser {
    explicit Parsed(std::string_view bytes = {}) : RequestParser(limits) { put(bytes); }
    std::size_t put(std::string_view bytes)
    {
        std::size_t used = RequestParser::put(bytes);
        if (state() != ParserState::headed) return used;
        head = take_head();
        read_body();
        return used + RequestParser::put(bytes.substr(used));
    }
    Request take()
    {
        Request request = std::move(head);
        request.body = take_body();
        return request;
    }
    Request head;
};

unsigned refusal(std::string_view bytes)
{
    Parsed parser(bytes);
    return parser.state() == ParserState::failed ? parser.failure().status : 0;
}

}  // namespace

TEST(RequestParser, GivesTheRequestAsItWasSent)
{
    Parsed parser(
        "PUT /v1/x?a=%20b HTTP/1.1\r\nHost: h\r\nx-Content-MD5:  abc \r\nContent-Length: 2\r\n\r\nhi");
    ASSERT_EQ(parser.state(), ParserState::done);
    Request request = parser.take();
    EXPECT_EQ(request.method, boost::beast::http::verb::put);
    EXPECT_EQ(request.target, "/v1/x?a=%20b");
    EXPECT_EQ(request.header("X-CONTENT-md5"), "abc");
    EXPECT_EQ(request.header("absent"), "");
    EXPECT_EQ(request.body, "hi");
    EXPECT_TRUE(parser.keep_alive());
    EXPECT_EQ(parser.state(), ParserState::idle);
}

TEST(RequestParser, UnknownMethodsKeepTheirText)
{
    Parsed parser("BREW / HTTP/1.1\r\nHost: h\r\n\r\n");
    ASSERT_EQ(parser.state(), ParserState::done);
    EXPECT_EQ(parser.take().method_text, "BREW");
}

TEST(RequestParser, EveryCutOfTheStreamGivesTheSameRequest)
{
    std::string bytes =
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: "
        "chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n";
    for (std::size_t cut = 1; cut < bytes.size(); ++cut) {
        Parsed parser;
        std::size_t used = parser.put(std::string_view(bytes).substr(0, cut));
        ASSERT_LE(used, cut);
        parser.put(std::string_view(bytes).substr(used));
        ASSERT_EQ(parser.state(), ParserState::done) << cut;
        EXPECT_EQ(parser.take().body, "abcde");
    }
}

TEST(RequestParser, LeavesThePipelinedRequestForTheNextCall)
{
    std::string_view bytes = "GET /1 HTTP/1.1\r\nHost: h\r\n\r\n\r\nGET /2 HTTP/1.0\r\n\r\n";
    Parsed parser;
    bytes.remove_prefix(parser.put(bytes));
    EXPECT_EQ(parser.take().target, "/1");
    parser.put(bytes);
    ASSERT_EQ(parser.state(), ParserState::done);
    EXPECT_EQ(parser.take().target, "/2");
    EXPECT_FALSE(parser.keep_alive());
}

TEST(RequestParser, RefusesWhatTwoReadersCouldUnderstandDifferently)
{
    auto post = [](std::string_view headers) {
        return refusal("POST / HTTP/1.1\r\nHost: h\r\n" + std::string(headers) + "\r\n0\r\n\r\n");
    };
    EXPECT_EQ(post("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"), 400u);
    EXPECT_EQ(post("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n"), 400u);
    EXPECT_EQ(post("Transfer-Encoding: gzip\r\nContent-Length: 5\r\n"), 400u);
    EXPECT_EQ(post("Content-Length: 5\r\nContent-Length: 6\r\n"), 400u);
    EXPECT_EQ(post("Content-Length: 5\r\nContent-Length: 5\r\n"), 400u);
    EXPECT_EQ(post("Content-Length: 5, 5\r\n"), 400u);
    EXPECT_EQ(post("Content-Length: +5\r\n"), 400u);
    EXPECT_EQ(post("Content-Length: -5\r\n"), 400u);
    EXPECT_EQ(post("Content-Length: 5x\r\n"), 400u);
    EXPECT_EQ(post("Content-Length: 99999999999999999999\r\n"), 400u);
    EXPECT_EQ(post("Content-Length : 5\r\n"), 400u);
    EXPECT_EQ(post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"), 400u);
    EXPECT_EQ(post("Transfer-Encoding: xchunked\r\n"), 501u);
    EXPECT_EQ(post("Transfer-Encoding: chunked, identity\r\n"), 501u);
    EXPECT_EQ(post("Transfer-Encoding: gzip, chunked\r\n"), 501u);
    EXPECT_EQ(post("Host: other\r\n"), 400u);
    EXPECT_EQ(post("X: a\nContent-Length: 3\r\n"), 400u);
    EXPECT_EQ(refusal("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"), 400u);
    EXPECT_EQ(
        refusal("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n"),
        400u);
    EXPECT_EQ(refusal("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n"), 400u);
}

TEST(RequestParser, LimitsHaveTheirOwnStatus)
{
    EXPECT_EQ(refusal("GET /" + std::string(2000, 'a') + " HTTP/1.1\r\nHost: h\r\n\r\n"), 414u);
    EXPECT_EQ(refusal("GET /" + std::string(2000, 'a')), 414u);
    EXPECT_EQ(refusal("GET / HTTP/1.1\r\nHost: h\r\nX: " + std::string(2000, 'a') + "\r\n\r\n"), 431u);
    EXPECT_EQ(refusal("GET / HTTP/1.1\r\nHost: h\r\nX: " + std::string(2000, 'a')), 431u);
    EXPECT_EQ(refusal("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 65\r\n\r\n"), 413u);
    EXPECT_EQ(refusal("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n41\r\n" +
                      std::string(65, 'a')),
              413u);
    EXPECT_EQ(refusal("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 64\r\n\r\n" + std::string(64, 'a')), 0u);
}

TEST(RequestParser, HeaderLimitCountsAllLinesHoweverTheyArrive)
{
    RequestParser parser(limits);
    parser.put("GET / HTTP/1.1\r\nHost: h\r\n");
    std::string rest;
    for (int line = 0; line < 30 && parser.state() == ParserState::header; ++line) {
        rest += "X: " + std::string(100, 'a') + "\r\n";
        rest.erase(0, parser.put(rest));
    }
    ASSERT_EQ(parser.state(), ParserState::failed);
    EXPECT_EQ(parser.failure().status, 431u);
}

TEST(RequestParser, NonsenseIsABadRequest)
{
    EXPECT_EQ(refusal("\x16\x03\x01\x02 hello\r\n\r\n"), 400u);
    EXPECT_EQ(refusal("GET /\r\n\r\n"), 400u);
    EXPECT_EQ(refusal("GET / HTTP/1.1\r\n\r\n"), 400u);
    EXPECT_EQ(refusal("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), 505u);
    EXPECT_EQ(refusal("GET / HTTP/1.1\r\nHost: h\r\nbad header\r\n\r\n"), 400u);
}

TEST(RequestParser, ABareLineFeedIsABadRequestAndNoOtherVersion)
{
    EXPECT_EQ(refusal("GET / HTTP/1.1\nHost: h\n\n"), 400u);
    EXPECT_EQ(refusal("GET / HTTP/1.0\n\n"), 400u);
    EXPECT_EQ(refusal("GET / HTTP/1.1\nHost: h\r\n\r\n"), 400u);
    EXPECT_EQ(refusal("GET / HTTP/1.1\r\nHost: h\n\r\n"), 400u);
    EXPECT_EQ(refusal("GET / HTTP/1.1\r\nHost: h\n\n"), 400u);
    EXPECT_EQ(refusal("GET / HTTP/2.0\n\n"), 400u);
    EXPECT_EQ(refusal("GET / HTTP/1.1\rHost: h\r\n\r\n"), 400u);
}

TEST(RequestParser, OnlyAVersionOfHttpIsOneThatIsNotSupported)
{
    for (std::string_view version : {"HTTP/0.9", "HTTP/1.2", "HTTP/2.0", "HTTP/3.0"})
        EXPECT_EQ(refusal(fmt::format("GET / {}\r\nHost: h\r\n\r\n", version)), 505u) << version;
    for (std::string_view version : {"HTTP/1.1x", "HTTP/1,1", "http/1.1", "HTTP 1.1", "HTPP/1.1", "HTTP/x.y"})
        EXPECT_EQ(refusal(fmt::format("GET / {}\r\nHost: h\r\n\r\n", version)), 400u) << version;
}

TEST(RequestParser, SaysWhoWaitsForContinue)
{
    Parsed parser("POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-Continue\r\nContent-Length: 2\r\n\r\n");
    EXPECT_EQ(parser.state(), ParserState::body);
    EXPECT_TRUE(parser.expects_continue());
    EXPECT_FALSE(
        Parsed("POST / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n").expects_continue());
}

TEST(RequestParser, StopsBehindTheHeaders)
{
    RequestParser parser(limits);
    std::string_view bytes = "POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nhi";
    EXPECT_EQ(parser.put(bytes), bytes.size() - 2);
    EXPECT_EQ(parser.state(), ParserState::headed);
    EXPECT_EQ(parser.put("hi"), 0u);
    EXPECT_EQ(parser.body_length(), 2u);
    Request head = parser.take_head();
    EXPECT_TRUE(head.has_body());
    EXPECT_EQ(head.body, "");
}

TEST(RequestParser, SkipsABodyAndKeepsNothingOfIt)
{
    for (std::string_view body :
         {"Content-Length: 50\r\n\r\n01234567890123456789012345678901234567890123456789",
          "Transfer-Encoding: chunked\r\n\r\n14\r\n01234567890123456789\r\n0\r\n\r\n"}) {
        std::string bytes = "POST /1 HTTP/1.1\r\nHost: h\r\n" + std::string(body) + "GET /2 HTTP/1.0\r\n\r\n";
        RequestParser parser(limits);
        std::string rest = bytes.substr(parser.put(bytes));
        parser.take_head();
        parser.skip_body();
        EXPECT_EQ(parser.state(), ParserState::skipping);
        rest.erase(0, parser.put(rest));
        EXPECT_EQ(parser.state(), ParserState::idle);
        EXPECT_EQ(parser.body_memory(), 0u);
        parser.put(rest);
        EXPECT_EQ(parser.take_head().target, "/2");
    }
}

TEST(RequestParser, ARequestWithoutBodyHasNothingToSkip)
{
    RequestParser parser(limits);
    parser.put("GET / HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n");
    EXPECT_FALSE(parser.take_head().has_body());
    parser.skip_body();
    EXPECT_EQ(parser.state(), ParserState::idle);
}

TEST(RequestParser, ATrailerIsNoHeader)
{
    Parsed parser(
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nAccount: other\r\n\r\n");
    ASSERT_EQ(parser.state(), ParserState::done);
    EXPECT_EQ(parser.take().header("Account"), "");
}

TEST(RequestParser, FramingOfChunksIsBoundedByteByByteToo)
{
    std::string head = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
    std::string trailers = "0\r\n", many(3000, 'x');
    for (int i = 0; i < 1000; ++i) trailers += "X: y\r\n";
    for (const std::string& flood : {"1;" + many, "1;a=\"" + many, "0\r\nX: " + many, trailers}) {
        EXPECT_EQ(refusal(head + flood), 431u);
        Parsed parser(head);
        std::size_t sent = 0;
        while (parser.state() == ParserState::body && sent < flood.size())
            ASSERT_EQ(parser.put({&flood[sent++], 1}), 1u);
        EXPECT_EQ(parser.failure().status, 431u);
        EXPECT_LT(sent, limits.header_max + 10);
    }
}

TEST(RequestParser, TargetsSplitIntoPathAndQuery)
{
    struct Case {
        std::string_view target;
        bool good;
        std::string_view path, query;
    };
    for (const Case& test :
         {Case{"/", true, "/", ""}, Case{"/a/b?c=d?e", true, "/a/b", "c=d?e"}, Case{"/a?", true, "/a", ""},
          Case{"http://h:1/a?b", true, "/a", "b"}, Case{"HTTPS://h", true, "/", ""},
          Case{"http://h?q=/", true, "/", "q=/"}, Case{"*", false, "", ""}, Case{"h:443", false, "", ""}}) {
        std::string path, query;
        EXPECT_EQ(split_target(test.target, path, query), test.good) << test.target;
        EXPECT_EQ(path, test.path);
        EXPECT_EQ(query, test.query);
    }
}
