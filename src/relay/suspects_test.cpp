// SPDX-License-Identifier: Apache-2.0
#include "relay/suspects.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <map>
#include <numeric>
#include <vector>

namespace tidings::relay {

using Cause = Suspects::Cause;

namespace {

constexpr std::uint64_t poison = 1, innocent = 2, bystander = 3;

void lose(Suspects& suspects, std::vector<std::uint64_t> messages, Cause cause = Cause::closed)
{
    suspects.lost(messages, cause);
}

// A carrier with a window of ten that closes the connection on some messages, and a link that obeys.
struct Line {
    explicit Line(std::uint64_t messages) : waiting(messages)
    {
        std::iota(waiting.begin(), waiting.end(), std::uint64_t{1});
    }
    template <class Closes>
    void run(Closes closes)
    {
        for (int turn = 0; turn < 1'000 && !(waiting.empty() && alone.empty()); ++turn) {
            bool is_alone = !alone.empty() && suspects.turn_of_alone(!waiting.empty());
            std::vector<std::uint64_t> window = take(is_alone ? alone : waiting, is_alone ? 1 : 10);
            for (std::uint64_t each : window) {
                ++sent[each];
                is_alone ? suspects.sent_alone() : suspects.sent();
            }
            if (trickles) waiting.push_back(++last);
            if (std::ranges::any_of(window, closes))
                lost(window);
            else
                for (std::uint64_t each : window) suspects.answered(each);
        }
    }
    static std::vector<std::uint64_t> take(std::deque<std::uint64_t>& from, std::ptrdiff_t most)
    {
        auto end = from.begin() + std::min(most, std::ssize(from));
        std::vector<std::uint64_t> taken(from.begin(), end);
        from.erase(from.begin(), end);
        return taken;
    }
    void lost(const std::vector<std::uint64_t>& window)
    {
        lose(suspects, window);
        for (std::uint64_t each : window) {
            if (suspects.is_to_blame(each))
                held.push_back(each);
            else
                (suspects.goes_alone(each) ? alone : waiting).push_back(each);
        }
    }

    bool trickles = false;  // something new comes every now and then
    std::uint64_t last = 1'000;
    Suspects suspects{10};
    std::deque<std::uint64_t> waiting, alone;
    std::map<std::uint64_t, int> sent;
    std::vector<std::uint64_t> held;
};

}  // namespace

TEST(Suspects, AfterASecondLossAMessageGoesAloneUntilItIsAnswered)
{
    Suspects suspects(10);
    lose(suspects, {poison, innocent});
    EXPECT_FALSE(suspects.goes_alone(innocent));
    lose(suspects, {poison, innocent, bystander});
    EXPECT_TRUE(suspects.goes_alone(innocent));
    EXPECT_FALSE(suspects.goes_alone(bystander));
    suspects.answered(innocent);
    EXPECT_FALSE(suspects.goes_alone(innocent));
}

TEST(Suspects, NobodyIsToBlameForLossesInCompany)
{
    Suspects suspects(10);
    for (int i = 0; i < 20; ++i) lose(suspects, {poison, innocent});
    EXPECT_FALSE(suspects.is_to_blame(poison));
}

TEST(Suspects, ThreeLossesAloneAreItsOwnFaultWhenTheCarrierAnswersOthers)
{
    Suspects suspects(10);
    for (int i = 0; i < Suspects::alone_max; ++i) {
        EXPECT_FALSE(suspects.is_to_blame(poison));
        lose(suspects, {poison});
        suspects.answered(bystander);
    }
    EXPECT_TRUE(suspects.is_to_blame(poison));
    EXPECT_FALSE(suspects.is_to_blame(bystander));
}

TEST(Suspects, ThreeLossesAloneAreItsOwnFaultWhenThereIsNothingElse)
{
    Suspects suspects(10);
    for (int i = 0; i < Suspects::alone_max; ++i) lose(suspects, {poison});
    EXPECT_TRUE(suspects.is_to_blame(poison));
}

TEST(Suspects, ALineThatLosesWhateverIsSentBlamesNobody)
{
    Suspects suspects(10);
    for (int i = 0; i < 20; ++i)
        for (std::uint64_t each : {poison, innocent, bystander}) {
            lose(suspects, {each});
            EXPECT_FALSE(suspects.is_to_blame(each));
        }
    suspects.answered(bystander);
    EXPECT_FALSE(suspects.is_to_blame(poison));
}

TEST(Suspects, ACarrierThatFallsSilentBlamesNobody)
{
    Suspects suspects(10);
    for (int i = 0; i < 20; ++i) lose(suspects, {poison}, Cause::silent);
    EXPECT_FALSE(suspects.is_to_blame(poison));
}

TEST(Suspects, ASilenceAfterOneThatWentAloneCountsWhenTheCarrierAnswersOthers)
{
    Suspects suspects(10);
    for (int i = 0; i < Suspects::alone_max; ++i) {
        EXPECT_FALSE(suspects.is_to_blame(poison));
        lose(suspects, {poison}, Cause::silent);
        suspects.answered(bystander);
    }
    EXPECT_TRUE(suspects.is_to_blame(poison));
}

TEST(Suspects, WhatIsNeverAnsweredWhileOthersAreIsToBlame)
{
    Suspects suspects(10);
    for (int i = 0; i < Suspects::alone_max; ++i) {
        EXPECT_FALSE(suspects.is_to_blame(poison));
        lose(suspects, {poison}, Cause::unanswered);
        EXPECT_FALSE(suspects.goes_alone(poison));
    }
    EXPECT_TRUE(suspects.is_to_blame(poison));
}

TEST(Suspects, OneThatGoesAloneWaitsForAWindowOfOthers)
{
    Suspects suspects(2);
    EXPECT_TRUE(suspects.turn_of_alone(true));
    suspects.sent_alone();
    EXPECT_FALSE(suspects.turn_of_alone(true));
    EXPECT_TRUE(suspects.turn_of_alone(false));
    suspects.sent();
    suspects.sent();
    EXPECT_TRUE(suspects.turn_of_alone(true));
}

TEST(Suspects, OnlyTheOneThatTheCarrierStumblesOverIsHeldAndItsNeighboursGoThreeTimesAtMost)
{
    Line line(300);
    line.run([](std::uint64_t each) { return each == 5; });
    EXPECT_EQ(line.held, std::vector<std::uint64_t>{5});
    EXPECT_EQ(line.sent.size(), 300u);
    EXPECT_LE(line.sent.at(5), Suspects::losses_max + Suspects::alone_max);
    for (const auto& [message, times] : line.sent)
        EXPECT_TRUE(message == 5 || times <= Suspects::losses_max + 1) << message;
}

TEST(Suspects, SeveralOfThemAreFoundToo)
{
    Line line(300);
    line.trickles = true;
    auto is_poison = [](std::uint64_t each) { return each % 30 == 7 && each < 300; };
    line.run(is_poison);
    EXPECT_EQ(line.held.size(), 10u);
    for (const auto& [message, times] : line.sent)
        EXPECT_TRUE(is_poison(message) || times <= Suspects::losses_max + 1) << message;
}

TEST(Suspects, ALineThatFlapsWhileOthersGetThroughHoldsNobody)
{
    Line line(300);
    int submits = 0;
    line.run([&](std::uint64_t) { return ++submits % 13 == 0; });
    EXPECT_TRUE(line.held.empty());
    EXPECT_EQ(line.sent.size(), 300u);
}

}  // namespace tidings::relay
