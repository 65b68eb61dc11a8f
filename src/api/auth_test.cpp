// SPDX-License-Identifier: Apache-2.0
#include "api/auth.hpp"

#include "base/file.hpp"

#include <gtest/gtest.h>
#include <boost/json.hpp>

namespace tidings::api {

namespace {

namespace json = boost::json;
using namespace std::chrono_literals;

constexpr std::string_view hmac_mismatch = "HMAC signature does not match";
constexpr std::string_view hmac_unverifiable = "HMAC signature cannot be verified";
constexpr std::string_view hmac_no_date =
    "HMAC signature cannot be verified, a valid date or x-date header is required for HMAC Authentication";
constexpr std::string_view basic_wrong = "Invalid authentication credentials";

const base::Time now = *base::parse_http_date("Sat, 30 Jul 2016 05:18:52 GMT");

constexpr store::AccountKey mine{1}, child{2}, stranger{3};

store::Settings settings_with(const std::string& hmac_key, const std::string& hmac_secret)
{
    store::Settings settings;
    auto add = [&settings](store::AccountKey key, const std::string& id,
                           std::optional<store::AccountKey> parent = {}) {
        store::Account account;
        account.key = key;
        account.id = id;
        account.parent = parent;
        settings.put(std::move(account));
    };
    add(mine, "MyAccount");
    add(child, "MyShop", mine);
    add(stranger, "Stranger");
    settings.keys.put("basic", {"basic", mine, store::KeyScheme::basic, base::sha256("pass:word"), {}});
    settings.keys.put(hmac_key, {hmac_key, mine, store::KeyScheme::hmac, {}, hmac_secret});
    return settings;
}

std::string text_of(const json::value& value) { return std::string(value.as_string()); }

json::object vectors() { return json::parse(base::read_file(VECTORS "/hmac-vectors.json")).as_object(); }

// The vector's own value of a field or, if it has none, the file's.
std::string field(const json::object& file, const json::object& vector, std::string_view name)
{
    return text_of(vector.contains(name) ? vector.at(name) : file.at(name));
}

http::Request request_of(const json::object& file, const json::object& vector)
{
    http::Request request;
    request.method_text = text_of(vector.at("method_sent"));
    request.target = text_of(vector.at("path"));
    if (vector.at("body").is_string()) request.body = text_of(vector.at("body"));
    request.headers.set("DATE", field(file, vector, "date"));
    if (vector.contains("md5_header"))
        request.headers.set(text_of(vector.at("md5_header")), text_of(vector.at("md5_value")));
    request.headers.set("Authorization", text_of(vector.at("authorization")));
    return request;
}

// What was answered: nothing when the request was let in.
std::string outcome(const http::Request& request, const store::Settings& settings, base::Time at = now,
                    const AuthOptions& options = {})
{
    auto key = authenticate(request, settings, at, options);
    if (!key) return key.error().message;
    auto problem = refuse_body(request, **key, options);
    return problem ? problem->message : "";
}

// A request signed by hand, one field of which a test may spoil.
struct Signed {
    std::string method = "POST";
    std::string target = "/v1/messages?x=%20";
    std::string body = "{}";
    std::string names = "date x-content-md5 request-line";
    std::vector<std::pair<std::string, std::string>> headers = {
        {"date", "Sat, 30 Jul 2016 05:18:52 GMT"}, {"x-content-md5", "99914b932bd37a50b983c5e7c90ae93b"}};
    std::string signed_method = "POST";

    http::Request request(const std::string& key = "key", const std::string& secret = "secret") const
    {
        http::Request request;
        request.method_text = method;
        request.target = target;
        request.body = body;
        for (const auto& [name, value] : headers) request.headers.insert(name, value);
        std::string text;
        for (std::string rest = names + ' '; !rest.empty();) {
            std::string name = rest.substr(0, rest.find(' '));
            rest.erase(0, name.size() + 1);
            if (!text.empty()) text += '\n';
            text += name == "request-line" ? signed_method + ' ' + target + " HTTP/1.1"
                                           : name + ": " + std::string(request.header(name));
        }
        request.headers.set(
            "Authorization",
            fmt::format(R"(hmac username="{}", algorithm="hmac-sha1", headers="{}", signature="{}")", key,
                        names, base::to_base64(base::hmac(base::HmacDigest::sha1, secret, text))));
        return request;
    }
};

const store::Settings known = settings_with("key", "secret");

http::Request basic_request(std::string_view scheme, std::string_view credentials)
{
    http::Request request;
    request.headers.set("authorization", fmt::format("{} {}", scheme, base::to_base64(credentials)));
    return request;
}

}  // namespace

TEST(Hmac, EveryRequestThatAnOfficialClientSignsIsLetIn)
{
    json::object file = vectors();
    ASSERT_EQ(file.at("vectors").as_array().size(), 41u);
    for (const json::value& item : file.at("vectors").as_array()) {
        const json::object& vector = item.as_object();
        SCOPED_TRACE(text_of(vector.at("sdk")) + " " + text_of(vector.at("case")));
        std::string name = field(file, vector, "key");
        store::Settings settings = settings_with(name, field(file, vector, "secret"));
        base::Time date = *base::parse_http_date(field(file, vector, "date"));
        auto key = authenticate(request_of(file, vector), settings, date, {});
        ASSERT_TRUE(key) << key.error().message;
        EXPECT_EQ((*key)->name, name);
    }
}

TEST(Hmac, EveryVectorFailsWithAnotherSecretAndWithAnotherBody)
{
    json::object file = vectors();
    for (const json::value& item : file.at("vectors").as_array()) {
        const json::object& vector = item.as_object();
        SCOPED_TRACE(text_of(vector.at("sdk")) + " " + text_of(vector.at("case")));
        std::string name = field(file, vector, "key");
        base::Time date = *base::parse_http_date(field(file, vector, "date"));
        http::Request request = request_of(file, vector);
        EXPECT_EQ(outcome(request, settings_with(name, "another"), date), hmac_mismatch);

        if (!vector.contains("md5_header")) continue;
        request.body.insert(request.body.size() - 1, " ");
        EXPECT_EQ(outcome(request, settings_with(name, field(file, vector, "secret")), date), hmac_mismatch);
    }
}

TEST(Hmac, LenienciesCanBeSwitchedOff)
{
    json::object file = vectors();
    AuthOptions strict{.put_as_post = false, .lossy_md5 = false};
    for (const json::value& item : file.at("vectors").as_array()) {
        const json::object& vector = item.as_object();
        SCOPED_TRACE(text_of(vector.at("sdk")) + " " + text_of(vector.at("case")));
        store::Settings settings = settings_with(field(file, vector, "key"), field(file, vector, "secret"));
        base::Time date = *base::parse_http_date(field(file, vector, "date"));
        bool put_as_post = vector.at("method_sent") != vector.at("method_signed");
        bool lossy = vector.contains("md5_matches_body") && !vector.at("md5_matches_body").as_bool();
        EXPECT_EQ(outcome(request_of(file, vector), settings, date, strict),
                  put_as_post || lossy ? hmac_mismatch : "");
    }
}

TEST(Hmac, TheLossyDigestIsForCharactersBeyondAsciiAlone)
{
    auto outcome_with = [](const std::string& hashed, const std::string& body, bool capitals) {
        std::string digest = base::to_hex(base::md5(hashed));
        if (capitals)
            for (char& c : digest) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
        Signed signed_body{.body = body};
        signed_body.headers[1].second = digest;
        return outcome(signed_body.request(), known);
    };
    EXPECT_EQ(outcome_with("H?llo ?? ??", "Héllo 你好 😀", true), "");
    EXPECT_EQ(outcome_with("H?llo", "Héllo", false), hmac_mismatch) << "exact digests are in small letters";
    EXPECT_EQ(outcome_with("H?llo", "Hello", true), hmac_mismatch);
    EXPECT_EQ(outcome_with("H?llo!", "Héllo?", true), hmac_mismatch);
    EXPECT_EQ(outcome_with("H?llo", "H\xE9llo", true), hmac_mismatch) << "no characters at all";
    EXPECT_EQ(outcome_with("H?llo", "H?llo", true), "") << "the exact one, in capitals";
}

TEST(Hmac, APutWithoutBodyOrAnotherMethodIsNotTakenForAPost)
{
    Signed put{.method = "PUT"};
    EXPECT_EQ(outcome(put.request(), known), "");
    put.body = "";
    put.names = "date request-line";
    EXPECT_EQ(outcome(put.request(), known), hmac_mismatch);
    EXPECT_EQ(outcome(Signed{.method = "PATCH"}.request(), known), hmac_mismatch);
}

TEST(Hmac, TheDateMayBeFiveMinutesOffAndNotMore)
{
    http::Request request = Signed{}.request();
    for (auto off : {-300'000ms, 0ms, 300'000ms}) EXPECT_EQ(outcome(request, known, now + off), "");
    for (auto off : {-300'001ms, 300'001ms}) EXPECT_EQ(outcome(request, known, now + off), hmac_no_date);
}

TEST(Hmac, XDateReplacesDate)
{
    Signed both{.names = "x-date request-line"};
    both.headers = {{"date", "Sat, 30 Jul 2011 05:18:52 GMT"}, {"X-Date", "Sat, 30 Jul 2016 05:18:52 GMT"}};
    EXPECT_EQ(outcome(both.request(), known), "");
    both.names = "date request-line";
    EXPECT_EQ(outcome(both.request(), known), hmac_no_date);
}

TEST(Hmac, WhatMustBeSignedMustBeThere)
{
    EXPECT_EQ(outcome(Signed{.names = "x-content-md5 request-line"}.request(), known), hmac_no_date);
    EXPECT_EQ(outcome(Signed{.names = "date x-content-md5"}.request(), known), hmac_unverifiable);
    EXPECT_EQ(outcome(Signed{.names = "date host request-line"}.request(), known), hmac_unverifiable);
    Signed dateless;
    dateless.headers.erase(dateless.headers.begin());
    EXPECT_EQ(outcome(dateless.request(), known), hmac_no_date);
    dateless.headers.emplace_back("date", "yesterday");
    EXPECT_EQ(outcome(dateless.request(), known), hmac_no_date);
}

TEST(Hmac, TheTargetIsSignedAsReceived)
{
    http::Request request = Signed{}.request();
    request.target = "/v1/messages?x= ";
    EXPECT_EQ(outcome(request, known), hmac_mismatch);
}

TEST(Hmac, TheBodyMayStayUnsignedUnlessRequired)
{
    Signed unsigned_body{.names = "date request-line"};
    EXPECT_EQ(outcome(unsigned_body.request(), known), "");
    store::Settings strict = known;
    store::ApiKey key = known.keys.at("key");
    key.body_digest_required = true;
    strict.keys.put("key", key);
    EXPECT_EQ(outcome(unsigned_body.request(), strict), hmac_mismatch);
    EXPECT_EQ(outcome(Signed{}.request(), strict), "");
    unsigned_body.body = "";
    EXPECT_EQ(outcome(unsigned_body.request(), strict), "");
}

TEST(Hmac, AKeyMayForbidSha1)
{
    store::Settings strict = known;
    store::ApiKey key = known.keys.at("key");
    key.sha1_allowed = false;
    strict.keys.put("key", key);
    EXPECT_EQ(outcome(Signed{}.request(), strict), hmac_unverifiable);
}

TEST(Keys, EndAtTheirTime)
{
    store::Settings settings = known;
    auto expire_at = [&settings](base::Time time) {
        for (auto [name, key] : known.keys) {
            key.expires_at = time;
            settings.keys.put(name, key);
        }
    };
    expire_at(now + std::chrono::milliseconds(1));
    http::Request basic = basic_request("Basic", "basic:pass:word");
    EXPECT_EQ(outcome(basic, settings), "");
    EXPECT_EQ(outcome(Signed{}.request(), settings), "");
    expire_at(now);
    EXPECT_EQ(outcome(basic, settings), basic_wrong);
    EXPECT_EQ(outcome(Signed{}.request(), settings), hmac_mismatch);
}

TEST(Hmac, TheDigestMayBeBase64)
{
    Signed base64;
    base64.headers.back().second = "mZFLkyvTelC5g8XnyQrpOw==";
    EXPECT_EQ(outcome(base64.request(), known), "");
}

TEST(Hmac, AnUnknownKeyAndAKeyOfTheOtherSchemeLookLikeAWrongSecret)
{
    EXPECT_EQ(outcome(Signed{}.request("nobody", "secret"), known), hmac_mismatch);
    EXPECT_EQ(outcome(Signed{}.request("key", "guess"), known), hmac_mismatch);
    EXPECT_EQ(outcome(Signed{}.request("basic", ""), known), hmac_mismatch);
}

TEST(Hmac, MalformedCredentialsCannotBeVerified)
{
    http::Request request = Signed{}.request();
    request.headers.set("Authorization", R"(hmac username="key")");
    EXPECT_EQ(outcome(request, known), hmac_unverifiable);
}

TEST(Basic, KeyAndSecretPartAtTheFirstColon)
{
    auto key = authenticate(basic_request("Basic", "basic:pass:word"), known, now, {});
    ASSERT_TRUE(key);
    EXPECT_EQ((*key)->name, "basic");
    EXPECT_EQ(outcome(basic_request("bASIC", "basic:pass:word"), known), "");
}

TEST(Basic, EveryWrongPairGetsTheSameAnswer)
{
    for (std::string_view pair :
         {"basic:wrong", "nobody:pass:word", "key:secret", "basic", "", ":", "basic:"})
        EXPECT_EQ(outcome(basic_request("Basic", pair), known), basic_wrong) << pair;
    http::Request broken;
    broken.headers.set("Authorization", "Basic !!!");
    EXPECT_EQ(outcome(broken, known), basic_wrong);
}

TEST(Auth, WrongCredentialsAre401Or403AsConfigured)
{
    auto by_default = authenticate(basic_request("Basic", "a:b"), known, now, {});
    ASSERT_FALSE(by_default);
    EXPECT_EQ(by_default.error().status, 401u);
    ASSERT_EQ(by_default.error().headers.size(), 1u);
    EXPECT_EQ(by_default.error().headers[0].first, "WWW-Authenticate");

    auto changed =
        authenticate(basic_request("Basic", "a:b"), known, now, AuthOptions{.failure_status = 403});
    ASSERT_FALSE(changed);
    EXPECT_EQ(changed.error().status, 403u);
    EXPECT_TRUE(changed.error().headers.empty());
}

TEST(Auth, WithoutCredentialsTheAnswerIsAChallenge)
{
    for (const char* header : {"", "Bearer basic", "Digest username=\"basic\""}) {
        http::Request request;
        if (*header) request.headers.set("Authorization", header);
        auto key = authenticate(request, known, now, {});
        ASSERT_FALSE(key);
        EXPECT_EQ(key.error().status, 401u);
        EXPECT_EQ(key.error().message, "Unauthorized");
        EXPECT_EQ(key.error().headers.at(0).second, R"(Basic realm="tidings")");
    }
}

TEST(AccountHeader, NamesTheOwnAccountOrAChild)
{
    const store::ApiKey& key = known.keys.at("key");
    EXPECT_EQ((*effective_account(known, key, ""))->key, mine);
    EXPECT_EQ((*effective_account(known, key, "MyAccount"))->key, mine);
    EXPECT_EQ((*effective_account(known, key, "MyShop"))->key, child);
}

TEST(AccountHeader, AnyOtherIsRefused)
{
    const store::ApiKey& key = known.keys.at("key");
    for (std::string_view other : {"Stranger", "nobody", "myaccount"})
        EXPECT_FALSE(effective_account(known, key, other));
    store::ApiKey childs = key;
    childs.account = child;
    auto parent = effective_account(known, childs, "MyAccount");
    ASSERT_FALSE(parent);
    EXPECT_EQ(response_of(parent.error()).body,
              "{\"message\":\"Invalid account 'MyAccount' in header Account\"}\n");
}

TEST(AdminToken, IsComparedAsItsDigest)
{
    base::Sha256 token = base::sha256("token");
    http::Request request;
    auto refused = refuse_admin(request, token);
    ASSERT_TRUE(refused);
    EXPECT_EQ(refused->status, 401u);
    EXPECT_EQ(refused->headers.at(0).second, R"(Bearer realm="tidings")");
    request.headers.set("Authorization", "bearer  token ");
    EXPECT_FALSE(refuse_admin(request, token));
    request.headers.set("Authorization", "Basic token");
    EXPECT_TRUE(refuse_admin(request, token));
    request.headers.set("Authorization", "Bearer tokens");
    EXPECT_TRUE(refuse_admin(request, token));
}

TEST(Auth, WhoeverComesThroughAProxyIsNotLocal)
{
    http::Request request;
    for (auto [peer, local] : {std::pair("127.0.0.1", true), std::pair("127.1.2.3", true),
                               std::pair("::1", true), std::pair("10.0.0.1", false), std::pair("", false)}) {
        request.peer = peer;
        EXPECT_EQ(is_local(request), local) << peer;
    }
    request.peer = "::1";
    for (const char* name : {"forwarded", "x-forwarded-for", "X-Forwarded-Proto", "X-Real-IP", "Via"}) {
        request.headers.clear();
        request.headers.set(name, "");
        EXPECT_FALSE(is_local(request)) << name;
    }
}

}  // namespace tidings::api
