// SPDX-License-Identifier: Apache-2.0
#include "wire/message_json.hpp"

#include "base/utf8.hpp"
#include "wire/json_text.hpp"
#include "wire/submission.hpp"

#include <gtest/gtest.h>
#include <boost/json.hpp>

namespace tidings::wire {

namespace {

using message::Code;
using message::Format;
using message::Reply;
using message::Report;
using message::SourceType;
using message::Status;
using message::Submission;
using namespace std::string_view_literals;

base::Time time(std::string_view text) { return *base::parse_iso(text); }
base::Uuid uuid(std::string_view text) { return *base::Uuid::parse(text); }

const base::Uuid id = uuid("877c19ef-fa2e-4cec-827a-e1df9b5509f7");

Submission smallest()
{
    Submission message;
    message.content = "My first message!";
    message.destination = "+61401760575";
    return message;
}

Submission largest()
{
    Submission message = smallest();
    message.metadata = {{"myKey", "myValue"}, {"another\"Key", "\n"}};
    message.callback_url = "https://my.callback.url.com";
    message.delivery_report = true;
    message.scheduled = time("2016-11-03T11:49:02.807Z");
    message.expiry = time("2016-11-04T11:49:02.807Z");
    message.source = "+61491570157";
    message.source_type = SourceType::international;
    message.format = Format::mms;
    message.media = {"http://a.example/1.png", "http://a.example/2.png"};
    message.subject = "Look";
    return message;
}

std::string echo(const Submission& message, EchoDates dates)
{
    std::string out;
    append_echo(out, message, id, dates);
    return out;
}

}  // namespace

TEST(JsonText, EscapesWhatMustBeEscaped)
{
    auto written = [](std::string_view text) {
        std::string out;
        append_json_string(out, text);
        return out;
    };
    EXPECT_EQ(written(""), R"("")");
    EXPECT_EQ(written("a\"b\\c/d"), R"("a\"b\\c/d")");
    EXPECT_EQ(written("\b\f\n\r\t"), R"("\b\f\n\r\t")");
    EXPECT_EQ(written("\0\x01\x1F\x7F"sv), "\"\\u0000\\u0001\\u001f\x7F\"");
    EXPECT_EQ(written("é€😀\u2028"), "\"é€😀\u2028\"");
}

TEST(JsonText, OctetsThatAreNoUtf8AreWrittenOut)
{
    std::string out;
    append_json_string(out, "caf\xE9 \xC3\xA9\xC3");
    EXPECT_EQ(out, R"("caf\\xE9 é\\xC3")");
    std::string octets;
    for (int c = 0; c < 256; ++c) octets += static_cast<char>(c);
    out.clear();
    append_json_string(out, octets + "\xED\xA0\x80");
    EXPECT_TRUE(base::is_utf8(out));
    EXPECT_TRUE(boost::json::parse(out).is_string());
}

TEST(JsonText, AnotherParserReadsTheSame)
{
    std::string all;
    for (int c = 0; c < 0x80; ++c) all += static_cast<char>(c);
    all += "é€😀";
    std::string out;
    append_json_string(out, all);
    EXPECT_EQ(boost::json::parse(out).as_string(), all);
}

TEST(MessageJson, EchoHasTheDefaultsAndNullForWhatWasNotGiven)
{
    EXPECT_EQ(echo(smallest(), EchoDates::with),
              R"({"callback_url":null,"content":"My first message!","delivery_report":false,)"
              R"("destination_number":"+61401760575","format":"SMS","media":null,)"
              R"("message_expiry_timestamp":null,"message_flags":[],)"
              R"("message_id":"877c19ef-fa2e-4cec-827a-e1df9b5509f7","metadata":null,"rich_link":null,)"
              R"("scheduled":null,"source_number":null,"status":"queued","subject":null})");
}

TEST(MessageJson, EchoHasWhatWasSent)
{
    EXPECT_EQ(
        echo(largest(), EchoDates::with),
        R"({"callback_url":"https://my.callback.url.com","content":"My first message!",)"
        R"("delivery_report":true,)"
        R"("destination_number":"+61401760575","format":"MMS","media":["http://a.example/1.png",)"
        R"("http://a.example/2.png"],)"
        R"("message_expiry_timestamp":"2016-11-04T11:49:02.807Z","message_flags":[],)"
        R"("message_id":"877c19ef-fa2e-4cec-827a-e1df9b5509f7",)"
        R"("metadata":{"myKey":"myValue","another\"Key":"\n"},"rich_link":null,)"
        R"("scheduled":"2016-11-03T11:49:02.807Z",)"
        R"("source_number":"+61491570157","source_number_type":"INTERNATIONAL","status":"queued",)"
        R"("subject":"Look"})");
}

TEST(MessageJson, EchoLeavesDatesOutForTheClientThatFailsOnThem)
{
    std::string out = echo(largest(), EchoDates::without);
    EXPECT_EQ(out.find("scheduled"), out.npos);
    EXPECT_EQ(out.find("message_expiry_timestamp"), out.npos);
    EXPECT_EQ(echo(smallest(), EchoDates::without).find("scheduled"), out.npos);
}

TEST(MessageJson, EchoIsReadBackAsTheSameSubmission)
{
    auto result =
        parse_submissions("{\"messages\":[" + echo(largest(), EchoDates::with) + "]}", *largest().expiry);
    ASSERT_TRUE(result);
    EXPECT_EQ(echo(result->front(), EchoDates::with), echo(largest(), EchoDates::with));
}

TEST(MessageJson, MessageHasTheFieldsInTheOrderOfTheReference)
{
    Submission message = largest();
    message.format = Format::sms;
    message.media.clear();
    message.subject.clear();
    message.metadata = {{"myKey", "myValue"}, {"anotherKey", "anotherValue"}};
    std::string out;
    append_message(out, message, id, Status::enroute);
    EXPECT_EQ(
        out,
        R"({"format":"SMS","content":"My first message!","metadata":{"myKey":"myValue",)"
        R"("anotherKey":"anotherValue"},)"
        R"("message_id":"877c19ef-fa2e-4cec-827a-e1df9b5509f7","callback_url":"https://my.callback.url.com",)"
        R"("delivery_report":true,"destination_number":"+61401760575",)"
        R"("scheduled":"2016-11-03T11:49:02.807Z",)"
        R"("source_number":"+61491570157","source_number_type":"INTERNATIONAL",)"
        R"("message_expiry_timestamp":"2016-11-04T11:49:02.807Z","status":"enroute"})");
    out.clear();
    append_message(out, smallest(), id, Status::cancelled);
    EXPECT_EQ(
        out,
        R"({"format":"SMS","content":"My first message!",)"
        R"("message_id":"877c19ef-fa2e-4cec-827a-e1df9b5509f7",)"
        R"("delivery_report":false,"destination_number":"+61401760575","status":"cancelled"})");
}

TEST(MessageJson, ReportIsTheOneOfTheReference)
{
    Report report{.id = uuid("693e87f2-a553-4281-9ffe-ddf04cbc4bf3"),
                  .message = uuid("389dc1a8-62a4-4110-ba61-af94806c006f"),
                  .code = Code::delivered,
                  .changed_at = time("2016-11-03T11:49:01.551Z"),
                  .created_at = time("2016-11-03T11:49:02.807Z"),
                  .destination = "+61491570156",
                  .callback_url = "http://mockbin.org/bin/ac52ebd4",
                  .content = "Hello world!",
                  .account = "MyAccount",
                  .metadata = {{"key", "value"}}};
    std::string out;
    append_report(out, report, Place::callback);
    EXPECT_EQ(
        out,
        R"({"vendor_account_id":{"vendor_id":"MessageMedia","account_id":"MyAccount"},)"
        R"("callback_url":"http://mockbin.org/bin/ac52ebd4",)"
        R"("delivery_report_id":"693e87f2-a553-4281-9ffe-ddf04cbc4bf3",)"
        R"("source_number":"+61491570156","date_received":"2016-11-03T11:49:02.807Z",)"
        R"("status":"delivered","delay":0,)"
        R"("submitted_date":"2016-11-03T11:49:01.551Z","original_text":"Hello world!",)"
        R"("message_id":"389dc1a8-62a4-4110-ba61-af94806c006f","error_code":"220",)"
        R"("metadata":{"key":"value"}})");

    report.callback_url.clear();
    report.metadata.clear();
    out = "[";
    append_report(out, report, Place::list, "SinchEU");
    EXPECT_NE(
        out.find(
            R"([{"vendor_account_id":{"vendor_id":"SinchEU","account_id":"MyAccount"},"callback_url":null,)"),
        out.npos);
    EXPECT_TRUE(out.ends_with(R"("metadata":{}})"));
    out.clear();
    append_report(out, report, Place::callback);
    EXPECT_EQ(out.find("callback_url"), out.npos);
}

TEST(MessageJson, ReplyIsTheOneOfTheReference)
{
    Reply reply{.id = uuid("a175e797-2b54-468b-9850-41a3eab32f74"),
                .message = id,
                .received_at = time("2016-12-07T08:43:00.850Z"),
                .callback_url = "https://my.callback.url.com",
                .destination = "+61491570156",
                .source = "+61491570157",
                .content = "My first reply!",
                .account = "MyAccount",
                .metadata = {{"myKey", "myValue"}}};
    std::string out;
    append_reply(out, reply, Place::list);
    EXPECT_EQ(
        out,
        R"({"callback_url":"https://my.callback.url.com","source_number":"+61491570157",)"
        R"("destination_number":"+61491570156","message_id":"877c19ef-fa2e-4cec-827a-e1df9b5509f7",)"
        R"("date_received":"2016-12-07T08:43:00.850Z","metadata":{"myKey":"myValue"},)"
        R"("reply_id":"a175e797-2b54-468b-9850-41a3eab32f74",)"
        R"("vendor_account_id":{"vendor_id":"MessageMedia","account_id":"MyAccount"},)"
        R"("content":"My first reply!"})");
    out.clear();
    Reply unmatched;
    unmatched.id = id;
    unmatched.source = "+61491570157";
    unmatched.content = "?";
    unmatched.account = "A";
    append_reply(out, unmatched, Place::list);
    EXPECT_EQ(
        out,
        R"({"callback_url":null,"source_number":"+61491570157","date_received":"1970-01-01T00:00:00.000Z",)"
        R"("metadata":{},"reply_id":"877c19ef-fa2e-4cec-827a-e1df9b5509f7",)"
        R"("vendor_account_id":{"vendor_id":"MessageMedia","account_id":"A"},"content":"?"})");
}

}  // namespace tidings::wire
