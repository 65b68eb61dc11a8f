// SPDX-License-Identifier: Apache-2.0
#include "api/authorization.hpp"

#include <gtest/gtest.h>

namespace tidings::api {

TEST(Authorization, SchemesAreKnownInAnyLetterCase)
{
    EXPECT_EQ(split_authorization("").scheme, Scheme::none);
    EXPECT_EQ(split_authorization("  ").scheme, Scheme::none);
    EXPECT_EQ(split_authorization("HMAC username=\"a\"").scheme, Scheme::hmac);
    EXPECT_EQ(split_authorization("basic YTpi").scheme, Scheme::basic);
    EXPECT_EQ(split_authorization("Bearer").scheme, Scheme::bearer);
    EXPECT_EQ(split_authorization("Digest a=b").scheme, Scheme::unknown);
    EXPECT_EQ(split_authorization(" Bearer \t abc ").credentials, "abc");
}

TEST(Authorization, BasicExampleOfTheReference)
{
    auto credentials = parse_basic("dGhpc2lzYWtleTp0aGlzaXNhc2VjcmV0Zm9ybW1iYXNpY2F1dGhyZXN0YXBp");
    ASSERT_TRUE(credentials);
    EXPECT_EQ(credentials->key, "thisisakey");
    EXPECT_EQ(credentials->secret, "thisisasecretformmbasicauthrestapi");
}

TEST(Authorization, HmacParametersInEveryStyle)
{
    for (std::string_view text : {
             R"(username="K=Y", algorithm="hmac-sha256", headers="Date request-line", signature="AQI=")",
             R"(  username = "K=Y" ,algorithm="HMAC-SHA256",headers  ="Date request-line " ,signature="AQI")",
             R"(signature=AQI=,headers="Date request-line",Algorithm=hmac-sha256,USERNAME=K=Y,)",
             R"(n="a,\"b=",username="K\=Y",algorithm=hmac-sha256,signature=AQI=,headers="Date request-line")",
         }) {
        auto credentials = parse_hmac(text);
        ASSERT_TRUE(credentials) << text;
        EXPECT_EQ(credentials->key, "K=Y");
        EXPECT_EQ(credentials->digest, base::HmacDigest::sha256);
        EXPECT_EQ(credentials->signed_names, (std::vector<std::string>{"Date", "request-line"}));
        EXPECT_EQ(credentials->signature, "\1\2");
    }
}

TEST(Authorization, MalformedHmacIsNothing)
{
    for (std::string_view text : {
             R"()",
             R"(username)",
             R"(username="KEY", algorithm="hmac-sha1", headers="date request-line")",
             R"(username="KEY", algorithm="hmac-md5", headers="date", signature="AQI=")",
             R"(username="KEY", algorithm="hmac-sha1", headers="", signature="AQI=")",
             R"(username="KEY", algorithm="hmac-sha1", headers="date", signature="!")",
             R"(username="KEY", algorithm="hmac-sha1", headers="date", signature="AQI=)",
             R"(username="KEY" algorithm="hmac-sha1", headers="date", signature="AQI=")",
             R"(username="KEY", algorithm="hmac-sha1", headers="date\)",
         })
        EXPECT_FALSE(parse_hmac(text)) << text;
}

TEST(Authorization, ManySignedNamesAreRefused)
{
    std::string names = "date";
    for (std::size_t i = 1; i < signed_names_max; ++i) names += " x";
    std::string begin = R"(username="KEY", algorithm="hmac-sha1", signature="AQI=", headers=")";
    EXPECT_TRUE(parse_hmac(begin + names + '"'));
    EXPECT_FALSE(parse_hmac(begin + names + " x\""));
}

}  // namespace tidings::api
