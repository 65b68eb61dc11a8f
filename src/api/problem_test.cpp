// SPDX-License-Identifier: Apache-2.0
#include "api/problem.hpp"

#include <gtest/gtest.h>

namespace tidings::api {

TEST(Problem, BodiesAreThoseOfTheReference)
{
    EXPECT_EQ(response_of(not_found()).body, R"({"message":"Resource not found"})");
    EXPECT_EQ(response_of(unauthorized("Basic")).body, R"({"message":"Unauthorized"})");
    EXPECT_EQ(
        response_of(bad_request({"/messages/0/content: a", "b"})).body,
        R"({"message":"Request failed to parse correctly. Please ensure input is valid and try again.",)"
        R"("details":["/messages/0/content: a","b"]})");
}

TEST(Problem, AreJsonAndCarryTheirHeaders)
{
    http::Response response = response_of(store_unavailable());
    EXPECT_EQ(response.status, 503u);
    EXPECT_EQ(response.content_type, "application/json; charset=utf-8");
    ASSERT_EQ(response.headers.size(), 1u);
    EXPECT_EQ(response.headers[0].first, "Retry-After");
}

TEST(Problem, TooManyRequestsSayWhenToComeBack)
{
    http::Response response =
        response_of(too_many_requests(std::chrono::seconds(7), "The account may make 2 requests a second."));
    EXPECT_EQ(response.status, 429u);
    EXPECT_EQ(response.body, R"({"message":"Too many requests. Please slow down.",)"
                             R"("details":["The account may make 2 requests a second."]})");
    ASSERT_EQ(response.headers.size(), 1u);
    EXPECT_EQ(response.headers[0], std::pair(std::string("Retry-After"), std::string("7")));
}

TEST(Problem, OutcomesOfTheStoreAreTranslated)
{
    EXPECT_EQ(problem_of(base::errc::not_found).status, 404u);
    EXPECT_EQ(response_of(problem_of(base::errc::not_scheduled)).body,
              R"({"message":"Message is not currently scheduled"})");
    EXPECT_EQ(problem_of(base::errc::not_scheduled).status, 400u);
    EXPECT_EQ(problem_of(base::errc::exists).status, 409u);
    EXPECT_EQ(problem_of(make_error_code(boost::system::errc::io_error)).status, 500u);
    EXPECT_EQ(problem_of(base::errc::bad_pdu).message, "Something went wrong. Please try again later.");
}

TEST(Problem, TheUnknownAccountIsQuotedAsJsonAndEndsWithANewline)
{
    http::Response response = response_of(invalid_account("INVALID ACCOUNT"));
    EXPECT_EQ(response.status, 403u);
    EXPECT_EQ(response.body, "{\"message\":\"Invalid account 'INVALID ACCOUNT' in header Account\"}\n");
    EXPECT_EQ(response_of(invalid_account("a\"b\\")).body,
              "{\"message\":\"Invalid account 'a\\\"b\\\\' in header Account\"}\n");
    EXPECT_EQ(response_of(invalid_account("caf\xE9")).body,
              "{\"message\":\"Invalid account 'caf\xEF\xBF\xBD' in header Account\"}\n");
}

TEST(Problem, DetailsShowNoBytesOfTheRequestThatAreNoText)
{
    Problem problem = bad_request({"caf\xE9", "a\x1B[2J\nb\x7F", std::string(1 << 20, 'x')});
    std::string body = response_of(problem).body;
    EXPECT_NE(body.find(R"("caf\\xE9","a\\x1B[2J\\x0Ab\\x7F","xxx)"), body.npos) << body;
    EXPECT_LT(body.size(), 1000u);
    EXPECT_TRUE(body.ends_with("x…\"]}"));
}

}  // namespace tidings::api
