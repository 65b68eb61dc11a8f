// SPDX-License-Identifier: Apache-2.0
#include "relay/callback_schedule.hpp"

#include <gtest/gtest.h>

#include <set>

namespace tidings::relay {

namespace {

using namespace std::chrono_literals;
using Kind = RequestEnd::Kind;
using Requests = std::vector<CallbackSchedule::Request*>;

constexpr store::AccountKey account{1}, other{2};

class CallbackScheduleTest : public testing::Test {
protected:
    static base::Uuid id(std::uint64_t number)
    {
        base::Uuid id;
        for (std::size_t i = 0; i < 8; ++i) id.bytes[i] = static_cast<std::uint8_t>(number >> (8 * i));
        return id;
    }
    // Of a message of its own.
    store::Callback callback(const std::string& url, store::AccountKey from = account)
    {
        store::Callback made;
        made.key = {from, id(++last_), {}};
        made.url = url;
        made.endpoint = store::endpoint_of(url);
        made.report.emplace().message = made.key.id;
        return made;
    }
    void add(const std::string& url, store::AccountKey from = account, int count = 1)
    {
        for (int i = 0; i < count; ++i) schedule.add(callback(url, from), now);
    }
    // All that may begin.
    Requests begin()
    {
        Requests begun;
        while (auto* request = schedule.next(now)) begun.push_back(request);
        return begun;
    }
    static std::vector<std::string> urls_of(const Requests& requests)
    {
        std::vector<std::string> urls;
        for (auto* request : requests) urls.push_back(request->callback.url);
        return urls;
    }
    void end(CallbackSchedule::Request* request, Kind kind, std::chrono::milliseconds took = 10ms)
    {
        schedule.ended(*request, {kind, took}, now);
    }
    // A receiver that is known to answer quickly.
    void know(const std::string& url, store::AccountKey from = account)
    {
        add(url, from);
        for (auto* request : begin()) end(request, Kind::answered);
    }
    // Makes a receiver fail until it is left alone.
    void fail(const std::string& url, Kind kind, store::AccountKey from = account)
    {
        for (int i = 0; i < Recovery::failures_max; ++i) {
            add(url, from);
            for (auto* request : begin()) end(request, kind);
        }
    }
    std::map<store::CallbackLane, std::size_t> limits()
    {
        std::map<store::CallbackLane, std::size_t> limits;
        for (const auto& limit : schedule.limits()) limits[limit.lane] = limit.out_max;
        return limits;
    }
    void pass(std::chrono::milliseconds time)
    {
        now += time;
        schedule.end_pauses(now);
    }
    // One whose path shares none of those of the URLs.
    static std::string path_apart(std::set<store::EndpointKey> endpoints)
    {
        for (int i = 0;; ++i) {
            std::string url = host + std::to_string(i);
            if (!endpoints.contains(store::endpoint_of(url))) return url;
        }
    }

    static inline const std::string host = "https://example.com/", hook = host + "hook";
    const std::string apart = path_apart({store::endpoint_of(hook)});
    CallbackSchedule schedule;
    base::Moment now{1h};

private:
    std::uint64_t last_ = 0;
};

TEST_F(CallbackScheduleTest, CallbacksOfOneMessageGoOneAfterTheOther)
{
    know(hook);
    store::Callback first = callback(hook), second = callback(hook);
    second.report->message = first.report->message;
    schedule.add(first, now);
    schedule.add(second, now);
    add(hook);
    Requests begun = begin();
    ASSERT_EQ(begun.size(), 2u);
    EXPECT_EQ(begun[0]->callback.key, first.key);
    EXPECT_NE(begun[1]->callback.key, second.key);
    end(begun[0], Kind::answered);
    EXPECT_EQ(begin().at(0)->callback.key, second.key);
}

TEST_F(CallbackScheduleTest, APathThatAnswersTroubleStopsNeitherAnotherPathNorAnotherAccount)
{
    fail(hook, Kind::trouble);
    EXPECT_EQ(limits(), (std::map{std::pair(store::CallbackLane{account, store::endpoint_of(hook)}, 0ul)}));
    add(hook);
    EXPECT_TRUE(begin().empty());
    EXPECT_EQ(schedule.given_back().size(), 1u) << "it waits in the store";
    EXPECT_TRUE(limits().empty()) << "the store knows";
    add(apart);
    add(hook, other);
    EXPECT_EQ(begin().size(), 2u);
}

TEST_F(CallbackScheduleTest, APathThatAsksToBeLeftAloneIsForThatTime)
{
    add(hook);
    schedule.ended(*begin().at(0), {Kind::trouble, 10ms, now + 30s}, now);
    add(apart);
    EXPECT_EQ(begin().size(), 1u);
    pass(29s);
    add(hook);
    EXPECT_TRUE(begin().empty());
    pass(1s);
    add(hook);
    EXPECT_EQ(begin().size(), 1u);
}

TEST_F(CallbackScheduleTest, AnOriginThatCannotBeConnectedToIsLeftAloneWithAllItsPaths)
{
    know(apart);
    limits();
    fail(hook, Kind::disconnected);
    for (const auto& [lane, out_max] : limits()) EXPECT_EQ(out_max, 0u);
    add(apart);
    EXPECT_TRUE(begin().empty());
    add(hook, other);
    EXPECT_EQ(begin().size(), 1u) << "others may reach it from elsewhere, or by another name";
}

TEST_F(CallbackScheduleTest, AnAnswerShowsThatAnOriginCanBeConnectedTo)
{
    for (int i = 0; i < 20; ++i) {
        add(i % 2 ? hook : apart);
        for (auto* request : begin()) end(request, i % 2 ? Kind::disconnected : Kind::answered);
    }
    add(hook);
    EXPECT_EQ(begin().size(), 1u);
}

TEST_F(CallbackScheduleTest, AfterAPauseSeveralCallbacksOfDifferentPathsAreTried)
{
    // Two paths that share a lane, as the paths of many messages do.
    std::string twin;
    for (int i = 0; twin.empty(); ++i)
        if (std::string url = host + "cb/" + std::to_string(i);
            store::endpoint_of(url) == store::endpoint_of(hook))
            twin = url;
    fail(hook, Kind::trouble);
    pass(5s);
    EXPECT_EQ(limits().begin()->second, Recovery::probes_max);
    add(hook, account, 3);
    add(twin);
    Requests begun = begin();
    EXPECT_EQ(urls_of(begun), (std::vector{hook, twin}));
    end(begun[0], Kind::trouble);
    end(begun[1], Kind::answered);
    EXPECT_EQ(begin().size(), 2u) << "one was well: it goes on";
}

TEST_F(CallbackScheduleTest, AfterAPauseAnOriginIsTriedByDifferentPaths)
{
    std::set<store::EndpointKey> endpoints;
    std::vector<std::string> urls;
    for (int i = 0; i < 8; ++i) {
        urls.push_back(path_apart(endpoints));
        endpoints.insert(store::endpoint_of(urls.back()));
        know(urls.back());
    }
    fail(urls[0], Kind::disconnected);
    pass(5s);
    for (const auto& [lane, out_max] : limits()) EXPECT_EQ(out_max, 1u);
    for (const std::string& url : urls) add(url);
    Requests begun = begin();
    EXPECT_EQ(begun.size(), Recovery::probes_max);
    end(begun[0], Kind::answered);
    EXPECT_EQ(begin().size(), urls.size() - Recovery::probes_max) << "all go on";
    for (std::size_t i = 1; i < begun.size(); ++i) end(begun[i], Kind::disconnected);
    EXPECT_TRUE(schedule.given_back().empty());
}

TEST_F(CallbackScheduleTest, ThousandsThatNeverAnswerStopNobodyElse)
{
    know(hook);
    know(hook, other);
    for (int i = 0; i < 3'000; ++i) add("https://silent" + std::to_string(i) + ".example.com/");
    EXPECT_LE(begin().size(), RequestSlots::slow_max / 2 + RequestSlots::first_tries_at_once);
    add(hook);
    add(hook, other);
    EXPECT_EQ(begin().size(), 2u) << "known ones, of both accounts";
    add("https://new.example.com/", other);
    EXPECT_EQ(begin().size(), 1u) << "a new one of the other account";
    add("https://new.example.com/");
    pass(2 * RequestSlots::first_try);
    EXPECT_EQ(urls_of(begin()), std::vector<std::string>{"https://new.example.com/"})
        << "the newest one of the same account";
}

TEST_F(CallbackScheduleTest, OneThatBecameQuickIsNoLongerBehindTheSlowOnes)
{
    for (int i = 0; i < 3'000; ++i) add("https://silent" + std::to_string(i) + ".example.com/");
    begin();
    add(hook);
    pass(2 * RequestSlots::first_try);
    for (auto* request : begin()) end(request, Kind::answered);
    for (int i = 0; i < 3; ++i) {
        add(hook);
        EXPECT_EQ(urls_of(begin()), std::vector<std::string>{hook});
    }
}

TEST_F(CallbackScheduleTest, ASlowOneThatAnswersIsNotBehindThoseThatNeverDo)
{
    add(hook);
    for (auto* request : begin()) end(request, Kind::answered, 2s);
    for (int i = 0; i < 3'000; ++i) add("https://silent" + std::to_string(i) + ".example.com/");
    begin();
    add(hook, account, 2);
    for (int i = 0; i < 2; ++i) {
        pass(2 * RequestSlots::first_try);
        Requests begun = begin();
        EXPECT_EQ(urls_of(begun), std::vector<std::string>{hook});
        for (auto* request : begun) end(request, Kind::answered, 2s);
    }
}

TEST_F(CallbackScheduleTest, NewOnesAreTriedWhileAllPlacesForSlowOnesAreHeld)
{
    for (unsigned flooding = 10; flooding < 22; ++flooding)
        for (int i = 0; i < 300; ++i)
            add("https://silent" + std::to_string(i) + ".example.com/", store::AccountKey{flooding});
    EXPECT_GE(begin().size(), RequestSlots::slow_max - 1);
    for (unsigned newcomer = 30; newcomer < 40; ++newcomer) {
        add(hook, store::AccountKey{newcomer});
        EXPECT_EQ(begin().size(), 1u) << newcomer;
    }
}

TEST_F(CallbackScheduleTest, PlacesThatBecomeFreeGoToTheAccountWithFewer)
{
    for (int i = 0; i < 400; ++i) add("https://silent" + std::to_string(i) + ".example.com/");
    Requests held = begin();
    for (int i = 0; i < 400; ++i) add("https://silent" + std::to_string(i) + ".example.com/", other);
    begin();
    std::size_t others = 0;
    for (std::size_t i = 0; i < 20; ++i) {
        end(held[i], Kind::trouble, 15s);
        for (auto* request : begin()) others += request->callback.key.account == other;
    }
    EXPECT_GE(others, 10u);
}

TEST_F(CallbackScheduleTest, ASlowPathLeavesPlacesOfItsOriginToOthers)
{
    std::set<store::EndpointKey> slow;
    for (int i = 0; i < 12; ++i) {
        std::string url = path_apart(slow);
        slow.insert(store::endpoint_of(url));
        add(url, account, 8);
        for (auto* request : begin()) end(request, Kind::answered, 2s);
    }
    begin();
    add(path_apart(slow));
    EXPECT_EQ(begin().size(), 1u);
}

TEST_F(CallbackScheduleTest, WhatIsOverIsForgotten)
{
    for (int i = 0; i < 10'000; ++i) know("https://e" + std::to_string(i) + ".example.com/");
    fail("https://dead.example.com/", Kind::trouble);
    limits();
    pass(1s);
    know(hook);
    add("https://dead.example.com/");
    EXPECT_TRUE(begin().empty()) << "what is left alone is remembered";
}

}  // namespace

}  // namespace tidings::relay
