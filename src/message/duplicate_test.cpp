// SPDX-License-Identifier: Apache-2.0
#include "message/duplicate.hpp"

#include <gtest/gtest.h>

namespace tidings::message {

namespace {

using namespace std::chrono_literals;

Submission text(std::string content, std::string destination = "+61491570156")
{
    Submission message;
    message.content = std::move(content);
    message.destination = std::move(destination);
    return message;
}

bool is_same(const Submission& a, const Submission& b) { return duplicate_key(1, a) == duplicate_key(1, b); }

}  // namespace

TEST(Duplicate, IsTheSameTextToTheSameNumberOfTheSameAccount)
{
    EXPECT_TRUE(is_same(text("Hello"), text("Hello")));
    EXPECT_TRUE(is_same(text("Hello"), text("Hello", "61491570156"))) << "with and without the +";
    EXPECT_NE(duplicate_key(1, text("Hello")), duplicate_key(2, text("Hello")));
    EXPECT_FALSE(is_same(text("Hello"), text("Hello", "+61491570157")));
}

TEST(Duplicate, IsNotWhatDiffersByALetterOrASpace)
{
    for (const char* other : {"Hello ", " Hello", "hello", "Hello\n", "Hell\u00F2", "Hellо"})
        EXPECT_FALSE(is_same(text("Hello"), text(other))) << other;
    EXPECT_FALSE(is_same(text("é"), text("e\u0301"))) << "composed or not";
}

TEST(Duplicate, IsToldApartByFormatSubjectAndMedia)
{
    Submission mms = text("Hello");
    mms.format = Format::mms;
    EXPECT_FALSE(is_same(text("Hello"), mms));
    Submission other = mms;
    other.subject = "Offer";
    EXPECT_FALSE(is_same(mms, other));
    other = mms;
    other.media = {"http://example.com/a.png"};
    EXPECT_FALSE(is_same(mms, other));
    Submission joined = mms;
    joined.media = {"http://example.com/a.png", "b"};
    other.media = {"http://example.com/a.pngb"};
    EXPECT_FALSE(is_same(joined, other));
}

TEST(Duplicate, DoesNotDependOnWhatElseAMessageSays)
{
    Submission other = text("Hello");
    other.source = "Bakery";
    other.callback_url = "http://example.com";
    other.delivery_report = true;
    other.metadata = {{"key", "value"}};
    EXPECT_TRUE(is_same(text("Hello"), other));
}

TEST(Duplicate, IsWithinTheWindowUpToItsEnd)
{
    base::Time sent{std::chrono::sys_days{std::chrono::January / 15 / 2026}};
    EXPECT_TRUE(is_within(24h, sent, sent));
    EXPECT_TRUE(is_within(24h, sent, sent + 24h - 1ms));
    EXPECT_FALSE(is_within(24h, sent, sent + 24h));
    EXPECT_FALSE(is_within(24h, sent, sent - 1ms)) << "a clock that was set back";
    EXPECT_FALSE(is_within(0s, sent, sent));
}

TEST(Duplicate, IsNotOfWhatNeverReachedACarrier)
{
    auto blocks = [](Status status, Code code) {
        return blocks_duplicates({.status = status, .code = code, .told = 0, .changed_at = {}});
    };
    EXPECT_FALSE(blocks(Status::cancelled, Code::none));
    for (Code code : {Code::expired_before_submission, Code::gateway_failure, Code::discarded, Code::no_route,
                      Code::source_unsupported})
        EXPECT_FALSE(blocks(status_of(code), code)) << static_cast<int>(code);
    for (Code code : {Code::processing, Code::rerouting, Code::submitted, Code::delivered,
                      Code::undeliverable, Code::expired_at_carrier, Code::rejected_by_carrier})
        EXPECT_TRUE(blocks(status_of(code), code)) << static_cast<int>(code);
}

}  // namespace tidings::message
