// SPDX-License-Identifier: Apache-2.0
#include "http/response_writer.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

using namespace tidings::http;

namespace {

std::string written(const Response& response, const ResponseContext& context)
{
    std::string out;
    append_response(out, response, context);
    return out;
}

constexpr ResponseContext plain{.id = "1"};

}  // namespace

TEST(ResponseWriter, WritesStatusHeadersAndBody)
{
    Response response;
    response.status = 202;
    response.body = "{}";
    response.headers.emplace_back("Retry-After", "1");
    EXPECT_EQ(
        written(response, plain),
        "HTTP/1.1 202 Accepted\r\nContent-Type: application/json\r\nContent-Length: 2\r\nX-Request-Id: 1\r\n"
        "Retry-After: 1\r\n\r\n{}");
}

TEST(ResponseWriter, AppendsToAnswersBefore)
{
    std::string out;
    append_response(out, {}, plain);
    std::string first = out;
    append_response(out, {}, plain);
    EXPECT_EQ(out, first + first);
    EXPECT_EQ(first, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX-Request-Id: 1\r\n\r\n");
}

TEST(ResponseWriter, NoContentHasNoLength)
{
    Response response;
    response.status = 204;
    EXPECT_EQ(written(response, plain), "HTTP/1.1 204 No Content\r\nX-Request-Id: 1\r\n\r\n");
}

TEST(ResponseWriter, AnswerToHeadHasTheLengthButNotTheBody)
{
    Response response = error_response(404, "Resource not found");
    std::string text = written(response, {.id = "1", .keep_alive = true, .http_1_0 = false, .head = true});
    EXPECT_NE(text.find("Content-Length: 32\r\n"), text.npos);
    EXPECT_TRUE(text.ends_with("\r\n\r\n"));
}

TEST(ResponseWriter, SaysWhetherTheConnectionStays)
{
    auto connection = [](bool keep_alive, bool http_1_0) {
        return written({}, {.id = "1", .keep_alive = keep_alive, .http_1_0 = http_1_0, .head = false});
    };
    EXPECT_EQ(connection(true, false).find("Connection"), std::string::npos);
    EXPECT_NE(connection(false, false).find("Connection: close\r\n"), std::string::npos);
    EXPECT_NE(connection(false, true).find("Connection: close\r\n"), std::string::npos);
    EXPECT_NE(connection(true, true).find("Connection: keep-alive\r\n"), std::string::npos);
}

TEST(ResponseWriter, HeadersCannotBreakOutOfTheirLine)
{
    std::string out = "before";
    Response response;
    response.headers.emplace_back("X", "a\r\nSet-Cookie: b");
    EXPECT_THROW(append_response(out, response, plain), std::invalid_argument);
    EXPECT_EQ(out, "before");
}
