// SPDX-License-Identifier: Apache-2.0
#include "tidings/client.hpp"

#include "stub.hpp"

#include <gtest/gtest.h>

namespace tidings::test {

namespace {

// Gives one answer to everything.
struct World {
    explicit World(StubAnswer answer) : stub([answer](auto&, auto) { return answer; }) {}
    StubRequest last() const { return stub.requests().back(); }
    std::string line() const
    {
        StubRequest request = last();
        return std::string(request.method_string()) + " " + std::string(request.target());
    }

    Stub stub;
    Client client{{.credentials = Basic{"KEY", "SECRET"}, .base_uri = stub.base_uri()}};
};

TEST(Webhooks, AreCreatedAndRead)
{
    World world({.status = 201,
                 .body = R"({"id":"w1","url":"https://x","method":"PATCH","encoding":"XML","retries":2,)"
                         R"("events":["RECEIVED_SMS","NEW_EVENT"],"template":"$status"})"});
    Webhook webhook{.url = "https://x", .events = {Event::received_sms, Event::delivered_dr}};
    webhook.template_text = "$status";
    webhook.retries = 2;
    Webhook made = world.client.webhooks().create(webhook).value();
    EXPECT_EQ(world.line(), "POST /v1/webhooks/messages");
    EXPECT_EQ(
        world.last().body(),
        R"({"url":"https://x","method":"POST","encoding":"JSON","events":["RECEIVED_SMS","DELIVERED_DR"],)"
        R"("template":"$status","retries":2})");
    EXPECT_EQ(made.id, "w1");
    EXPECT_EQ(made.method, HttpMethod::patch);
    EXPECT_EQ(made.events.at(1).text(), "NEW_EVENT");
    EXPECT_EQ(made.template_text, "$status");
}

TEST(Webhooks, AreListedChangedAndRemoved)
{
    World world({.body = R"({"page":0,"pageSize":10,"pageData":[{"id":"w1"},{"id":"w2"}]})"});
    EXPECT_EQ(world.client.webhooks().list()->at(1).id, "w2");
    EXPECT_EQ(world.line(), "GET /v1/webhooks/messages?page=0&page_size=10");
    EXPECT_TRUE(world.client.webhooks().update("w1", {.encoding = Encoding::form_encoded}));
    EXPECT_EQ(world.line(), "PATCH /v1/webhooks/messages/w1");
    EXPECT_EQ(world.last().body(), R"({"encoding":"FORM_ENCODED"})");
    EXPECT_TRUE(world.client.webhooks().remove("w1"));
    EXPECT_EQ(world.line(), "DELETE /v1/webhooks/messages/w1");
    EXPECT_EQ(world.client.webhooks().remove("").error().code, errc::bad_argument);
}

TEST(SignatureKeys, AreMadeListedAndEnabled)
{
    World made(
        {.status = 201, .body = R"({"key_id":"k","public_key":"MIIB","digest":"SHA256","enabled":false})"});
    SignatureKey key = made.client.signature_keys().create().value();
    EXPECT_EQ(made.last().body(), R"({"digest":"SHA256","cipher":"RSA"})");
    EXPECT_EQ(key.public_key, "MIIB");
    EXPECT_FALSE(key.enabled);
    EXPECT_TRUE(made.client.signature_keys().enable("k"));
    EXPECT_EQ(made.line(), "PATCH /v1/iam/signature_keys/enabled");
    EXPECT_TRUE(made.client.signature_keys().disable());
    EXPECT_EQ(made.line(), "DELETE /v1/iam/signature_keys/enabled");

    World list({.body = R"([{"key_id":"a","enabled":true},{"key_id":"b"}])"});
    auto keys = list.client.signature_keys().list().value();
    EXPECT_EQ(list.line(), "GET /v1/iam/signature_keys?page=1&page_size=20");
    EXPECT_TRUE(keys.at(0).enabled);
    EXPECT_EQ(keys.at(1).key_id, "b");
}

TEST(NumberAuthorisation, PagesBlocksAndChecks)
{
    World list({.body = R"({"uri":"/v1","numbers":["+61491570156"],"pagination":{"page":1,)"
                        R"("next_uri":"/v1/number_authorisation/mt/blacklist?token=abc"}})"});
    OptedOut page = list.client.number_authorisation().list().value();
    EXPECT_EQ(page.numbers.at(0), "+61491570156");
    EXPECT_EQ(page.next, "abc");
    EXPECT_TRUE(list.client.number_authorisation().list(page.next));
    EXPECT_EQ(list.line(), "GET /v1/number_authorisation/mt/blacklist?token=abc");
    EXPECT_TRUE(list.client.number_authorisation().unblock("+61491570156"));
    EXPECT_EQ(list.line(), "DELETE /v1/number_authorisation/mt/blacklist/%2B61491570156");
    EXPECT_TRUE(list.client.number_authorisation().block({"+61491570156"}));
    EXPECT_FALSE(list.client.number_authorisation().block(std::vector<std::string>(11, "1")));

    World check({.body = R"({"uri":"/v1","numbers":[{"number":"+61491570156","authorised":true}]})"});
    EXPECT_TRUE(
        check.client.number_authorisation().check({"+61491570156", "+61491570157"})->at(0).authorised);
    EXPECT_EQ(check.line(), "GET /v1/number_authorisation/is_authorised/%2B61491570156,%2B61491570157");
}

TEST(Preview, TellsWhatWouldBecomeOfAMessage)
{
    World world({.body = R"({"messages":[{"content":"Hi","encoding":"GSM7","segments":1,"credits":1,)"
                         R"("code":"302","why":"opted out","hours":"off"}]})"});
    Preview preview = world.client.messages().preview({.content = "Hi", .destination_number = "1"}).value();
    EXPECT_EQ(world.line(), "POST /v1/messages/preview");
    EXPECT_EQ(preview.segments, 1);
    EXPECT_EQ(preview.code, "302");
    EXPECT_EQ(preview.other.at("hours"), "off");
}

}  // namespace

}  // namespace tidings::test
