// SPDX-License-Identifier: Apache-2.0
#include "message/sender.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <vector>

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

TEST(Sender, IsTheNumberThatTheHandsetKnowsBeforeTheDefault)
{
    constexpr std::string_view known = "61491570901";
    SenderRules rules{.default_source = own, .familiar = known};
    EXPECT_EQ(choose_sender(from(""), rules), (Sender{std::string(known), SourceType::international}));
    rules.unregistered = UnregisteredSource::substitute;
    EXPECT_EQ(choose_sender(from("Bakery"), rules), (Sender{std::string(known), SourceType::international}));
    rules.is_registered = true;
    EXPECT_EQ(choose_sender(from("Bakery"), rules), (Sender{"Bakery", SourceType::alphanumeric}));
}

TEST(Sender, IsTheLinksChoiceWhenTheAccountHasNone) { EXPECT_EQ(choose_sender(from(""), {}), Sender{}); }

TEST(Sender, OfThePoolIsOneThatTheHandsetHasNothingToReplyTo)
{
    const std::string pool[] = {"61491570001", "61491570002", "61491570003"};
    std::map<std::string, base::Time> uses;
    auto last_use = [&](const std::string& number) -> std::optional<base::Time> {
        auto found = uses.find(number);
        if (found == uses.end()) return {};
        return found->second;
    };
    std::vector<std::string> chosen;
    for (int second = 0; second < 6; ++second) {
        chosen.push_back(choose_from_pool(pool, "61491570156", last_use));
        uses[chosen.back()] = base::Time(std::chrono::seconds(second));
    }
    EXPECT_EQ(std::set<std::string>(chosen.begin(), chosen.begin() + 3).size(), 3u);
    EXPECT_TRUE(std::equal(chosen.begin(), chosen.begin() + 3, chosen.begin() + 3)) << "the oldest first";
}

TEST(Sender, OfThePoolIsAnotherForOtherHandsets)
{
    const std::string pool[] = {"61491570001", "61491570002", "61491570003"};
    std::map<std::string, int> uses;
    for (int i = 0; i < 300; ++i)
        ++uses[choose_from_pool(pool, std::to_string(61491570100 + i),
                                [](const auto&) { return std::nullopt; })];
    for (const std::string& number : pool) EXPECT_GT(uses[number], 50) << number;
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
