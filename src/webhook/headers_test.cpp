// SPDX-License-Identifier: Apache-2.0
#include "webhook/headers.hpp"

#include <gtest/gtest.h>

namespace tidings::webhook {

namespace {

TEST(WebhookHeaders, MayBeWhatReceiversAskFor)
{
    EXPECT_EQ(header_fault("Authorization", "Bearer abc"), std::nullopt);
    EXPECT_EQ(header_fault("X-Api-Key", "\xc3\xa9\t"), std::nullopt);
    EXPECT_EQ(header_fault("X-Empty", ""), std::nullopt);
    EXPECT_EQ(header_fault(std::string(200, 'x'), std::string(1000, 'x')), std::nullopt);
}

TEST(WebhookHeaders, MayNotFrameTheRequestOrPassForOurs)
{
    for (const char* name : {"Host", "content-length", "Transfer-Encoding", "Connection", "CONTENT-TYPE",
                             "Date", "Expect", "x-messagemedia-signature", "X-MessageMedia-Key-Id",
                             "Webhook-Id", "webhook-timestamp", "webhook-signature"})
        EXPECT_NE(header_fault(name, "x"), std::nullopt) << name;
}

TEST(WebhookHeaders, CannotInjectOthers)
{
    using namespace std::string_view_literals;
    for (std::string_view value : {"a\r\nX-Other: b"sv, "a\nb"sv, "a\rb"sv, "a\0b"sv, "a\x7f"sv})
        EXPECT_NE(header_fault("X-One", value), std::nullopt);
    for (std::string_view name : {""sv, "X One"sv, "X-One:"sv, "X\r\nY"sv, "X\0"sv, "\xc3\xa9"sv, "a/b"sv})
        EXPECT_NE(header_fault(name, "x"), std::nullopt) << name;
}

TEST(WebhookHeaders, HaveALimitedSize)
{
    EXPECT_NE(header_fault(std::string(201, 'x'), ""), std::nullopt);
    EXPECT_NE(header_fault("x", std::string(1001, 'x')), std::nullopt);
}

}  // namespace

}  // namespace tidings::webhook
