// SPDX-License-Identifier: Apache-2.0
// Links that come, change and go while messages are on their way, as after a SIGHUP.
#include "support/link_world.hpp"

namespace tidings::relay {
namespace {

using namespace std::chrono_literals;
using message::Code;
using message::Status;
using Strings = std::vector<std::string>;

class LinksTest : public test::LinkWorld {
protected:
    LinkSettings changed(const std::string& name)
    {
        LinkSettings settings = link(name);
        settings.loop.sending.retry.attempts_max = 20;
        return settings;
    }
    // Begins with it: what goes has left the fleet. Before that it reads from the store, by threads for which
    // quiesce() does not wait.
    std::shared_ptr<bool> change(std::vector<LinkSettings> to, std::chrono::milliseconds within = 1h)
    {
        auto before = fleet.members();
        auto done = begin(links.change(std::move(to), clock.steady() + within));
        constexpr int looks_max = 1'000;
        for (int i = 0; fleet.members() == before && i < looks_max; ++i) quiesce();
        quiesce();
        return done;
    }
    std::optional<store::LinkStatus> told(const std::string& name)
    {
        for (const store::LinkStatus& each : test::run(store.link_statuses()))
            if (each.name == name) return each;
        return {};
    }
    test::FakeCarrier& carrier() { return carriers["carrier"]; }
};

TEST_F(LinksTest, ALinkThatStaysTheSameIsNotTouched)
{
    start({link("carrier")});
    test::FakeLink* before = carrier().link;
    base::Uuid id = send("Hello");
    finish(change({link("carrier"), link("second")}));
    EXPECT_EQ(carrier().link, before);
    accept("carrier", 0);
    EXPECT_EQ(status(id), Status::submitted);
    EXPECT_NE(carriers["second"].link, nullptr);
}

TEST_F(LinksTest, AChangedLinkFinishesWhatIsInFlightBeforeItsSuccessorTakesTheRest)
{
    carrier().window = 1;
    start({link("carrier")});
    test::FakeLink* before = carrier().link;
    base::Uuid in_flight = send("in flight");
    base::Uuid waits = send("waits");
    auto done = change({changed("carrier")});
    wait(1s);
    EXPECT_FALSE(*done);
    EXPECT_EQ(carrier().link, before);
    accept("carrier", 0);
    finish(done);
    EXPECT_EQ(status(in_flight), Status::submitted);
    EXPECT_NE(carrier().link, before);
    ASSERT_EQ(contents("carrier"), (Strings{"in flight", "waits"}));
    accept("carrier", 1);
    EXPECT_EQ(status(waits), Status::submitted);
}

TEST_F(LinksTest, WhatAnsweredNothingInTimeIsInDoubtAndGoesAgainWithTheSuccessor)
{
    start({link("carrier")});
    base::Uuid id = send("stuck");
    auto done = change({changed("carrier")}, 2s);
    wait(2s);
    finish(done);
    EXPECT_EQ(contents("carrier").size(), 1u);
    wait(61s);
    ASSERT_EQ(contents("carrier").size(), 2u);
    accept("carrier", 1);
    EXPECT_EQ(status(id), Status::submitted);
}

TEST_F(LinksTest, WhatHasAPartAtTheCarrierGoesOnWithTheSuccessorAndTheSameReference)
{
    start({link("carrier")});
    base::Uuid id = send(std::string(150, 'x'));
    ASSERT_EQ(contents("carrier").size(), 2u);
    accept("carrier", 0);
    answer("carrier", 1, {Verdict::retry, Code::none});
    finish(change({changed("carrier")}, 0ms));
    wait(4s);
    ASSERT_EQ(contents("carrier").size(), 3u);
    EXPECT_EQ(carrier().submits[2].part, 1u);
    EXPECT_EQ(carrier().submits[2].reference, carrier().submits[0].reference);
    accept("carrier", 2);
    EXPECT_EQ(status(id), Status::submitted);
}

TEST_F(LinksTest, WhatWaitsForALinkThatIsNoMoreGoesToAnother)
{
    carrier().is_reachable = false;
    start({link("carrier")});
    base::Uuid id = send("Hello");
    finish(change({link("second")}));
    wait(1s);
    ASSERT_EQ(contents("second"), Strings{"Hello"});
    accept("second", 0);
    EXPECT_EQ(status(id), Status::submitted);
    EXPECT_FALSE(told("carrier"));
    EXPECT_EQ(told("second")->place, 0u);
}

TEST_F(LinksTest, ALinkThatCannotBeMadeKeepsItsQueueAndStopsNoOther)
{
    start({link("carrier")});
    LinkSettings bad = link("second");
    bad.smpp.client.host = "bad";
    finish(change({link("carrier"), bad}));
    ASSERT_TRUE(told("second"));
    EXPECT_EQ(told("second")->place, 1u);
    EXPECT_FALSE(told("second")->is_fit);
    message::Route route;
    route.name = "all";
    route.link = "second";
    await(store.put_route(route));
    base::Uuid id = send("Hello");
    EXPECT_EQ(status(id), Status::enroute);
    finish(change({link("carrier"), link("second")}));
    ASSERT_EQ(contents("second"), Strings{"Hello"});
    accept("second", 0);
    EXPECT_EQ(status(id), Status::submitted);
}

TEST_F(LinksTest, ALinkThatItsCarrierRefusedIsReplacedLikeAnother)
{
    start({link("carrier")});
    carrier().link->give_up();
    base::Uuid id = send("Hello");
    EXPECT_TRUE(contents("carrier").empty());
    finish(change({changed("carrier")}));
    quiesce();
    ASSERT_EQ(contents("carrier"), Strings{"Hello"});
    accept("carrier", 0);
    EXPECT_EQ(status(id), Status::submitted);
}

TEST_F(LinksTest, ALinkThatGaveUpBeginsAnewThoughItsConfigurationIsTheSame)
{
    start({link("carrier"), link("second")});
    const test::FakeLink* second = carriers["second"].link;
    carrier().link->give_up();
    quiesce();
    wait(1s);
    EXPECT_EQ(told("carrier")->stopped_by, "NO");
    finish(change({link("carrier"), link("second")}));
    wait(1s);
    EXPECT_EQ(told("carrier")->stopped_by, "");
    EXPECT_EQ(carriers["second"].link, second) << "which has no reason to";
    base::Uuid id = send("Hello");
    accept("carrier", 0);
    EXPECT_EQ(status(id), Status::submitted);
}

TEST_F(LinksTest, ALinkBeginsAnewWhenTheOperatorAsksForIt)
{
    start({link("carrier"), link("second")});
    const test::FakeLink *first = carrier().link, *second = carriers["second"].link;
    ASSERT_TRUE(test::run(store.restart_link("carrier")));
    EXPECT_FALSE(test::run(store.restart_link("nobody")));
    std::string name = await(store.take_restart());
    EXPECT_EQ(name, "carrier");
    std::vector<LinkSettings> same{link("carrier"), link("second")};
    finish(begin(links.change(same, clock.steady() + 1s, name)));
    EXPECT_NE(carrier().link, first);
    EXPECT_EQ(carriers["second"].link, second);
}

TEST_F(LinksTest, AStopDuringAChangeClosesWhatLeaves)
{
    start({link("carrier")});
    send("stuck");
    auto done = change({changed("carrier")});
    EXPECT_FALSE(*done);
    store.stop_waiting();
    links.stop_sending();
    links.close();
    wait(1s);
    EXPECT_TRUE(links.are_closed());
}

}  // namespace
}  // namespace tidings::relay
