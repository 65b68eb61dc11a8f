// SPDX-License-Identifier: Apache-2.0
#include "tidings/signature.hpp"

#include "time.hpp"

#include <gtest/gtest.h>
#include <boost/json/parse.hpp>

#include <fstream>
#include <sstream>

namespace tidings {

namespace {

namespace json = boost::json;
using namespace std::chrono_literals;

const json::object& vectors()
{
    static const json::object all = [] {
        std::ifstream file(VECTORS "/signatures.json");
        std::stringstream text;
        text << file.rdbuf();
        return json::parse(text.str()).as_object();
    }();
    return all;
}

std::string_view text(const json::value& object, std::string_view name)
{
    return std::string_view(object.as_object().at(name).as_string());
}

SignedCallback callback_of(const json::value& vector)
{
    return {.target = text(vector, "target"),
            .body = text(vector, "body"),
            .date = std::string_view(vectors().at("date").as_string()),
            .signature = text(vector, "signature"),
            .digest = text(vector, "digest")};
}

Freshness at(Time now) { return {.now = now}; }

TEST(ClientSignature, OfRsaVerifiesWhatOpensslSigned)
{
    std::string_view key(vectors().at("public_key").as_string());
    for (const json::value& vector : vectors().at("rsa").as_array()) {
        SignedCallback callback = callback_of(vector);
        Freshness fresh = at(detail::parse_http_date(callback.date).value() + 1min);
        EXPECT_TRUE(verify(callback, key, fresh)) << text(vector, "digest");
        SignedCallback changed = callback;
        changed.target = "/other";
        EXPECT_EQ(verify(changed, key, fresh).error().code, errc::bad_signature);
        changed = callback;
        changed.body = "{}";
        EXPECT_FALSE(verify(changed, key, fresh));
        changed = callback;
        changed.digest = "MD5";
        EXPECT_FALSE(verify(changed, key, fresh));
        EXPECT_FALSE(verify(callback, "AAAA", fresh));
        EXPECT_FALSE(verify(callback, key, at(fresh.now + 10min)));
        EXPECT_FALSE(verify(callback, key));  // signed years ago
    }
}

TEST(ClientSignature, OfStandardWebhooksVerifiesWhatOpensslSigned)
{
    std::string_view secret(vectors().at("secret").as_string());
    for (const json::value& vector : vectors().at("standard_webhooks").as_array()) {
        StandardWebhook webhook{.id = text(vector, "id"),
                                .timestamp = text(vector, "timestamp"),
                                .signature = text(vector, "signature"),
                                .body = text(vector, "body")};
        Freshness fresh = at(Time(std::chrono::seconds(std::stoll(std::string(webhook.timestamp)))));
        EXPECT_TRUE(verify(webhook, secret, fresh));
        EXPECT_TRUE(verify(webhook, secret.substr(6), fresh));
        std::string several = "v1,AAAA v2,BBBB " + std::string(webhook.signature);
        StandardWebhook rotated = webhook;
        rotated.signature = several;
        EXPECT_TRUE(verify(rotated, secret, fresh));
        rotated.signature = "v1,AAAA";
        EXPECT_EQ(verify(rotated, secret, fresh).error().code, errc::bad_signature);
        StandardWebhook changed = webhook;
        changed.id = "other";
        EXPECT_FALSE(verify(changed, secret, fresh));
        EXPECT_FALSE(verify(webhook, "", fresh));
        EXPECT_FALSE(verify(webhook, secret, at(fresh.now + 301s)));
    }
    EXPECT_FALSE(verify(StandardWebhook{.timestamp = "99999999999999999"}, secret));
}

}  // namespace

}  // namespace tidings
