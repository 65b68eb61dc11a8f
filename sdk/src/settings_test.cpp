// SPDX-License-Identifier: Apache-2.0
#include "settings.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

namespace tidings::detail {

namespace {

Options at(std::string uri) { return {.credentials = Basic{"KEY", "SECRET"}, .base_uri = std::move(uri)}; }

TEST(ClientSettings, TakeTheBaseUriApart)
{
    Settings settings = settings_of(at("https://gateway.example:8443/api/")).value();
    EXPECT_TRUE(settings.is_tls);
    EXPECT_EQ(settings.host, "gateway.example");
    EXPECT_EQ(settings.port, "8443");
    EXPECT_EQ(settings.authority, "gateway.example:8443");
    EXPECT_EQ(settings.prefix, "/api");
    EXPECT_EQ(settings.base_uri, "https://gateway.example:8443/api");
    EXPECT_EQ(settings_of(at("https://api.messagemedia.com"))->port, "443");
    EXPECT_EQ(settings_of(at("http://[::1]:8080"))->host, "::1");
}

TEST(ClientSettings, ComeFromTheEnvironmentWhereNothingWasSaid)
{
    setenv("TIDINGS_BASE_URI", "http://10.0.0.1", 1);
    setenv("TIDINGS_KEY", "K", 1);
    setenv("TIDINGS_SECRET", "S", 1);
    Settings settings = settings_of({}).value();
    EXPECT_EQ(settings.host, "10.0.0.1");
    EXPECT_EQ(std::get<Basic>(settings.options.credentials).secret, "S");
    for (const char* name : {"TIDINGS_BASE_URI", "TIDINGS_KEY", "TIDINGS_SECRET"}) unsetenv(name);
    EXPECT_EQ(settings_of({}).error().message,
              "no credentials: give them, or set TIDINGS_KEY and TIDINGS_SECRET");
    EXPECT_EQ(settings_of(at(""))->base_uri, "http://127.0.0.1:8080");
}

TEST(ClientSettings, RefuseWhatMakesNoSenseWithoutRepeatingIt)
{
    for (const char* uri : {"api.messagemedia.com", "ftp://host", "http://", "http://user:hidden@host",
                            "http://host/?a=hidden", "http://hid den"}) {
        auto settings = settings_of(at(uri));
        ASSERT_FALSE(settings) << uri;
        EXPECT_EQ(settings.error().code, errc::bad_argument);
        EXPECT_EQ(settings.error().message.find("hid"), std::string::npos);
    }
    EXPECT_FALSE(settings_of({.credentials = Basic{"KEY\r\nX: y", "SECRET"}}));
    EXPECT_FALSE(settings_of({.credentials = Hmac{"KEY\"", "SECRET"}}));
    EXPECT_FALSE(settings_of({.credentials = Hmac{"KEY", ""}}));
    EXPECT_FALSE(settings_of({.credentials = Basic{"KEY", "SECRET"}, .account = "a\nb"}));
}

}  // namespace

}  // namespace tidings::detail
