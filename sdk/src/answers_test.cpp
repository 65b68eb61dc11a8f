// SPDX-License-Identifier: Apache-2.0
#include "answers.hpp"

#include <gtest/gtest.h>
#include <boost/json/serialize.hpp>

namespace tidings::detail {

namespace {

namespace json = boost::json;
using namespace std::chrono;

Answer answer(std::string body)
{
    Answer made;
    made.status = 200;
    made.body = std::move(body);
    return made;
}

TEST(ClientAnswers, AMessageIsSentWithWhatWasGiven)
{
    Message plain{.content = "My first message", .destination_number = "+61491570156"};
    EXPECT_EQ(messages_body({&plain, 1}),
              R"({"messages":[{"content":"My first message","destination_number":"+61491570156",)"
              R"("format":"SMS"}]})");
    Message full{.content = "é\"",
                 .destination_number = "1",
                 .source_number = "2",
                 .source_number_type = NumberType::shortcode,
                 .format = Format::mms,
                 .media = {"u"},
                 .subject = "s",
                 .delivery_report = true,
                 .callback_url = "c",
                 .metadata = {{"k", "v"}},
                 .scheduled = Time(1ms),
                 .message_expiry_timestamp = Time(1s),
                 .message_id = "never"};
    EXPECT_EQ(
        messages_body({&full, 1}),
        R"({"messages":[{"content":"é\"","destination_number":"1","source_number":"2",)"
        R"("source_number_type":"SHORTCODE","format":"MMS","media":["u"],"subject":"s",)"
        R"("delivery_report":true,"callback_url":"c","metadata":{"k":"v"},)"
        R"("scheduled":"1970-01-01T00:00:00.001Z","message_expiry_timestamp":"1970-01-01T00:00:01.000Z"}]})");
}

TEST(ClientAnswers, EveryFieldOfAMessageComesBack)
{
    Message message = parse_message(answer(R"({"format":"SMS","content":"Hi","metadata":{"a":"b"},
        "message_id":"877c19ef-fa2e-4cec-827a-e1df9b5509f7","callback_url":"http://x","delivery_report":true,
        "destination_number":"+61401760575","scheduled":"2016-11-03T11:49:02.807Z",
        "source_number":"+61491570157","source_number_type":"INTERNATIONAL",
        "message_expiry_timestamp":null,"status":"enroute"})"))
                          .value();
    EXPECT_EQ(message.message_id, "877c19ef-fa2e-4cec-827a-e1df9b5509f7");
    EXPECT_EQ(message.status, Status::enroute);
    EXPECT_EQ(to_iso(message.scheduled.value()), "2016-11-03T11:49:02.807Z");
    EXPECT_FALSE(message.message_expiry_timestamp);
    EXPECT_EQ(message.source_number_type, NumberType::international);
    EXPECT_EQ(message.metadata.at("a"), "b");
    EXPECT_TRUE(message.other.empty());
}

TEST(ClientAnswers, WhatWasNotGivenIsNullInTheAnswerToASend)
{
    Message message = parse_message(answer(R"({"callback_url":null,"content":"Hi","delivery_report":false,
        "destination_number":"+61401760575","format":"SMS","media":null,"message_expiry_timestamp":null,
        "message_flags":[],"message_id":"877c19ef-fa2e-4cec-827a-e1df9b5509f7","metadata":null,
        "rich_link":null,"scheduled":null,"source_number":null,"status":"queued","subject":null})"))
                          .value();
    EXPECT_EQ(message.content, "Hi");
    EXPECT_TRUE(message.callback_url.empty() && message.media.empty() && message.metadata.empty());
    EXPECT_FALSE(message.scheduled || message.message_expiry_timestamp);
    EXPECT_TRUE(message.other.empty());
    EXPECT_EQ(parse_message(answer(R"({"message_flags":["x"]})"))->other.size(), 1u);
}

TEST(ClientAnswers, ACancelNeedsNoBody)
{
    EXPECT_EQ(parse_cancelled(answer(""))->status, Status::cancelled);
    EXPECT_EQ(parse_cancelled(answer(R"({"message_id":"m","status":"cancelled"})"))->message_id, "m");
}

TEST(ClientAnswers, WhatIsUnknownSurvives)
{
    Message message = parse_message(answer(R"({"status":"teleported","format":7,"colour":{"r":1}})")).value();
    EXPECT_EQ(message.status, Status::unknown);
    EXPECT_EQ(message.status.text(), "teleported");
    EXPECT_EQ(message.status, Open<Status>("teleported"));
    EXPECT_EQ(message.other.at("colour").at("r").as_int64(), 1);
}

TEST(ClientAnswers, AReportHasItsCode)
{
    auto reports = parse_delivery_reports(answer(R"({"delivery_reports":[{"callback_url":null,
        "delivery_report_id":"01e1fa0a","source_number":"+61491570156",
        "date_received":"2017-05-20T06:30:37.642Z","status":"delivered","delay":0,
        "submitted_date":"2017-05-20T06:30:37.639Z","original_text":"Hi",
        "message_id":"d781dcab","vendor_account_id":{"vendor_id":"MessageMedia","account_id":"MyAccount"},
        "error_code":220,"billing_units":2,"metadata":[]}]})"))
                       .value();
    ASSERT_EQ(reports.size(), 1u);
    EXPECT_EQ(reports[0].status, Status::delivered);
    EXPECT_EQ(reports[0].error_code, "220");
    EXPECT_EQ(reports[0].billing_units, 2);
    EXPECT_EQ(reports[0].account_id, "MyAccount");
    EXPECT_EQ(to_iso(reports[0].submitted_date), "2017-05-20T06:30:37.639Z");
    EXPECT_EQ(reports[0].other.at("delay").as_int64(), 0);
}

TEST(ClientAnswers, WhatWasReadCanBeWrittenAgain)
{
    const char* text = R"({"content":"Hi","format":"SMS","message_id":"m","status":"teleported","colour":1})";
    EXPECT_EQ(json::serialize(to_json(parse_message(answer(text)).value())), text);
}

TEST(ClientAnswers, CreditsAreReadByBothNames)
{
    EXPECT_EQ(parse_credits(answer(R"({"remaining_credits":5,"credits":5,"expiry_date":null})"))->remaining,
              5);
    EXPECT_EQ(parse_credits(answer(R"({"credits":7})"))->remaining, 7);
    EXPECT_FALSE(parse_credits(answer(R"({"remaining_credits":{}})"))->remaining.value_or(0));
}

TEST(ClientAnswers, WhatIsNoAnswerIsAnError)
{
    for (const char* body : {"", "<html>", "[]", "{}", R"({"replies":1})"}) {
        auto replies = parse_replies(answer(body));
        ASSERT_FALSE(replies) << body;
        EXPECT_EQ(replies.error().code, errc::bad_answer);
    }
    EXPECT_TRUE(parse_replies(answer(R"({"replies":null})"))->empty());
}

TEST(ClientAnswers, CallbacksAreReadAsReportsAndReplies)
{
    EXPECT_EQ(parse_reply(R"({"reply_id":"r","content":"Yes","account_id":"A"})")->account_id, "A");
    EXPECT_EQ(parse_delivery_report(R"({"status":"held"})")->status, Status::held);
    EXPECT_FALSE(parse_reply("no JSON"));
}

TEST(ClientRequest, ARefusalSaysAllThatTheGatewaySaid)
{
    Answer no = answer(R"({"message":"Request failed","details":["/messages/0/content: too long"]})");
    no.status = 400;
    no.request_id = "abc";
    no.retry_after = "7";
    Error error = refusal(no);
    EXPECT_EQ(error.code, errc::refused);
    EXPECT_EQ(error.status, 400);
    EXPECT_EQ(error.request_id, "abc");
    EXPECT_EQ(error.retry_after, 7s);
    EXPECT_EQ(error.details.at(0), "/messages/0/content: too long");
    EXPECT_STREQ(error.what(), "400 Request failed\n  /messages/0/content: too long");
}

TEST(ClientRequest, ARefusalWithoutJsonSaysItsStatus)
{
    Answer no = answer("<html>");
    no.status = 502;
    EXPECT_STREQ(refusal(no).what(), "502 HTTP 502 Bad Gateway");
    EXPECT_FALSE(refusal(no).retry_after);
}

TEST(ClientRequest, AnIdCannotLeaveItsPlaceInThePath)
{
    EXPECT_EQ(encoded("a/../b?c=é"), "a%2F..%2Fb%3Fc%3D%C3%A9");
}

TEST(ClientResult, ThrowsItsErrorWhenItsValueIsWanted)
{
    Result<int> result = Error(errc::timed_out, "late");
    try {
        result.value();
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.code, errc::timed_out);
    }
}

}  // namespace

}  // namespace tidings::detail
