// SPDX-License-Identifier: Apache-2.0
#include "http/router.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

using namespace tidings::http;
using boost::beast::http::verb;

namespace {

Handler handler()
{
    return [](const Request&) -> boost::asio::awaitable<Response> { co_return Response(); };
}

Router routes()
{
    Router router;
    router.add(verb::get, "/", handler());
    router.add(verb::post, "/v1/messages", handler());
    router.add(verb::get, "/v1/messages/{id}", handler());
    router.add(verb::put, "/v1/messages/{id}", handler());
    router.add(verb::post, "/v1/messages/confirmed", handler());
    router.add(verb::get, "/v1/webhooks/", handler());
    router.add(verb::get, "/a/{x}/b/{y}", handler());
    return router;
}

using Parameters = std::vector<std::string>;

}  // namespace

TEST(Router, FindsLiteralPathsAndParameters)
{
    Router router = routes();
    EXPECT_EQ(router.match(verb::post, "/v1/messages").pattern, "/v1/messages");
    EXPECT_EQ(router.match(verb::get, "/").pattern, "/");
    Router::Match match = router.match(verb::get, "/a/1/b/%C3%A9%2f2");
    ASSERT_TRUE(match.judge);
    EXPECT_EQ(match.parameters, (Parameters{"1", "é/2"}));
}

TEST(Router, LiteralWinsOverParameterUnlessItLacksTheMethod)
{
    Router router = routes();
    EXPECT_EQ(router.match(verb::post, "/v1/messages/confirmed").pattern, "/v1/messages/confirmed");
    Router::Match match = router.match(verb::get, "/v1/messages/confirmed");
    EXPECT_EQ(match.pattern, "/v1/messages/{id}");
    EXPECT_EQ(match.parameters, Parameters{"confirmed"});
    EXPECT_EQ(match.allow, "");
}

TEST(Router, OtherMethodsGetTheListOfAllowedOnes)
{
    Router router = routes();
    EXPECT_EQ(router.match(verb::get, "/v1/messages").allow, "POST");
    EXPECT_EQ(router.match(verb::delete_, "/v1/messages/1").allow, "GET, PUT");
    EXPECT_EQ(router.match(verb::delete_, "/v1/messages/confirmed").allow, "POST, GET, PUT");
    EXPECT_EQ(router.match(verb::head, "/").allow, "GET");
    EXPECT_FALSE(router.match(verb::unknown, "/").judge);
}

TEST(Router, AMethodIsAllowedOnceHoweverManyPatternsHaveIt)
{
    Router router;
    router.add(verb::get, "/a/b", handler());
    router.add(verb::get, "/a/{x}", handler());
    router.add(verb::delete_, "/a/{x}", handler());
    EXPECT_EQ(router.match(verb::post, "/a/b").allow, "GET, DELETE");
}

TEST(Router, OtherPathsAreNotFound)
{
    Router router = routes();
    for (std::string_view path :
         {"", "*", "/v1", "/v1/messages/", "/v1/messages//", "/v1/webhooks", "//", "/V1/messages", "/a//b/1",
          "/a/1/b", "/v1/messages/1/2", "/v1/messages/%zz", "/v1/messages/%4"}) {
        Router::Match match = router.match(verb::get, path);
        EXPECT_FALSE(match.judge) << path;
        EXPECT_EQ(match.allow, "") << path;
        EXPECT_TRUE(match.parameters.empty()) << path;
    }
    EXPECT_TRUE(router.match(verb::get, "/v1/webhooks/").judge);
}

TEST(Router, RefusesMalformedAndRepeatedPatterns)
{
    Router router = routes();
    EXPECT_THROW(router.add(verb::get, "v1", handler()), std::invalid_argument);
    EXPECT_THROW(router.add(verb::get, "/a{x}", handler()), std::invalid_argument);
    EXPECT_THROW(router.add(verb::get, "/{}", handler()), std::invalid_argument);
    EXPECT_THROW(router.add(verb::get, "/v1/messages/{other}", handler()), std::invalid_argument);
}
