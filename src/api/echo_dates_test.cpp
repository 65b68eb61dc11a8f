// SPDX-License-Identifier: Apache-2.0
#include "api/echo_dates.hpp"

#include <gtest/gtest.h>

namespace tidings::api {

using wire::EchoDates;

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
