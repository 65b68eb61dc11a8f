// SPDX-License-Identifier: Apache-2.0
#include "webhook/renderer.hpp"

#include "base/uuid.hpp"

#include <gtest/gtest.h>

namespace tidings::webhook {

namespace {

using message::Encoding;
using message::Event;
using message::HttpMethod;

base::Uuid uuid(const char* text) { return base::Uuid::parse(text).value(); }
base::Time time(const char* text) { return base::parse_iso(text).value(); }

class RendererTest : public testing::Test {
protected:
    std::string body(const message::WebhookCall& webhook, const Notice& notice)
    {
        auto renderer = Renderer::parse(webhook);
        if (!renderer) return renderer.error().fault.text();
        Budget budget = Budget::full();
        auto request = renderer->render(notice, budget);
        return request ? request->body : request.error().message();
    }
    std::string body(const std::string& text, const Notice& notice)
    {
        call.template_text = text;
        return body(call, notice);
    }
    std::string default_in(Encoding encoding, const Notice& notice)
    {
        call.encoding = encoding;
        return body(call, notice);
    }

    message::Report report{.id = uuid("693e87f2-a553-4281-9ffe-ddf04cbc4bf3"),
                           .message = uuid("389dc1a8-62a4-4110-ba61-af94806c006f"),
                           .code = message::Code::delivered,
                           .changed_at = time("2016-11-03T11:49:01.551Z"),
                           .created_at = time("2016-11-03T11:49:02.807Z"),
                           .destination = "+61491570156",
                           .callback_url = {},
                           .content = "Hello \"world\" & <co>",
                           .account = "MyAccount",
                           .metadata = {{"a key", "1=2"}}};
    message::Reply reply{.id = uuid("a175e797-2b54-468b-9850-41a3eab32f74"),
                         .message = uuid("01580f55-c4df-7000-8000-000000000001"),
                         .received_at = time("2016-12-07T08:43:00.850Z"),
                         .callback_url = {},
                         .destination = "+61491570157",
                         .source = "+61491570156",
                         .content = "My first reply!",
                         .account = "MyAccount",
                         .metadata = {{"myKey", "myValue"}, {"other", "\"x\""}}};
    Notice delivered{.event = Event::delivered_dr, .about = &report};
    Notice received{.event = Event::received_sms, .about = &reply};
    message::WebhookCall call{.url = "https://example.com/hook"};
};

TEST_F(RendererTest, WithoutATemplateTheBodyIsThatOfACallback)
{
    std::string expected;
    wire::append_report(expected, report, wire::Place::callback);
    EXPECT_EQ(body(call, delivered), expected);
    expected.clear();
    wire::append_reply(expected, reply, wire::Place::callback, "SinchEU");
    received.vendor_id = "SinchEU";
    EXPECT_EQ(body(call, received), expected);
}

TEST_F(RendererTest, AFormHasTheSameFields)
{
    EXPECT_EQ(
        default_in(Encoding::form, delivered),
        "vendor_account_id.vendor_id=MessageMedia&vendor_account_id.account_id=MyAccount&"
        "delivery_report_id=693e87f2-a553-4281-9ffe-ddf04cbc4bf3&source_number=%2B61491570156&"
        "date_received=2016-11-03T11%3A49%3A02.807Z&status=delivered&delay=0&"
        "submitted_date=2016-11-03T11%3A49%3A01.551Z&original_text=Hello%20%22world%22%20%26%20%3Cco%3E&"
        "message_id=389dc1a8-62a4-4110-ba61-af94806c006f&error_code=220&metadata.a%20key=1%3D2");
}

TEST_F(RendererTest, AnXmlDocumentHasTheSameFields)
{
    EXPECT_EQ(default_in(Encoding::xml, delivered),
              R"(<?xml version="1.0" encoding="UTF-8"?><delivery_report><vendor_account_id><vendor_id>)"
              R"(MessageMedia</vendor_id><account_id>MyAccount</account_id></vendor_account_id>)"
              R"(<delivery_report_id>693e87f2-a553-4281-9ffe-ddf04cbc4bf3</delivery_report_id>)"
              R"(<source_number>+61491570156</source_number><date_received>2016-11-03T11:49:02.807Z)"
              R"(</date_received><status>delivered</status><delay>0</delay>)"
              R"(<submitted_date>2016-11-03T11:49:01.551Z</submitted_date>)"
              R"(<original_text>Hello &quot;world&quot; &amp; &lt;co&gt;</original_text>)"
              R"(<message_id>389dc1a8-62a4-4110-ba61-af94806c006f</message_id><error_code>220</error_code>)"
              R"(<metadata><entry key="a key">1=2</entry></metadata></delivery_report>)");
}

TEST_F(RendererTest, AnOptOutIsToldApart)
{
    received.event = Event::opt_out_sms;
    EXPECT_EQ(body(call, received),
              R"({"notification_id":"a175e797-2b54-468b-9850-41a3eab32f74","account_id":"MyAccount",)"
              R"("destination_number":"+61491570157","source_number":"+61491570156",)"
              R"("date_received":"2016-12-07T08:43:00.850Z",)"
              R"("message_id":"01580f55-c4df-7000-8000-000000000001","content":"My first reply!",)"
              R"("metadata":{"myKey":"myValue","other":"\"x\""}})");
    EXPECT_EQ(body("$replyId $notificationId", received), "$replyId a175e797-2b54-468b-9850-41a3eab32f74");
}

TEST_F(RendererTest, FilesComeAlong)
{
    reply.attachments = {{"image/png", std::string(2, '\0'), "a.png"}};
    received.event = Event::received_mms;
    EXPECT_TRUE(body(call, received)
                    .ends_with(R"("content":"My first reply!","attachments":[{"content_type":"image/png",)"
                               R"("content":"AAA=","original_name":"a.png"}]})"));
    EXPECT_NE(default_in(Encoding::form, received).find("attachments.0.content_type=image%2Fpng"),
              std::string::npos);
    EXPECT_NE(default_in(Encoding::xml, received)
                  .find("<attachments><attachment><content_type>image/png</content_type>"),
              std::string::npos);
}

TEST_F(RendererTest, DefaultBodiesMayBeThoseOf2026)
{
    delivered.place = received.place = wire::Place::callback_2026;
    EXPECT_NE(default_in(Encoding::json, delivered).find(R"("delay":"0")"), std::string::npos);
    EXPECT_TRUE(default_in(Encoding::json, received)
                    .ends_with(R"("account_id":"MyAccount","content":"My first reply!"})"));
    reply.attachments = {{"image/png", std::string(2, '\0'), "a.png"}};
    EXPECT_EQ(default_in(Encoding::json, received).find(R"("My first reply!")"), std::string::npos);
    EXPECT_NE(default_in(Encoding::json, received).find(R"("attachments":[{)"), std::string::npos);
}

TEST_F(RendererTest, ReportsHaveTheirVariables)
{
    delivered.retry_count = 2;
    report.billing_units = 1;
    EXPECT_EQ(body("$format $type $mtId $messageId", delivered),
              "SMS SMS 389dc1a8-62a4-4110-ba61-af94806c006f 389dc1a8-62a4-4110-ba61-af94806c006f");
    EXPECT_EQ(body("$drId $reportId", delivered),
              "693e87f2-a553-4281-9ffe-ddf04cbc4bf3 693e87f2-a553-4281-9ffe-ddf04cbc4bf3");
    EXPECT_EQ(body("$accountId $vendorId $status $statusCode", delivered),
              "MyAccount MessageMedia delivered 220");
    EXPECT_EQ(body("$submittedTimestamp $receivedTimestamp", delivered),
              "2016-11-03T11:49:01.551Z 2016-11-03T11:49:02.807Z");
    EXPECT_EQ(body("$sourceAddress $esc.json($mtContent) $retryCount $billingUnits", delivered),
              "+61491570156 Hello \\\"world\\\" & <co> 2 1");
    EXPECT_EQ(body("$replyId$!moContent", delivered), "$replyId");
}

TEST_F(RendererTest, RepliesHaveTheirVariables)
{
    received.original_content = "Hello";
    EXPECT_EQ(body("$moId $replyId $notificationId", received),
              "a175e797-2b54-468b-9850-41a3eab32f74 a175e797-2b54-468b-9850-41a3eab32f74 $notificationId");
    EXPECT_EQ(body("$mtId $submittedTimestamp $receivedTimestamp", received),
              "01580f55-c4df-7000-8000-000000000001 2016-10-29T07:27:09.023Z 2016-12-07T08:43:00.850Z");
    EXPECT_EQ(body("$sourceAddress $destinationAddress $moContent $replyContent $mtContent $messageContent",
                   received),
              "+61491570156 +61491570157 My first reply! My first reply! Hello Hello");
    reply.message = {};
    reply.destination.clear();
    received.original_content = {};
    EXPECT_EQ(body("$mtId $!submittedTimestamp $destinationAddress $mtContent", received),
              "$mtId  $destinationAddress $mtContent");
}

// The template of the vendor's n8n node.
TEST_F(RendererTest, ASampleTemplateGivesJson)
{
    EXPECT_EQ(body(R"vm({"id": "$!moId","date_received": "$receivedTimestamp",)vm"
                   R"vm("destination_number": "$!destinationAddress","source_number": "$!sourceAddress",)vm"
                   R"vm("message_content": "$esc.json($replyContent)","metadata":{)vm"
                   R"vm(#foreach($key in $metadata.keySet())"$key" : "$esc.json($metadata.get($key))")vm"
                   R"vm(#if( $velocityHasNext ), #end#end}})vm",
                   received),
              R"({"id": "a175e797-2b54-468b-9850-41a3eab32f74","date_received": "2016-12-07T08:43:00.850Z",)"
              R"("destination_number": "+61491570157","source_number": "+61491570156",)"
              R"("message_content": "My first reply!","metadata":{)"
              R"("myKey" : "myValue", "other" : "\"x\""}})");
}

TEST_F(RendererTest, TheRequestIsAsTheWebhookSays)
{
    call = {.url = "https://example.com/$accountId?text=$moContent",
            .method = HttpMethod::put,
            .encoding = Encoding::form,
            .headers = {{"X-One", "$mtId"}},
            .template_text = "id=$moId"};
    Budget budget = Budget::full();
    auto request = Renderer::parse(call)->render(received, budget);
    ASSERT_TRUE(request);
    EXPECT_EQ(request->method, HttpMethod::put);
    EXPECT_EQ(request->url, "https://example.com/MyAccount?text=My%20first%20reply%21");
    EXPECT_EQ(request->content_type, "application/x-www-form-urlencoded");
    EXPECT_EQ(request->headers, call.headers);
    EXPECT_EQ(request->body, "id=a175e797-2b54-468b-9850-41a3eab32f74");

    call.method = HttpMethod::get;
    request = Renderer::parse(call)->render(received, budget);
    EXPECT_EQ(request->body, "");
    EXPECT_EQ(request->content_type, "");
}

TEST_F(RendererTest, AFaultTellsItsPart)
{
    call.template_text = "#if";
    EXPECT_EQ(Renderer::parse(call).error().part, CallFault::Part::body);
    call.url = "https://$host/";
    EXPECT_EQ(Renderer::parse(call).error().part, CallFault::Part::url);
}

TEST_F(RendererTest, OneThatCostsTooMuchWithLittleToTellIsFound)
{
    call.template_text = "$mtContent $!moContent";
    EXPECT_FALSE(Renderer::parse(call)->cost_fault());
    std::string nested = "'" + std::string(3'000, '\\') + "'";
    for (int i = 0; i < 15; ++i) nested = "$esc.json(" + nested + ")";
    call.template_text = nested;
    EXPECT_TRUE(Renderer::parse(call)->cost_fault());
    call.template_text.reset();
    call.url = "https://example.com/?a=" + nested;
    EXPECT_TRUE(Renderer::parse(call)->cost_fault());
}

TEST_F(RendererTest, AnMmsHasABudgetForItsFiles)
{
    const std::string file(1 << 20, '\0');
    reply.attachments = {{"image/png", file, "a.png"}};
    received.event = Event::received_mms;
    call.template_text = "#foreach($a in $attachments)$esc.json($a.base64)#end";
    Budget without = Budget::full(), with = Budget::full(file.size());
    EXPECT_FALSE(Renderer::parse(call)->render(received, without));
    EXPECT_TRUE(Renderer::parse(call)->render(received, with));
}

}  // namespace

}  // namespace tidings::webhook
