// SPDX-License-Identifier: Apache-2.0
// A link's loop over its days, with a carrier that does what the test says.
#include "support/link_world.hpp"

#include "relay/inlet.hpp"

namespace tidings::relay {
namespace {

using namespace std::chrono_literals;
using message::Code;
using message::Status;
using Strings = std::vector<std::string>;

constexpr Meaning throttled{Verdict::slow_down, Code::none};
constexpr Meaning refused_for_now{Verdict::retry, Code::none};
constexpr Meaning refused{Verdict::reroute, Code::rejected_by_carrier};

class LinkLoopTest : public test::LinkWorld {
protected:
    void start_one() { start({link("carrier")}); }
    void start_one(const SendPolicy& policy)
    {
        LinkSettings settings = link("carrier");
        settings.loop.sending = policy;
        start({settings});
    }
    test::FakeCarrier& carrier() { return carriers["carrier"]; }
    std::size_t submits() { return carrier().submits.size(); }
    // A part that is sent again keeps its token: the last submit that has it is the one in flight.
    std::vector<std::size_t> in_flight()
    {
        std::map<relay::Token, std::size_t> last;
        for (std::size_t i = 0; i < submits(); ++i) last[carrier().submits[i].token] = i;
        std::vector<std::size_t> found;
        for (const auto& [token, index] : last)
            if (carrier().link->is_in_flight(token)) found.push_back(index);
        std::ranges::sort(found);
        return found;
    }
    store::LinkStatus told()
    {
        wait(1s);
        for (const store::LinkStatus& each : test::run(store.link_statuses()))
            if (each.name == "carrier") return each;
        throw std::runtime_error("the link told nothing");
    }

    store::Receipt receipt(const std::string& id)
    {
        return {.carrier_id = id,
                .code = Code::delivered,
                .provisional = false,
                .at = clock.now(),
                .source = "61491570110",
                .destination = "61491570156"};
    }
};

TEST_F(LinkLoopTest, AMessageIsSubmittedWhenItIsAcceptedAndDeliveredWhenItsReceiptIs)
{
    start_one();
    base::Uuid id = send("Hello");
    ASSERT_EQ(contents("carrier"), Strings{"Hello"});
    EXPECT_EQ(status(id), Status::enroute);
    accept("carrier", 0);
    EXPECT_EQ(status(id), Status::submitted);
    carrier().link->deliver(receipt("carrier-0"));
    quiesce();
    EXPECT_EQ(status(id), Status::delivered);
    EXPECT_EQ(carrier().acknowledged, std::vector{Stored::yes});
}

TEST_F(LinkLoopTest, WhatTheLinkCannotSendEndsWithItsCode)
{
    start_one();
    EXPECT_EQ(code(send("unsendable")), Code::discarded);
    EXPECT_EQ(submits(), 0u);
}

TEST_F(LinkLoopTest, NoMoreIsInFlightThanTheLinkHasRoomFor)
{
    carrier().window = 2;
    start_one();
    for (const char* content : {"a", "b", "c"}) send(content);
    EXPECT_EQ(contents("carrier"), (Strings{"a", "b"}));
    accept("carrier", 0);
    EXPECT_EQ(contents("carrier"), (Strings{"a", "b", "c"}));
}

TEST_F(LinkLoopTest, WhatIsThrottledGoesAgainInItsPlaceAfterASecond)
{
    carrier().window = 1;
    start_one();
    send("first");
    base::Uuid second = send("second");
    answer("carrier", 0, throttled);
    EXPECT_EQ(submits(), 1u);
    wait(1s);
    EXPECT_EQ(contents("carrier"), (Strings{"first", "first"}));
    accept("carrier", 1);
    wait(1s);
    EXPECT_EQ(contents("carrier"), (Strings{"first", "first", "second"}));
    accept("carrier", 2);
    EXPECT_EQ(status(second), Status::submitted);
    EXPECT_EQ(told().throttled, 1u);
}

TEST_F(LinkLoopTest, ARateIsKeptAndHalvedForACarrierThatThrottles)
{
    SendPolicy policy;
    policy.rate = 10;
    start_one(policy);
    for (int i = 0; i < 40; ++i) send(std::to_string(i));
    auto accept_new = [this, next = std::size_t{0}](std::size_t end) mutable {
        for (; next < end; ++next) accept("carrier", next);
    };
    for (int i = 0; i < 10; ++i) {
        wait(100ms);
        accept_new(submits());
    }
    EXPECT_GE(submits(), 9u);
    EXPECT_LE(submits(), 12u);
    wait(100ms);
    answer("carrier", submits() - 1, throttled);
    EXPECT_EQ(told().rate.value() < 6, true) << *told().rate;
}

TEST_F(LinkLoopTest, WhatIsRefusedForNowComesAgainLaterAndLetsOthersPass)
{
    start_one();
    base::Uuid full = send("full");
    answer("carrier", 0, refused_for_now);
    send("other");
    EXPECT_EQ(contents("carrier"), (Strings{"full", "other"}));
    accept("carrier", 1);
    wait(3s);
    EXPECT_EQ(contents("carrier"), (Strings{"full", "other", "full"}));
    accept("carrier", 2);
    EXPECT_EQ(status(full), Status::submitted);
}

TEST_F(LinkLoopTest, WhatIsRefusedForNowOverHoursEndsAfterItsLastAttempt)
{
    SendPolicy policy;
    start_one(policy);
    base::Uuid id = send("full");
    for (int attempt = 0; attempt < policy.retry.attempts_max; ++attempt) {
        ASSERT_EQ(submits(), static_cast<std::size_t>(attempt) + 1);
        answer("carrier", submits() - 1, refused_for_now);
        pass(policy.retry.pause_max);
    }
    pass(24h);
    EXPECT_EQ(submits(), static_cast<std::size_t>(policy.retry.attempts_max));
    EXPECT_EQ(code(id), Code::undeliverable);
}

TEST_F(LinkLoopTest, OfALongMessageOnlyTheRefusedPartIsRepeated)
{
    start_one();
    base::Uuid id = send(std::string(250, 'x'));
    ASSERT_EQ(submits(), 3u);
    accept("carrier", 0);
    answer("carrier", 1, refused_for_now);
    accept("carrier", 2);
    EXPECT_EQ(submits(), 3u);
    wait(3s);
    ASSERT_EQ(submits(), 4u);
    EXPECT_EQ(carrier().submits[3].part, 1u);
    accept("carrier", 3);
    EXPECT_EQ(status(id), Status::submitted);
}

TEST_F(LinkLoopTest, OfALongMessageTheStoreKnowsWhatTheCarrierTook)
{
    start_one();
    base::Uuid id = send(std::string(250, 'x'));
    accept("carrier", 0);
    answer("carrier", 1, refused_for_now);
    accept("carrier", 2);
    // As at the next start: what the store gives out goes on, whoever takes it.
    std::vector<store::MessageKey> keys{{account, id}};
    await(store.put_back(keys, clock.now()));
    wait(1s);
    ASSERT_EQ(submits(), 4u);
    EXPECT_EQ(carrier().submits[3].part, 1u);
    EXPECT_EQ(carrier().submits[3].reference, carrier().submits[0].reference);
    accept("carrier", 3);
    EXPECT_EQ(status(id), Status::submitted);
}

// ---- strain

TEST_F(LinkLoopTest, ACarrierThatThrottlesForLongGetsHelpAndTheTraceSaysSo)
{
    start({link("carrier"), link("second")});
    std::vector<base::Uuid> all;
    for (int i = 0; i < 30; ++i) all.push_back(send(std::to_string(i)));
    auto refuse_all = [this] {
        for (std::size_t index : in_flight()) answer("carrier", index, throttled);
    };
    for (int second = 0; second < 9; ++second) {
        refuse_all();
        wait(1s);
    }
    EXPECT_TRUE(contents("second").empty());
    for (int second = 0; second < 60; ++second) {
        refuse_all();
        wait(1s);
        for (std::size_t i = 0; i < carriers["second"].submits.size(); ++i)
            if (carriers["second"].link->is_in_flight(carriers["second"].submits[i].token))
                accept("second", i);
    }
    EXPECT_GT(contents("second").size(), 20u);
    EXPECT_EQ(told().strained_by, "BUSY");
    auto steps = test::run(store.trace(all.back())).value().steps;
    auto is_told = [](const store::Step& step) {
        return step.what == "by second, since carrier carrier keeps answering BUSY";
    };
    EXPECT_TRUE(std::ranges::any_of(steps, is_told));
}

// ---- doubt

TEST_F(LinkLoopTest, WhatALostConnectionLeftInDoubtGoesAgainWhenNoReceiptComes)
{
    start_one();
    base::Uuid id = send("Hello");
    carrier().link->go_down();
    carrier().link->come_up();
    wait(59s);
    EXPECT_EQ(submits(), 1u);
    wait(2s);
    ASSERT_EQ(submits(), 2u);
    accept("carrier", 1);
    EXPECT_EQ(status(id), Status::submitted);
    EXPECT_EQ(told().doubts, 1u);
}

TEST_F(LinkLoopTest, AReceiptShowsThatWhatWasInDoubtArrived)
{
    start_one();
    base::Uuid id = send("Hello");
    carrier().link->go_down();
    carrier().link->come_up();
    wait(1s);
    carrier().link->deliver(receipt("unheard-of"));
    wait(60s);
    EXPECT_EQ(submits(), 1u);
    EXPECT_EQ(status(id), Status::delivered);
}

TEST_F(LinkLoopTest, WithThePolicyHoldItIsLeftToTheOperator)
{
    SendPolicy policy;
    policy.in_doubt.what = InDoubt::hold;
    start_one(policy);
    base::Uuid id = send("Hello");
    carrier().link->go_down();
    carrier().link->come_up();
    wait(61s);
    EXPECT_EQ(code(id), Code::held);
    pass(24h);
    EXPECT_EQ(submits(), 1u);
    ASSERT_TRUE(await(store.release_held(id)).has_value());
    quiesce();
    EXPECT_EQ(submits(), 2u);
}

TEST_F(LinkLoopTest, WhatItsCarrierStumblesOverGoesAloneAndIsHeldInTheEnd)
{
    start_one();
    base::Uuid poison = send("poison");
    base::Uuid beside = send("beside");
    for (int loss = 0; loss < 2; ++loss) {
        carrier().link->go_down();
        carrier().link->come_up();
        wait(61s);
    }
    // Each goes alone now. The carrier answers everything but one, on which it closes the connection.
    for (int i = 0; i < 10 && code(poison) != Code::held; ++i) {
        send("other " + std::to_string(i));
        auto is_poison = [this](std::size_t index) { return carrier().submits[index].content == "poison"; };
        for (auto sent = in_flight(); !sent.empty() && !is_poison(sent.front()); sent = in_flight())
            accept("carrier", sent.front());
        for (std::size_t index : in_flight()) {
            EXPECT_TRUE(is_poison(index) && carrier().submits[index].alone);
            carrier().link->go_down();
            carrier().link->come_up();
        }
        wait(61s);
    }
    EXPECT_EQ(code(poison), Code::held);
    EXPECT_EQ(status(beside), Status::submitted);
}

// ---- other links

TEST_F(LinkLoopTest, WhatWaitsForALinkThatIsDownGoesToAnotherAfterTenSeconds)
{
    carriers["second"].is_reachable = false;
    start({link("carrier"), link("second")});
    carrier().window = 1;
    send("in flight");
    base::Uuid waits = send("waits");
    carrier().link->go_down();
    base::Uuid queued = send("queued");
    wait(5s);
    EXPECT_TRUE(contents("second").empty());
    carriers["second"].link->come_up();
    wait(15s);
    Strings sent = contents("second");
    std::ranges::sort(sent);
    EXPECT_EQ(sent, (Strings{"queued", "waits"}));
    accept("second", 0);
    accept("second", 1);
    EXPECT_EQ(status(waits), Status::submitted);
    EXPECT_EQ(status(queued), Status::submitted);
    EXPECT_EQ(contents("carrier"), Strings{"in flight"});
}

TEST_F(LinkLoopTest, WhatOneLinkRefusesAnotherTakesAndTheLastRefusalEndsIt)
{
    start({link("carrier"), link("second")});
    base::Uuid id = send("Hello");
    answer("carrier", 0, refused);
    ASSERT_EQ(contents("second"), Strings{"Hello"});
    answer("second", 0, refused);
    EXPECT_EQ(code(id), Code::rejected_by_carrier);
    EXPECT_EQ(last_step(id), "every link that may carry it refused it");
}

TEST_F(LinkLoopTest, AFormatThatNoLinkCarriesReachesNone)
{
    start_one();
    base::Uuid id = send("Look", [](message::Submission& submission) {
        submission.format = message::Format::mms;
        submission.media = {"https://example.com/a.png"};
    });
    EXPECT_EQ(code(id), Code::no_route);
    EXPECT_EQ(last_step(id), "no link carries MMS");
    EXPECT_EQ(submits(), 0u);
}

TEST_F(LinkLoopTest, TheTraceNamesTheLinkThatARouteLacks)
{
    start_one();
    message::Route route;
    route.name = "gone";
    route.link = "no-such-link";
    await(store.put_route(route));
    base::Uuid id = send("Hello");
    EXPECT_EQ(code(id), Code::no_route);
    EXPECT_EQ(last_step(id), "route gone leads nowhere: link no-such-link is not configured");
}

// ---- time

TEST_F(LinkLoopTest, WhatExpiresWhileItWaitsForItsTurnEndsWith320)
{
    carrier().window = 1;
    start_one();
    send("in flight");
    base::Uuid id =
        send("waits", [this](message::Submission& submission) { submission.expiry = clock.now() + 1h; });
    pass(59min);
    EXPECT_EQ(status(id), Status::enroute);
    pass(2min);
    EXPECT_EQ(code(id), Code::expired_before_submission);
    accept("carrier", 0);
    EXPECT_EQ(submits(), 1u);
}

TEST_F(LinkLoopTest, ThreeDaysWithoutItsCarrierLoseNothing)
{
    carrier().is_reachable = false;
    start_one();
    std::vector<base::Uuid> sent;
    for (int i = 0; i < 20; ++i) sent.push_back(send(std::to_string(i)));
    for (int day = 0; day < 3; ++day) pass(24h);
    EXPECT_EQ(submits(), 0u);
    carrier().link->come_up();
    quiesce();
    for (std::size_t i = 0; i < sent.size(); ++i) accept("carrier", i);
    for (const base::Uuid& id : sent) EXPECT_EQ(status(id), Status::submitted);
    EXPECT_EQ(submits(), sent.size());
}

// ---- the end

TEST_F(LinkLoopTest, AfterTheStopNothingIsSubmittedAndWhatWasIsStillRecorded)
{
    carrier().window = 1;
    start_one();
    base::Uuid first = send("first");
    base::Uuid second = send("second");
    store.stop_waiting();
    links.stop_sending();
    quiesce();
    EXPECT_FALSE(await(links.is_idle()));
    accept("carrier", 0);
    EXPECT_TRUE(await(links.is_idle()));
    EXPECT_EQ(status(first), Status::submitted);
    EXPECT_EQ(status(second), Status::enroute) << "it is due at the next start";
    EXPECT_EQ(submits(), 1u);
    links.close();
    quiesce();
    EXPECT_TRUE(links.are_closed());
}

// ---- another door

class InletTest : public LinkLoopTest {
protected:
    LinkSettings with_inlet()
    {
        LinkSettings settings = link("carrier");
        settings.loop.inlet = &inlet;
        return settings;
    }
    store::Inbound mms()
    {
        store::Inbound inbound;
        inbound.source = "61491570156";
        inbound.destination = "61491570110";
        inbound.content = "Look";
        inbound.received_at = clock.now();
        inbound.fingerprint = base::sha256(std::to_string(++last_));
        inbound.format = message::Format::mms;
        inbound.attachments = {{.content_type = "image/png", .content = "png", .original_name = "a.png"}};
        return inbound;
    }

    Inlet inlet;

private:
    int last_ = 0;
};

TEST_F(InletTest, WhatIsBroughtIsOnDiskWhenItIsAcknowledged)
{
    start({with_inlet()});
    auto get_mms = [](store::Account& it) { it.features.set(store::Feature::inbound_mms); };
    ASSERT_TRUE(await(store.change_account(account, get_mms)).has_value());
    accept("carrier", (send("Show me"), 0));
    EXPECT_EQ(await(inlet.bring(mms())), Stored::yes);
    auto replies = await(store.replies(account));
    ASSERT_EQ(replies.size(), 1u);
    EXPECT_EQ(replies[0].content, "Look");
    EXPECT_EQ(await(store.attachments(account, replies[0].id)).size(), 1u);
}

TEST_F(InletTest, ALinkThatDrainsStillTakesWhatIsBroughtAndOneThatIsGoneDoesNot)
{
    start({with_inlet()});
    accept("carrier", (send("Show me"), 0));
    send("stuck");
    auto gone = begin(links.change({}, clock.steady() + 1h));
    quiesce();
    EXPECT_EQ(await(inlet.bring(mms())), Stored::yes);
    EXPECT_EQ(await(store.replies(account)).size(), 1u);
    accept("carrier", 1);
    finish(gone);
    EXPECT_EQ(await(inlet.bring(mms())), Stored::not_now);
}

TEST_F(InletTest, TheSuccessorOpensItAgain)
{
    start({with_inlet()});
    accept("carrier", (send("Show me"), 0));
    LinkSettings changed = with_inlet();
    changed.loop.by_route_only = true;
    auto done = begin(links.change({changed, link("first")}, clock.steady()));
    finish(done);
    EXPECT_EQ(await(inlet.bring(mms())), Stored::yes);
}

}  // namespace
}  // namespace tidings::relay
