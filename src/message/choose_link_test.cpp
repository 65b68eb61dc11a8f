// SPDX-License-Identifier: Apache-2.0
#include "message/choose_link.hpp"

#include <gtest/gtest.h>

namespace tidings::message {
namespace {

struct ChooseLink : testing::Test {
    static LinkView link(std::string_view name, Formats formats = {Format::sms})
    {
        return {name, formats, false, true, false};
    }
    static Route route(std::string name, std::string link)
    {
        Route route;
        route.name = std::move(name);
        route.link = std::move(link);
        return route;
    }

    static constexpr std::uint64_t relieves = std::uint64_t{1} << 63;
    LinkChoice choose(std::uint64_t draw = 0) const { return choose_link(routes, links, query, draw); }
    std::string_view chosen() const
    {
        LinkChoice choice = choose();
        return choice.chosen ? links[choice.chosen->link].name : "";
    }
    std::string why() const { return why_no_way(routes, links, query); }

    std::vector<LinkView> links{link("first"), link("second")};
    std::vector<Route> routes;
    RouteQuery query{"61491570156", "12345", "shop", Format::sms};
};

TEST_F(ChooseLink, WithoutRoutesTheFirstOfTheConfigurationIsTaken)
{
    EXPECT_EQ(chosen(), "first");
    EXPECT_EQ(choose().chosen->route, nullptr);
    EXPECT_EQ(choose().ways.size(), 2u);
}

TEST_F(ChooseLink, OneThatIsNotFitIsTakenOnlyWhenNoneIs)
{
    links[0].is_fit = false;
    EXPECT_EQ(chosen(), "second");
    links[1].is_fit = false;
    EXPECT_EQ(chosen(), "first");
}

TEST_F(ChooseLink, OneUnderStrainSharesWithTheNextThatCanHelp)
{
    links.push_back(link("third"));
    EXPECT_EQ(choose(relieves).chosen->link, 0u);
    links[0].is_strained = true;
    EXPECT_EQ(choose().chosen->link, 0u);
    EXPECT_FALSE(choose().relieved);
    EXPECT_EQ(choose(relieves).chosen->link, 1u);
    EXPECT_EQ(choose(relieves).relieved->link, 0u);
    links[1].is_fit = false;
    EXPECT_EQ(choose(relieves).chosen->link, 2u);
    links[2].is_strained = true;
    EXPECT_EQ(choose(relieves).chosen->link, 0u);
    EXPECT_FALSE(choose(relieves).relieved);
}

TEST_F(ChooseLink, WithoutRoutesALinkThatWantsThemCarriesNothing)
{
    links[0].by_route_only = true;
    EXPECT_EQ(chosen(), "second");
    links[1].by_route_only = true;
    EXPECT_EQ(chosen(), "");
    EXPECT_EQ(choose().refusal, Code::no_route);
    EXPECT_EQ(why(), "every link wants routes, and there are none");
    routes.push_back(route("play", "first"));
    EXPECT_EQ(chosen(), "first");
}

TEST_F(ChooseLink, RoutesLeadInTheirOrder)
{
    routes = {route("spare", "first"), route("best", "second")};
    routes[0].priority = 5;
    LinkChoice choice = choose();
    ASSERT_EQ(choice.ways.size(), 2u);
    EXPECT_EQ(choice.chosen->route, &routes[1]);
    EXPECT_EQ(chosen(), "second");
}

TEST_F(ChooseLink, ARouteToALinkThatIsNotConfiguredLeadsNowhere)
{
    routes = {route("gone", "no-such-link")};
    EXPECT_EQ(chosen(), "");
    EXPECT_EQ(choose().refusal, Code::no_route);
    EXPECT_EQ(why(), "route gone leads nowhere: link no-such-link is not configured");
    routes.push_back(route("spare", "second"));
    EXPECT_EQ(chosen(), "second");
}

TEST_F(ChooseLink, AFormatThatNoLinkCarriesEndsInNoRouteWhateverTheRoutesAre)
{
    query.format = Format::mms;
    EXPECT_EQ(chosen(), "");
    EXPECT_EQ(choose().refusal, Code::no_route);
    EXPECT_EQ(why(), "no link carries MMS");
    routes = {route("codes", "first")};
    routes[0].sources = {"Bakery"};
    EXPECT_EQ(choose().refusal, Code::no_route);
}

TEST_F(ChooseLink, ALinkIsNeverGivenAFormatThatItDoesNotCarry)
{
    links.push_back(link("pictures", {Format::mms}));
    EXPECT_EQ(chosen(), "first");
    query.format = Format::mms;
    EXPECT_EQ(chosen(), "pictures");
    links[2].is_fit = false;
    EXPECT_EQ(chosen(), "pictures");
    routes = {route("all", "first")};
    EXPECT_EQ(chosen(), "");
    EXPECT_EQ(why(), "route all leads nowhere: link first does not carry MMS");
}

TEST_F(ChooseLink, WhereNoRouteTakesTheSourceTheSourceIsToBlame)
{
    routes = {route("codes", "first")};
    routes[0].sources = {"Bakery"};
    EXPECT_EQ(choose().refusal, Code::source_unsupported);
    EXPECT_EQ(why(), "no route fits");
}

TEST_F(ChooseLink, ALinkThatRefusedIsNotTriedAgainAndTheLastRefusalEndsTheMessage)
{
    links[0].has_refused = true;
    EXPECT_EQ(chosen(), "second");
    links[1].has_refused = true;
    EXPECT_EQ(chosen(), "");
    EXPECT_EQ(choose().refusal, Code::rejected_by_carrier);
    EXPECT_EQ(why(), "every link that may carry it refused it");
}

TEST_F(ChooseLink, WithoutAnyLinkNothingIsCarried)
{
    links.clear();
    EXPECT_EQ(choose().refusal, Code::no_route);
    EXPECT_EQ(why(), "no link carries SMS");
}

TEST(Formats, AreASet)
{
    constexpr Formats both{Format::sms, Format::tts};
    EXPECT_TRUE(both.has(Format::sms) && both.has(Format::tts));
    EXPECT_FALSE(both.has(Format::mms));
    EXPECT_TRUE(both.overlaps({Format::tts}));
    EXPECT_FALSE(both.overlaps({Format::mms}));
    EXPECT_FALSE(Formats().overlaps(both));
}

TEST_F(ChooseLink, ASenderGoesWhereItsLettersAreKnown)
{
    query.source = "José";
    links[0].charset = text::Charset::ascii;
    EXPECT_EQ(chosen(), "second");
    query.source = "Jó";
    EXPECT_EQ(chosen(), "");
    EXPECT_TRUE(choose().lacks_letters);
    EXPECT_EQ(why(), "no link has the letters of Jó");
    links[1].charset = text::Charset::latin1;
    EXPECT_EQ(chosen(), "second");
    routes.push_back(route("plain", "first"));
    EXPECT_EQ(why(), "route plain leads nowhere: link first has not the letters of Jó");
}

}  // namespace
}  // namespace tidings::message
