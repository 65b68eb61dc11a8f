// SPDX-License-Identifier: Apache-2.0
#include "message/route.hpp"

#include <gtest/gtest.h>

#include <map>

namespace tidings::message {

namespace {

Route route(const std::string& name, const std::string& prefix = "")
{
    Route made;
    made.name = name;
    made.link = "link of " + name;
    made.destination_prefix = prefix;
    return made;
}

constexpr RouteQuery query{"61491570156", "12345", "shop", Format::sms};

std::vector<std::string> names(const std::vector<Route>& routes, std::uint64_t draw = 0)
{
    std::vector<std::string> names;
    for (const Route* found : find_routes(routes, query, draw).routes) names.push_back(found->name);
    return names;
}

using Names = std::vector<std::string>;

}  // namespace

TEST(Route, FitsByEachOfItsConditions)
{
    Route any = route("any");
    EXPECT_EQ(fit(any, query), RouteFit::fits);
    Route one = any;
    one.destination_prefix = "614";
    EXPECT_EQ(fit(one, query), RouteFit::fits);
    one.destination_prefix = "62";
    EXPECT_EQ(fit(one, query), RouteFit::other_destination);
    one = any;
    one.sources = {"Bakery", "12345"};
    EXPECT_EQ(fit(one, query), RouteFit::fits);
    one.sources = {"Bakery"};
    EXPECT_EQ(fit(one, query), RouteFit::other_source);
    one = any;
    one.account = "shop";
    EXPECT_EQ(fit(one, query), RouteFit::fits);
    one.account = "Shop";
    EXPECT_EQ(fit(one, query), RouteFit::other_account);
    one = any;
    one.format = Format::sms;
    EXPECT_EQ(fit(one, query), RouteFit::fits);
    one.format = Format::mms;
    EXPECT_EQ(fit(one, query), RouteFit::other_format);
}

TEST(Routes, AreTriedByPriorityThenByLengthOfPrefix)
{
    Route preferred = route("preferred");
    preferred.priority = -1;
    EXPECT_EQ(
        names({route("any"), route("mobile", "614"), route("other", "1"), route("country", "61"), preferred}),
        (Names{"preferred", "mobile", "country", "any"}));
}

TEST(Routes, OfEqualRankComeFirstByTheirWeight)
{
    std::vector<Route> routes{route("a"), route("b"), route("c", "61")};
    routes[1].weight = 3;
    std::map<std::string, int> first;
    for (std::uint64_t draw = 0; draw < 4; ++draw) {
        Names found = names(routes, draw);
        ASSERT_EQ(found.size(), 3u);
        EXPECT_EQ(found[0], "c");
        ++first[found[1]];
    }
    EXPECT_EQ(first["a"], 1);
    EXPECT_EQ(first["b"], 3);
}

TEST(Routes, ThatLackTellWhatBecomesOfTheMessage)
{
    EXPECT_EQ(find_routes({}, query, 0).refusal, Code::no_route);
    Route other_source = route("a");
    other_source.sources = {"Bakery"};
    EXPECT_EQ(find_routes(std::vector{other_source}, query, 0).refusal, Code::source_unsupported);
    EXPECT_EQ(find_routes(std::vector{route("b", "62")}, query, 0).refusal, Code::no_route);
}

}  // namespace tidings::message
