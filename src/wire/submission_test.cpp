// SPDX-License-Identifier: Apache-2.0
#include "wire/submission.hpp"

#include "support/repeated.hpp"
#include "text/unicode.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace tidings::wire {

using test::repeated;

namespace {

using message::Format;
using message::Metadata;
using message::SourceType;
using message::Submission;
using namespace std::chrono_literals;
using namespace std::string_view_literals;
using Lines = std::vector<std::string>;

const Lines unparsable{"Failed to parse message body."};

constexpr base::Time now{1'800'000'000'000ms};

// A body of one message whose further fields are given as JSON text. A field given here replaces the default,
// since of equal keys the last one counts.
std::string body_with(std::string_view fields)
{
    return fmt::format(R"({{"messages":[{{"content":"Hi","destination_number":"+61491570156"{}{}}}]}})",
                       fields.empty() ? "" : ",", fields);
}

Lines faults_of(std::string_view body, const Leniency& leniency = {})
{
    auto result = parse_submissions(body, now, leniency);
    return result ? Lines{} : result.error().details;
}

Lines faults_with(std::string_view fields, const Leniency& leniency = {})
{
    return faults_of(body_with(fields), leniency);
}

Submission submission_with(std::string_view fields)
{
    auto result = parse_submissions(body_with(fields), now);
    EXPECT_TRUE(result) << fields << ' ' << (result ? "" : result.error().details.front());
    return result ? result->front() : Submission{};
}

}  // namespace

TEST(Submission, EveryFieldIsRead)
{
    Submission message =
        submission_with(R"("callback_url":"https://my.callback.url.com/x?y=1","delivery_report":true,
        "format":"MMS","media":["http://a.example/1.png","https://b.example/2.gif"],"subject":"Look",
        "source_number":"ACME","source_number_type":"ALPHANUMERIC","metadata":{"b":"2","a":"é😀"},
        "scheduled":"2016-11-03T11:49:02.807Z","message_expiry_timestamp":"2016-11-03T21:49:02+10:00",
        "message_id":"ignored","status":7,"other":{"x":[1e5]})");
    EXPECT_EQ(message.content, "Hi");
    EXPECT_EQ(message.destination, "+61491570156");
    EXPECT_EQ(message.callback_url, "https://my.callback.url.com/x?y=1");
    EXPECT_TRUE(message.delivery_report);
    EXPECT_EQ(message.format, Format::mms);
    EXPECT_EQ(message.media, (Lines{"http://a.example/1.png", "https://b.example/2.gif"}));
    EXPECT_EQ(message.subject, "Look");
    EXPECT_EQ(message.source, "ACME");
    EXPECT_EQ(message.source_type, SourceType::alphanumeric);
    EXPECT_EQ(message.metadata, (Metadata{{"b", "2"}, {"a", "é😀"}}));
    EXPECT_EQ(base::to_iso(*message.scheduled), "2016-11-03T11:49:02.807Z");
    EXPECT_EQ(base::to_iso(*message.expiry), "2016-11-03T11:49:02.000Z");
}

TEST(Submission, NullIsAbsent)
{
    Submission message =
        submission_with(R"("callback_url":null,"delivery_report":null,"format":null,"media":null,
        "subject":null,"source_number":null,"source_number_type":null,"metadata":null,"scheduled":null,
        "message_expiry_timestamp":null)");
    EXPECT_EQ(message.callback_url, "");
    EXPECT_FALSE(message.delivery_report);
    EXPECT_EQ(message.format, Format::sms);
    EXPECT_TRUE(message.media.empty() && message.metadata.empty());
    EXPECT_FALSE(message.source_type || message.scheduled || message.expiry);
}

TEST(Submission, ALeniencyThatIsOffRefusesWhatItForgave)
{
    Leniency no_list{.format_list = false}, no_null{.null_fields = false};
    EXPECT_EQ(faults_with(R"("format":["SMS"])", no_list),
              Lines{"/messages/0/format: Format must be one of SMS, MMS or TTS."});
    EXPECT_EQ(faults_with(R"("format":"SMS","scheduled":null)", no_list), Lines{});
    EXPECT_EQ(faults_with(R"("format":["SMS"])", no_null), Lines{});
    EXPECT_EQ(
        faults_with(R"("callback_url":null,"delivery_report":null,"format":null,"media":null,
        "subject":null,"source_number":null,"source_number_type":null,"metadata":null,"scheduled":null,
        "message_expiry_timestamp":null,"content":null,"message_id":null,"other":null)",
                    no_null),
        (Lines{"/messages/0/content: Content cannot be null.",
               "/messages/0/callbackUrl: Invalid callback url",
               "/messages/0/delivery_report: Delivery report must be true or false.",
               "/messages/0/format: Format must be one of SMS, MMS or TTS.",
               "/messages/0/media: Media must be a list of urls.",
               "/messages/0/subject: Subject must be a string.",
               "/messages/0/message_expiry_timestamp: Message expiry timestamp must be an ISO 8601 date "
               "and time.",
               "/messages/0/metadata: Metadata must be an object of strings.",
               "/messages/0/scheduled: Scheduled must be an ISO 8601 date and time.",
               "/messages/0/source_number: Source number must be a string.",
               "/messages/0/source_number_type: Source number type must be one of INTERNATIONAL, "
               "ALPHANUMERIC or SHORTCODE."}));
}

TEST(Submission, BooleansMayBeText)
{
    for (std::string_view yes : {"true", "True", "TRUE"})
        EXPECT_TRUE(submission_with(fmt::format(R"("delivery_report":"{}")", yes)).delivery_report);
    for (std::string_view no : {"false", "False"})
        EXPECT_FALSE(submission_with(fmt::format(R"("delivery_report":"{}")", no)).delivery_report);
    Leniency strict{.boolean_text = false};
    Lines refused{"/messages/0/delivery_report: Delivery report must be true or false."};
    EXPECT_EQ(faults_with(R"("delivery_report":"true")", strict), refused);
    EXPECT_EQ(faults_with(R"("delivery_report":true)", strict), Lines{});
    for (std::string_view other : {R"("")", R"("1")", "1", "0", R"("yes")", R"(["true"])"})
        EXPECT_EQ(faults_with(fmt::format(R"("delivery_report":{})", other)), refused) << other;
}

TEST(Submission, ValuesOfMetadataBecomeText)
{
    auto value_of = [](std::string_view value) {
        return submission_with(fmt::format(R"("metadata":{{"k":{}}})", value)).metadata.at(0).second;
    };
    EXPECT_EQ(value_of("7"), "7");
    EXPECT_EQ(value_of("-9223372036854775808"), "-9223372036854775808");
    EXPECT_EQ(value_of("18446744073709551615"), "18446744073709551615");
    EXPECT_EQ(value_of("1.5"), "1.5");
    EXPECT_EQ(value_of("0.1"), "0.1");
    EXPECT_EQ(value_of("2.50"), "2.5");
    EXPECT_EQ(value_of("true"), "true");
    EXPECT_EQ(value_of("false"), "false");
    Lines refused{"/messages/0/metadata: Metadata value must be a string."};
    for (std::string_view other : {"null", "{}", "[]", R"(["x"])", "18446744073709551616", "1e300"})
        EXPECT_EQ(faults_with(fmt::format(R"("metadata":{{"k":{}}})", other)), refused) << other;
    Leniency strict{.metadata_values = false};
    for (std::string_view value : {"7", "1.5", "true"})
        EXPECT_EQ(faults_with(fmt::format(R"("metadata":{{"k":{}}})", value), strict), refused) << value;
}

TEST(Submission, WhatIsEmptyIsAsNotGiven)
{
    Submission message = submission_with(
        R"("callback_url":"","media":[],"subject":"","source_number":"","source_number_type":"")");
    EXPECT_EQ(message.callback_url + message.subject + message.source, "");
    EXPECT_FALSE(message.source_type);
    EXPECT_EQ(submission_with(R"("source_number":"ACME","source_number_type":"")").source, "ACME");
    EXPECT_EQ(
        faults_with(R"("callback_url":"","media":[],"subject":"","source_number":"")",
                    Leniency{.empty_fields = false}),
        (Lines{"/messages/0/callbackUrl: Invalid callback url", "/messages/0/media: Media must not be empty.",
               "/messages/0/subject: Subject must not be empty.",
               "/messages/0/source_number: Source number must not be empty."}));
    EXPECT_EQ(
        faults_with(R"("source_number":"ACME","source_number_type":"")", Leniency{.empty_fields = false}),
        Lines{"/messages/0/source_number_type: Source number type must be one of INTERNATIONAL, ALPHANUMERIC "
              "or SHORTCODE."});
    for (std::string_view other : {R"("content":"")", R"("destination_number":"")", R"("scheduled":"")",
                                   R"("message_expiry_timestamp":"")", R"("format":"")", R"("format":[])"})
        EXPECT_EQ(faults_with(other).size(), 1u) << other;
}

TEST(Submission, FormatIsReadInAnyCase)
{
    EXPECT_EQ(submission_with(R"("format":"sms")").format, Format::sms);
    EXPECT_EQ(submission_with(R"("format":"Mms")").format, Format::mms);
    EXPECT_EQ(submission_with(R"("format":["tts"])").format, Format::tts);
    EXPECT_EQ(faults_with(R"("format":"sms")", Leniency{.format_case = false}),
              Lines{"/messages/0/format: Format must be one of SMS, MMS or TTS."});
}

TEST(Submission, TimesMayBeSecondsSince1970)
{
    Submission message = submission_with(R"("scheduled":1800000060,"message_expiry_timestamp":4003902227)");
    EXPECT_EQ(base::to_iso(*message.scheduled), "2027-01-15T08:01:00.000Z");
    EXPECT_EQ(base::to_iso(*message.expiry), "2096-11-16T11:03:47.000Z");
    EXPECT_EQ(base::to_iso(*submission_with(R"("message_expiry_timestamp":253402300799)").expiry),
              "9999-12-31T23:59:59.000Z");
    Lines refused{
        "/messages/0/message_expiry_timestamp: Message expiry timestamp must be an ISO 8601 date and time."};
    for (std::string_view other : {"253402300800", "1800000000000", "-1", "1800000000.5", R"("1800000000")",
                                   "18446744073709551615", "9223372036854775807"})
        EXPECT_EQ(faults_with(fmt::format(R"("message_expiry_timestamp":{})", other)), refused) << other;
    EXPECT_EQ(faults_with(R"("message_expiry_timestamp":1800000060)", Leniency{.unix_times = false}),
              refused);
}

TEST(Submission, LenientWhereClientsDiffer)
{
    EXPECT_EQ(submission_with(R"("format":["MMS"])").format, Format::mms);
    EXPECT_TRUE(submission_with(R"("metadata":[])").metadata.empty());
    EXPECT_EQ(submission_with(R"("source_number":"","source_number_type":"SHORTCODE")").source, "");
    EXPECT_TRUE(submission_with(R"("media":[])").media.empty());
    EXPECT_EQ(submission_with(R"("destination_number":"61491570156")").destination, "61491570156");
    EXPECT_EQ(submission_with(R"("content":"\u00e9\ud83d\ude00\/\n")").content, "é😀/\n");
    for (const char* date : {"2026-11-20T21:03:47+10:00", "2026-11-20T11:03:47.0000000Z",
                             "2026-11-20T11:03:47", "2026-11-20 11:03:47+0000"})
        EXPECT_EQ(base::to_iso(*submission_with(fmt::format(R"("scheduled":"{}")", date)).scheduled),
                  "2026-11-20T11:03:47.000Z");
}

TEST(Submission, AByteOrderMarkBeforeTheBodyIsSkipped)
{
    EXPECT_EQ(faults_of("\xEF\xBB\xBF" + body_with("")), Lines{});
    EXPECT_EQ(faults_of("\xEF\xBB\xBF\xEF\xBB\xBF" + body_with("")), Lines{"Failed to parse message body."});
    EXPECT_EQ(faults_of("\xFF\xFE" + body_with("")), Lines{"Failed to parse message body."});
    EXPECT_EQ(faults_of("\xEF\xBB\xBF"), Lines{"Failed to parse message body."});
}

TEST(Submission, ASendingModeOfTheOldestSdkAsksForATest)
{
    auto outcome = [](std::string_view properties) {
        std::string body = body_with("");
        body.insert(1, fmt::format(R"("properties":{},)", properties));
        auto parsed = parse_submissions(body, now);
        EXPECT_TRUE(parsed) << body;
        return parsed ? parsed->front().test_outcome : std::nullopt;
    };
    using enum message::TestOutcome;
    EXPECT_EQ(outcome(R"({"sending_mode":"functional_test_delivered"})"), delivered);
    EXPECT_EQ(outcome(R"({"sending_mode":"functional_test_failed"})"), failed);
    EXPECT_EQ(outcome(R"({"sending_mode":"FUNCTIONAL_TEST_REJECTED"})"), rejected);
    EXPECT_EQ(outcome(R"({"x":1,"sending_mode":"functional_test_expired"})"), expired);
    EXPECT_EQ(outcome(R"({"sending_mode":"functional_test_whatever"})"), delivered);
    EXPECT_EQ(outcome(R"({"sending_mode":"functional_test"})"), delivered);
    for (std::string_view meant :
         {R"({"sending_mode":"production"})", R"({"sending_mode":""})", R"({"sending_mode":"functional"})",
          R"({"sending_mode":null})", R"({"sending_mode":5})", R"("functional_test")", "{}", "null", "[]"})
        EXPECT_FALSE(outcome(meant)) << meant;
}

TEST(Submission, OfEqualKeysTheLastOneCounts)
{
    EXPECT_EQ(submission_with(R"("content":"first","content":"second")").content, "second");
    EXPECT_EQ(submission_with(R"("metadata":{"a":"1","b":"2","a":"3"})").metadata,
              (Metadata{{"a", "3"}, {"b", "2"}}));
    EXPECT_EQ(faults_with(R"("content":"x","content":null)"),
              Lines{"/messages/0/content: Content cannot be null."});
}

TEST(Submission, FaultsReadAsTheServiceWritesThem)
{
    struct {
        std::string_view fields;
        Lines faults;
    } cases[] = {
        {R"("destination_number":"abc")",
         {"/messages/0/destination_number: International address must be between 8 and 15 characters "
          "excluding the "
          "first '+', International address contains invalid characters."}},
        {R"("destination_number":"+61 491 570")",
         {"/messages/0/destination_number: International address contains invalid characters."}},
        {R"("destination_number":"+1234567")",
         {"/messages/0/destination_number: International address must be between 8 and 15 characters "
          "excluding the "
          "first '+'."}},
        {R"("destination_number":61491570156)",
         {"/messages/0/destination_number: Destination number must be a string."}},
        {R"("destination_number":null,"content":null)",
         {"/messages/0/content: Content cannot be null.",
          "/messages/0/destination_number: Destination number cannot be null."}},
        {R"("content":"")", {"/messages/0/content: Content must be between 1 and 5000 characters."}},
        {R"("content":"a\u0000b")", {"/messages/0/content: Content must not contain null characters."}},
        {R"("callback_url":"ftp://example.com")", {"/messages/0/callbackUrl: Invalid callback url"}},
        {R"("callback_url":5)", {"/messages/0/callbackUrl: Invalid callback url"}},
        {R"("delivery_report":"yes")",
         {"/messages/0/delivery_report: Delivery report must be true or false."}},
        {R"("format":"FAX")", {"/messages/0/format: Format must be one of SMS, MMS or TTS."}},
        {R"("format":["SMS","MMS"])", {"/messages/0/format: Format must be one of SMS, MMS or TTS."}},
        {R"("format":[[["SMS"]]])", {"/messages/0/format: Format must be one of SMS, MMS or TTS."}},
        {R"("format":"FAX","media":["http://a.example"])",
         {"/messages/0/format: Format must be one of SMS, MMS or TTS."}},
        {R"("media":["http://a.example"])", {"/messages/0/media: Media is only valid when format is MMS."}},
        {R"("format":"MMS","media":["http://a.example","file:///etc/passwd",null])",
         {"/messages/0/media/1: Invalid media url.", "/messages/0/media/2: Invalid media url."}},
        {R"("media":"http://a.example")", {"/messages/0/media: Media must be a list of urls."}},
        {R"("metadata":{"a":1,"b":null})", {"/messages/0/metadata: Metadata value must be a string."}},
        {R"("metadata":["a"])", {"/messages/0/metadata: Metadata must be an object of strings."}},
        {R"("metadata":{"a\u0000":"b"})",
         {"/messages/0/metadata: Metadata must not contain null characters."}},
        {R"("scheduled":"tomorrow")",
         {"/messages/0/scheduled: Scheduled must be an ISO 8601 date and time."}},
        {R"("scheduled":1479646800000)",
         {"/messages/0/scheduled: Scheduled must be an ISO 8601 date and time."}},
        {R"("scheduled":"9999-12-31T23:59:59-10:00")",
         {"/messages/0/scheduled: Scheduled must be an ISO 8601 date and time."}},
        {R"("scheduled":"2199-01-01T00:00:00Z")",
         {"/messages/0/scheduled: Scheduled must be within one year."}},
        {R"("message_expiry_timestamp":"")",
         {"/messages/0/message_expiry_timestamp: Message expiry timestamp must be an ISO 8601 date and "
          "time."}},
        {R"("source_number_type":"SHORTCODE")",
         {"/messages/0/source_number_type: Source number type is only valid when source number is "
          "specified."}},
        {R"("source_number":"12345","source_number_type":"short")",
         {"/messages/0/source_number_type: Source number type must be one of INTERNATIONAL, ALPHANUMERIC or "
          "SHORTCODE."}},
        {R"("source_number":"ACME COMPANY")",
         {"/messages/0/source_number: Alphanumeric source number must be at most 11 characters of the GSM "
          "alphabet."}},
        {R"("source_number":"ЯНДЕКС")",
         {"/messages/0/source_number: Alphanumeric source number must be at most 11 characters of the GSM "
          "alphabet."}},
        {R"("source_number":"a\nb")",
         {"/messages/0/source_number: Alphanumeric source number must be at most 11 characters of the GSM "
          "alphabet."}},
        {R"("source_number":"ACME","source_number_type":"INTERNATIONAL")",
         {"/messages/0/source_number: International address must be between 8 and 15 characters excluding "
          "the first "
          "'+', International address contains invalid characters."}},
        {R"("source_number":"ACME","source_number_type":"SHORTCODE")",
         {"/messages/0/source_number: Shortcode must be between 3 and 8 digits."}},
    };
    for (const auto& [fields, faults] : cases) EXPECT_EQ(faults_with(fields), faults) << fields;
}

TEST(Submission, SeveralFaultsOfAFieldStandInOneLine)
{
    std::string url = R"("http://a.example")", urls = url;
    for (int i = 0; i < 20; ++i) urls += "," + url;
    struct {
        std::string fields;
        Lines faults;
    } cases[] = {
        {fmt::format(R"("content":"\u0000{}")", repeated("a", 5000)),
         {"/messages/0/content: Content must not contain null characters, Content must be between 1 and 5000 "
          "characters."}},
        {R"("destination_number":"1\u0000")",
         {"/messages/0/destination_number: International address must be between 8 and 15 characters "
          "excluding the first '+', International address contains invalid characters."}},
        {fmt::format(R"("media":[{}])", urls),
         {"/messages/0/media: Media is only valid when format is MMS, Media must be at most 20 urls."}},
        {R"("media":["x"])",
         {"/messages/0/media: Media is only valid when format is MMS.",
          "/messages/0/media/0: Invalid media url."}},
        {fmt::format(R"("metadata":{{"{}":null,"1":"{}","2":"\u0000","3":"","4":"","5":"","6":"","7":"",)"
                     R"("8":"","9":"","10":""}})",
                     repeated("k", 101), repeated("v", 257)),
         {"/messages/0/metadata: Metadata must be at most 10 pairs, Metadata key must be at most 100 "
          "characters, Metadata value must be at most 256 characters, Metadata value must be a string, "
          "Metadata must not contain null characters."}},
        {R"("source_number_type":"SHORT")",
         {"/messages/0/source_number_type: Source number type must be one of INTERNATIONAL, ALPHANUMERIC or "
          "SHORTCODE, Source number type is only valid when source number is specified."}},
    };
    for (const auto& [fields, faults] : cases) EXPECT_EQ(faults_with(fields), faults) << fields;
}

TEST(Submission, EveryFieldRefusesEveryOtherTypeOfJson)
{
    constexpr std::string_view number = "1.5", text = R"("x")", list = R"(["x","y"])",
                               object = R"({"a":null})", yes = "true";
    struct {
        std::string_view name;
        std::vector<std::string_view> wrong;
    } cases[] = {
        {"content", {number, yes, list, object}},
        {"destination_number", {number, yes, text, list, object}},
        {"callback_url", {number, yes, text, list, object}},
        {"delivery_report", {number, text, list, object}},
        {"format", {number, yes, text, list, object}},
        {"media", {number, yes, text, object}},
        {"subject", {number, yes, list, object}},
        {"message_expiry_timestamp", {number, yes, text, list, object}},
        {"metadata", {number, yes, text, list, object}},
        {"scheduled", {number, yes, text, list, object}},
        {"source_number", {number, yes, list, object}},
    };
    for (const auto& [name, wrong] : cases)
        for (std::string_view value : wrong)
            EXPECT_EQ(faults_with(fmt::format(R"("{}":{})", name, value)).size(), 1u) << name << value;
    for (std::string_view value : {number, yes, text, list, object})
        EXPECT_EQ(
            faults_with(fmt::format(R"("source_number":"12345","source_number_type":{})", value)).size(), 1u)
            << value;
}

TEST(Submission, NumbersBeyondEveryRangeAreNumbers)
{
    for (std::string_view number :
         {"1e400", "-1e-400", "123456789012345678901234567890", "18446744073709551616"}) {
        EXPECT_EQ(faults_with(fmt::format(R"("content":{})", number)),
                  Lines{"/messages/0/content: Content must be a string."});
        EXPECT_EQ(faults_with(fmt::format(R"("other":{})", number)), Lines{});
    }
}

TEST(Submission, TimesReachFromTheYearOneToTheYear9999)
{
    auto expiry = [](std::string_view text) {
        return fmt::format(R"("message_expiry_timestamp":"{}")", text);
    };
    for (const char* inside :
         {"0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999Z", "0001-01-01T10:00:00+10:00"})
        EXPECT_EQ(faults_with(expiry(inside)), Lines{}) << inside;
    for (const char* outside :
         {"0000-12-31T23:59:59Z", "0001-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01",
          "10000-01-01T00:00:00Z", "-001-01-01T00:00:00Z", "+2026-01-01T00:00:00Z"})
        EXPECT_EQ(faults_with(expiry(outside)).size(), 1u) << outside;
}

TEST(Submission, LimitsCountCodePoints)
{
    auto field = [](std::string_view name, std::string_view piece, int times) {
        return fmt::format(R"("{}":"{}")", name, repeated(piece, times));
    };
    auto metadata = [](const std::string& key, const std::string& value) {
        return fmt::format(R"("metadata":{{"{}":"{}"}})", key, value);
    };
    auto pairs = [](int count) {
        std::string out = R"("metadata":{)";
        for (int i = 0; i < count; ++i) out += fmt::format(R"({}"k{}":"")", i ? "," : "", i);
        return out + "}";
    };
    for (std::string_view character : {"a", "я", "€", "😀"}) {
        EXPECT_EQ(text::code_points(submission_with(field("content", character, 5000)).content), 5000u);
        EXPECT_EQ(faults_with(field("content", character, 5001)).size(), 1u) << character;
    }
    EXPECT_EQ(text::code_points(submission_with(field("content", R"(\ud83d\ude00)", 5000)).content), 5000u);
    EXPECT_EQ(faults_with(field("subject", "😀", 64)), Lines{});
    EXPECT_EQ(faults_with(field("subject", "😀", 65)).size(), 1u);
    EXPECT_EQ(faults_with(field("subject", "a", 65)),
              Lines{"/messages/0/subject: Subject must be at most 64 characters."});
    EXPECT_EQ(faults_with(metadata(repeated("😀", 100), repeated("😀", 256))), Lines{});
    EXPECT_EQ(faults_with(metadata(repeated("😀", 101), repeated("😀", 257))),
              Lines{"/messages/0/metadata: Metadata key must be at most 100 characters, Metadata value must "
                    "be at most "
                    "256 characters."});
    EXPECT_EQ(faults_with(pairs(10)), Lines{});
    EXPECT_EQ(faults_with(pairs(11)), Lines{"/messages/0/metadata: Metadata must be at most 10 pairs."});
    EXPECT_EQ(faults_with(pairs(5000)), Lines{"/messages/0/metadata: Metadata must be at most 10 pairs."});
    for (const char* digits : {"12345678", "+12345678", "123456789012345", "+123456789012345"})
        EXPECT_EQ(faults_with(fmt::format(R"("destination_number":"{}")", digits)), Lines{}) << digits;
    for (const char* digits : {"1234567", "1234567890123456", "+1234567890123456", "++12345678", "", "+"})
        EXPECT_EQ(faults_with(fmt::format(R"("destination_number":"{}")", digits)).size(), 1u) << digits;
    EXPECT_EQ(faults_with(R"("source_number":"[[[[[a")"), Lines{});
    auto url = [](std::string_view name, std::size_t size) {
        std::string begin = "https://example.com/";
        return fmt::format(R"("{}":"{}{}")", name, begin, std::string(size - begin.size(), 'x'));
    };
    EXPECT_EQ(faults_with(url("callback_url", 2048)), Lines{});
    EXPECT_EQ(faults_with(url("callback_url", 2049)),
              Lines{"/messages/0/callback_url: Callback url must be at most 2048 characters."});
    auto media = [&url](std::size_t size) {
        std::string pair = url("", size);
        return R"("format":"MMS","media":[)" + pair.substr(pair.find(':') + 1) + "]";
    };
    EXPECT_EQ(faults_with(media(8192)), Lines{});
    EXPECT_EQ(faults_with(media(8193)),
              Lines{"/messages/0/media/0: Media url must be at most 8192 characters."});
    EXPECT_EQ(faults_with(R"("source_number":"[[[[[[")").size(), 1u);
    EXPECT_EQ(faults_with(R"("source_number":"5 €")").size(), 1u)
        << "an address has one octet for each letter";
}

TEST(Submission, AYearAheadIsTheFarthest)
{
    auto at = [](base::Time time) { return fmt::format(R"("scheduled":"{}")", base::to_iso(time)); };
    EXPECT_EQ(faults_with(at(now + schedule_ahead_max)), Lines{});
    EXPECT_EQ(faults_with(at(now + schedule_ahead_max + 1ms)).size(), 1u);
}

TEST(Submission, EveryFaultOfEveryMessageIsTold)
{
    EXPECT_EQ(faults_of(R"({"messages":[{"content":"a","destination_number":"+61491570156"},)"
                        R"({"content":1,"format":2},null]})"),
              (Lines{"/messages/1/content: Content must be a string.",
                     "/messages/1/destination_number: Destination number cannot be null.",
                     "/messages/1/format: Format must be one of SMS, MMS or TTS.",
                     "/messages/2: Message must be an object."}));
}

TEST(Submission, OneToAHundredMessages)
{
    auto body = [](int count) {
        std::string out = R"({"messages":[)";
        for (int i = 0; i < count; ++i)
            out +=
                fmt::format(R"({}{{"content":"{}","destination_number":"+61491570156"}})", i ? "," : "", i);
        return out + "]}";
    };
    auto hundred = parse_submissions(body(100), now);
    ASSERT_TRUE(hundred);
    EXPECT_EQ(hundred->size(), 100u);
    EXPECT_EQ(hundred->back().content, "99");
    Lines count = {"/messages: Messages must be between 1 and 100 messages."};
    EXPECT_EQ(faults_of(body(0)), count);
    EXPECT_EQ(faults_of(body(101)), count);
    EXPECT_EQ(faults_of("{}"), Lines{"/messages: Messages cannot be null."});
    EXPECT_EQ(faults_of(R"({"messages":null})"), Lines{"/messages: Messages cannot be null."});
    EXPECT_EQ(faults_of(R"({"messages":{}})"), Lines{"/messages: Messages must be a list."});
}

TEST(Submission, WhatIsNotJsonIsUnparsable)
{
    std::string_view bodies[] = {
        "",
        " ",
        "null",
        "[]",
        "5",
        "\"messages\"",
        "{",
        "{\"messages\":[}",
        "{}x",
        "{'messages':[]}",
        "{\"messages\":[],}",
        "\xFF\xFE{\0}\0"sv,
        "\0"sv,
        "{\"a\":\"\xE9\"}",            // Latin-1
        "{\"a\":\"\xED\xA0\x80\"}",    // a surrogate in UTF-8
        "{\"a\":\"\xC0\x80\"}",        // an overlong NUL
        "{\"a\":\"\\ud83d\"}",         // a lone high surrogate
        "{\"a\":\"\\ude00\"}",         // a lone low surrogate
        "{\"a\":\"\\ud83d\\u0041\"}",  // a high one before something else
        "{\"a\":1e999999999999}",
        "{\"a\":01}",
        "{\"a\":NaN}",
        "{\"a\":\"\x01\"}",
        "{\"a\":\"\\x\"}",
    };
    for (std::string_view body : bodies) EXPECT_EQ(faults_of(body), unparsable) << body;
    for (int depth : {40, 100'000}) {
        EXPECT_EQ(faults_of(repeated("[", depth)), unparsable);
        EXPECT_EQ(faults_of("{\"messages\":" + repeated("{\"a\":", depth)), unparsable);
    }
}

TEST(Submission, BodyCutAnywhereIsUnparsable)
{
    std::string body = body_with(R"("metadata":{"k":"\ud83d\ude00é"},"format":["SMS"],"x":-1.5e+3)");
    for (std::size_t size = 0; size < body.size(); ++size)
        EXPECT_EQ(faults_of(body.substr(0, size)), unparsable) << size;
}

TEST(Cancel, OnlyTheWordCancelledInAnyCase)
{
    for (const char* body :
         {R"({"status":"cancelled"})", R"({"status":"CANCELLED"})", R"( {"x":1,"status":"Cancelled"} )"})
        EXPECT_TRUE(parse_cancel(body)) << body;
    for (const char* body :
         {"", "{}", R"({"status":null})", R"({"status":"canceled"})", R"({"status":"cancelled "})",
          R"({"status":["cancelled"]})", R"("cancelled")", R"({"status":"sent"})", R"({"status":1})"})
        EXPECT_FALSE(parse_cancel(body)) << body;
    Leniency strict{.cancel_case = false};
    EXPECT_TRUE(parse_cancel(R"({"status":"cancelled"})", strict));
    EXPECT_FALSE(parse_cancel(R"({"status":"CANCELLED"})", strict));
}

TEST(Confirmation, IdsAreReadOrRefused)
{
    auto result = parse_confirmation(
        R"({"reply_ids":["011dcead-6988-4ad6-a1c7-6b6c68ea628d","3487B3FA-6586-4979-A233-2D1B095C7718"]})",
        "reply_ids");
    ASSERT_TRUE(result);
    ASSERT_EQ(result->size(), 2u);
    EXPECT_EQ((*result)[1].text(), "3487b3fa-6586-4979-a233-2d1b095c7718");
    EXPECT_TRUE(parse_confirmation(R"({"reply_ids":[]})", "reply_ids")->empty());

    auto refused = [](std::string_view body) {
        auto ids = parse_confirmation(body, "delivery_report_ids");
        return ids ? Lines{} : ids.error().details;
    };
    EXPECT_EQ(refused("{"), unparsable);
    EXPECT_EQ(refused(R"({"reply_ids":[]})"), Lines{"/delivery_report_ids: Ids cannot be null."});
    EXPECT_EQ(refused(R"({"delivery_report_ids":null})"), Lines{"/delivery_report_ids: Ids cannot be null."});
    EXPECT_EQ(refused(R"({"delivery_report_ids":"x"})"), Lines{"/delivery_report_ids: Ids must be a list."});
    EXPECT_EQ(
        refused(R"({"delivery_report_ids":["x",5]})"),
        (Lines{"/delivery_report_ids/0: Id must be a UUID.", "/delivery_report_ids/1: Id must be a UUID."}));
    std::string many = R"({"delivery_report_ids":["011dcead-6988-4ad6-a1c7-6b6c68ea628d")";
    for (int i = 0; i < 99; ++i) many += R"(,"011dcead-6988-4ad6-a1c7-6b6c68ea628d")";
    EXPECT_EQ(refused(many + "]}"), Lines{});
    EXPECT_EQ(refused(many + ",1]}"), Lines{"/delivery_report_ids: Ids must be at most 100."});
}

TEST(Submission, ABodyOfTooManyValuesIsRefusedForThat)
{
    EXPECT_EQ(faults_of("{\"messages\":[" + repeated("{},", 100'000) + "{}]}"),
              Lines{"The body has more than 10000 values."});
    EXPECT_EQ(faults_with("\"other\":[" + repeated("[],", 20'000) + "1]"),
              Lines{"The body has more than 10000 values."});
    EXPECT_EQ(faults_with("\"other\":[" + repeated("[],", 4'000) + "1]"), Lines{});
}

TEST(Submission, NationalNumbersAreOfTheCountryOfTheAccount)
{
    std::string body = body_with(R"("source_number":"0491570157")");
    body.replace(body.find("+61491570156"), 12, "0491570156");
    auto read = parse_submissions(body, now, {}, "AU");
    ASSERT_TRUE(read);
    const Submission& message = read->front();
    EXPECT_EQ(message.destination, "+61491570156");
    EXPECT_EQ(message.written_destination, "0491570156");
    EXPECT_EQ(message.source, "+61491570157");
    EXPECT_EQ(message.written_source, "0491570157");

    constexpr std::string_view fault =
        ": International address must begin with a country code, as +61491570156; a number without one needs "
        "an "
        "account with a country.";
    EXPECT_EQ(faults_of(body), (Lines{fmt::format("/messages/0/destination_number{}", fault),
                                      fmt::format("/messages/0/source_number{}", fault)}));
    EXPECT_EQ(faults_with(R"("destination_number":"+0491570156")").size(), 1u);
}

TEST(Submission, E164NumbersStayAsTheyAreInEveryCountry)
{
    auto read = parse_submissions(body_with(R"("source_number":"12345")"), now, {}, "AU");
    ASSERT_TRUE(read);
    EXPECT_EQ(read->front().destination, "+61491570156");
    EXPECT_EQ(read->front().written_destination, "");
    EXPECT_EQ(read->front().source, "12345");
    auto name = parse_submissions(
        body_with(R"("source_number":"0491570157","source_number_type":"ALPHANUMERIC")"), now, {}, "AU");
    ASSERT_TRUE(name);
    EXPECT_EQ(name->front().source, "0491570157");
}

}  // namespace tidings::wire
