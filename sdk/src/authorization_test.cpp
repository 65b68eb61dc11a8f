// SPDX-License-Identifier: Apache-2.0
#include "authorization.hpp"

#include <gtest/gtest.h>
#include <boost/json/parse.hpp>

#include <fstream>
#include <sstream>

namespace tidings::detail {

namespace {

namespace json = boost::json;

std::string text(const json::object& object, std::string_view name)
{
    const json::value* value = object.if_contains(name);
    return value && value->is_string() ? json::value_to<std::string>(*value) : "";
}

json::object vectors()
{
    std::ifstream file(VECTORS "/hmac-vectors.json");
    std::stringstream all;
    all << file.rdbuf();
    return json::parse(all.str()).as_object();
}

TEST(Authorization, SignsAsTheReferenceDoes)
{
    json::object file = vectors();
    int seen = 0;
    for (const json::value& value : file["vectors"].as_array()) {
        const json::object& vector = value.as_object();
        if (text(vector, "sdk") != "document") continue;
        std::string expected = text(vector, "authorization"), body = text(vector, "body");
        std::string method = text(vector, "method_sent"), path = text(vector, "path"),
                    date = text(file, "date");
        bool is_sha1 = expected.find("hmac-sha1") != expected.npos;
        Hmac key{text(file, "key"), text(file, "secret"), is_sha1 ? Digest::sha1 : Digest::sha256};
        Signed made = sign(key, {.method = method, .target = path, .body = body, .date = date});
        EXPECT_EQ(made.authorization, expected) << text(vector, "case");
        EXPECT_EQ(made.content_md5, text(vector, "md5_value"));
        EXPECT_EQ(made.date, date);
        ++seen;
    }
    EXPECT_EQ(seen, 10);
}

TEST(Authorization, BasicNeedsNeitherDateNorDigest)
{
    ToSign request{.method = "POST", .target = "/", .body = "{}", .date = "now"};
    Signed made = sign(Basic{"thisisakey", "thisisasecretformmbasicauthrestapi"}, request);
    EXPECT_EQ(made.authorization, "Basic dGhpc2lzYWtleTp0aGlzaXNhc2VjcmV0Zm9ybW1iYXNpY2F1dGhyZXN0YXBp");
    EXPECT_EQ(made.date + made.content_md5, "");
}

}  // namespace

}  // namespace tidings::detail
