// SPDX-License-Identifier: Apache-2.0
#include "message/sender.hpp"

#include <gtest/gtest.h>

#include <set>

namespace tidings::message {

namespace {

Submission from(std::string_view source, std::optional<SourceType> type = {})
{
    Submission message;
    message.source = source;
    message.source_type = type;
    message.destination = "+61491570156";
    return message;
}

constexpr std::string_view own = "61491570000";
constexpr SenderRules registered{.is_registered = true, .default_source = own};

}  // namespace

TEST(Sender, IsTheSourceThatTheMessageNames)
{
    struct {
        std::string_view source;
        std::optional<SourceType> said;
        Sender sender;
    } const cases[] = {
        {"+61491570156", {}, {"61491570156", SourceType::international}},
        {"61491570156", SourceType::international, {"61491570156", SourceType::international}},
        {"12345", {}, {"12345", SourceType::shortcode}},
        {"Bakery", {}, {"Bakery", SourceType::alphanumeric}},
        {"+61491570156", SourceType::alphanumeric, {"+61491570156", SourceType::alphanumeric}},
    };
    for (const auto& it : cases) EXPECT_EQ(choose_sender(from(it.source, it.said), registered), it.sender);
}

TEST(Sender, IsTheDefaultOfTheAccountWhenTheMessageNamesNone)
{
    EXPECT_EQ(choose_sender(from(""), registered), (Sender{std::string(own), SourceType::international}));
    EXPECT_EQ(choose_sender(from(""), {.default_source = "12345"}), (Sender{"12345", SourceType::shortcode}));
    EXPECT_EQ(choose_sender(from(""), {.default_source = "Bakery"}),
              (Sender{"Bakery", SourceType::alphanumeric}));
}

TEST(Sender, IsTheLinksChoiceWhenTheAccountHasNone) { EXPECT_EQ(choose_sender(from(""), {}), Sender{}); }

TEST(Sender, OfThePoolIsTheSameForAHandsetAndSpreadsOverHandsets)
{
    const std::string pool[] = {"61491570001", "61491570002", "61491570003"};
    std::set<std::string> seen;
    for (int i = 0; i < 100; ++i) {
        Submission message = from("");
        message.destination = "+614915701" + std::to_string(10 + i % 50);
        auto sender = choose_sender(message, {.pool = pool});
        ASSERT_TRUE(sender);
        EXPECT_EQ(sender, choose_sender(message, {.pool = pool}));
        message.destination.erase(0, 1);
        EXPECT_EQ(sender, choose_sender(message, {.pool = pool})) << "with and without the +";
        seen.insert(sender->address);
    }
    EXPECT_EQ(seen.size(), 3u);
}

TEST(Sender, ThatIsNotRegisteredIsUpToTheAccount)
{
    SenderRules rules{.default_source = own};
    EXPECT_EQ(choose_sender(from("Bakery"), rules), std::nullopt);
    rules.unregistered = UnregisteredSource::substitute;
    EXPECT_EQ(choose_sender(from("Bakery"), rules), (Sender{std::string(own), SourceType::international}));
    rules.unregistered = UnregisteredSource::allow;
    EXPECT_EQ(choose_sender(from("Bakery"), rules), (Sender{"Bakery", SourceType::alphanumeric}));
}

}  // namespace tidings::message
