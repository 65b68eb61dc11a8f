// SPDX-License-Identifier: Apache-2.0
#include "api/sending.hpp"

#include <gtest/gtest.h>

namespace tidings::api {

using message::EchoDates;
using message::SourceType;

TEST(Sender, IsTheSourceOfTheMessageElseTheDefaultOfItsAccount)
{
    struct {
        std::string_view source;
        std::optional<SourceType> said;
        std::string_view by_default, sender;
        SourceType type;
    } const cases[] = {
        {"+61491570156", {}, "61491570000", "61491570156", SourceType::international},
        {"61491570156", SourceType::international, "", "61491570156", SourceType::international},
        {"12345", {}, "", "12345", SourceType::shortcode},
        {"Bakery", {}, "61491570000", "Bakery", SourceType::alphanumeric},
        {"61491570156", SourceType::alphanumeric, "", "61491570156", SourceType::alphanumeric},
        {"", {}, "61491570000", "61491570000", SourceType::international},
        {"", {}, "12345", "12345", SourceType::shortcode},
        {"", {}, "", "", SourceType::international},
    };
    for (const auto& it : cases) {
        store::NewMessage message;
        message.submission.source = it.source;
        message.submission.source_type = it.said;
        store::Account account;
        account.default_source = it.by_default;
        set_sender(message, account);
        EXPECT_EQ(message.sender, it.sender) << it.source;
        EXPECT_EQ(message.sender_type, it.type) << it.source;
        EXPECT_EQ(message.submission.source, it.source) << "is echoed as it was sent";
    }
}

TEST(EchoDates, AreLeftOutForThePythonSdkAlone)
{
    struct {
        std::string_view agent, body;
        EchoDates dates;
    } const cases[] = {
        {"messagemedia-messages", R"({"messages": [{"content": "a"}]})", EchoDates::without},
        {"messagemedia-messages", R"({"messages":[{"content":"a"}]})", EchoDates::with},
        {"python-requests/2.31", R"({"messages": [{"content": "a"}]})", EchoDates::with},
        {"messagemedia-messages-go-sdk-1.0.0", R"({"messages": [{"content": "a"}]})", EchoDates::with},
        {"", "", EchoDates::with},
    };
    for (const auto& it : cases) {
        http::Request request;
        request.headers.set("User-Agent", it.agent);
        request.body = it.body;
        EXPECT_EQ(echo_dates_for(request), it.dates) << it.agent << ' ' << it.body;
    }
}

}  // namespace tidings::api
