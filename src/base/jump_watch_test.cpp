// SPDX-License-Identifier: Apache-2.0
#include "base/jump_watch.hpp"

#include <gtest/gtest.h>

namespace tidings::base {

namespace {

using namespace std::chrono_literals;
using Event = JumpWatch::Event;

constexpr auto year = std::chrono::days(365);
constexpr Time noon{std::chrono::sys_days{std::chrono::June / 15 / 2026} + 12h};

// A machine whose wall clock somebody sets.
struct Machine {
    Sighting seen() const { return {wall, steady, boot}; }
    void pass(std::chrono::milliseconds time)
    {
        wall += time;
        steady += time;
    }
    void restart(std::chrono::milliseconds off)
    {
        wall += off;
        steady = Moment(20s);
        boot = "another";
    }

    Time wall = noon;
    Moment steady{5h};
    std::string boot = "this";
};

class JumpWatchTest : public testing::Test {
protected:
    JumpWatchTest() { watch.look(machine.seen()); }
    Event look() { return watch.look(machine.seen()); }
    Time time() const { return watch.time(machine.steady); }

    Machine machine;
    JumpWatch watch{600s};
};

TEST_F(JumpWatchTest, TimeThatPassesIsNoJumpHoweverLongNobodyLooked)
{
    machine.pass(30 * 24h);
    EXPECT_EQ(look(), Event::none);
    EXPECT_EQ(time(), machine.wall);
}

TEST_F(JumpWatchTest, StepsOfADayAtMostAreFollowedAtOnce)
{
    for (std::chrono::milliseconds step :
         {5000ms, -5000ms, 1'800'000ms, -1'800'000ms, 86'400'000ms, -86'400'000ms}) {
        machine.wall += step;
        EXPECT_EQ(look(), Event::stepped);
        EXPECT_EQ(watch.last_step(), step);
        EXPECT_EQ(time(), machine.wall);
        EXPECT_FALSE(watch.doubt(machine.steady));
    }
}

TEST_F(JumpWatchTest, WhatNtpDoesIsNoStep)
{
    machine.wall += 400ms;
    EXPECT_EQ(look(), Event::none);
    EXPECT_EQ(time(), machine.wall);
}

TEST_F(JumpWatchTest, AYearIsDoubtedAndTimeGoesOnAsItWas)
{
    for (std::chrono::milliseconds jump :
         {std::chrono::milliseconds(year), std::chrono::milliseconds(-2 * year)}) {
        machine.wall += jump;
        EXPECT_EQ(look(), Event::doubted);
        machine.pass(9min);
        EXPECT_EQ(look(), Event::none);
        EXPECT_EQ(time(), machine.wall - jump);
        EXPECT_EQ(watch.doubt(machine.steady)->by, jump);
        EXPECT_EQ(watch.doubt(machine.steady)->believed_in, 1min);
        machine.wall -= jump;
        EXPECT_EQ(look(), Event::returned);
        EXPECT_EQ(time(), machine.wall);
    }
}

TEST_F(JumpWatchTest, WhatLastsIsBelieved)
{
    machine.wall += year;
    EXPECT_EQ(look(), Event::doubted);
    machine.pass(600s - 1ms);
    EXPECT_EQ(look(), Event::none);
    machine.pass(1ms);
    EXPECT_EQ(look(), Event::believed);
    EXPECT_EQ(time(), machine.wall);
    machine.wall -= year;
    EXPECT_EQ(look(), Event::doubted) << "the way back is as far";
}

TEST_F(JumpWatchTest, TheOperatorIsBelievedAtOnce)
{
    EXPECT_EQ(watch.believe(machine.seen()), Event::none);
    machine.wall += year;
    look();
    machine.pass(1s);
    EXPECT_EQ(watch.believe(machine.seen()), Event::believed);
    EXPECT_EQ(time(), machine.wall);
    EXPECT_EQ(look(), Event::none);
}

TEST_F(JumpWatchTest, AClockThatJumpsAboutBeginsItsWaitAnew)
{
    machine.wall += year;
    look();
    machine.pass(9min);
    machine.wall += year;
    EXPECT_EQ(look(), Event::doubted);
    machine.pass(9min);
    EXPECT_EQ(look(), Event::none);
    machine.wall += 1h;  // the same jump, corrected a little
    EXPECT_EQ(look(), Event::none);
    machine.pass(1min);
    EXPECT_EQ(look(), Event::believed);
}

TEST_F(JumpWatchTest, WithoutAWaitEveryJumpIsBelieved)
{
    JumpWatch credulous(0s);
    credulous.look(machine.seen());
    machine.wall += year;
    EXPECT_EQ(credulous.look(machine.seen()), Event::believed);
    EXPECT_EQ(credulous.time(machine.steady), machine.wall);
}

class JumpWatchRestart : public JumpWatchTest {
protected:
    // The process ends, `meanwhile` happens to the machine, and another process starts.
    template <class Meanwhile>
    Event start_again(Meanwhile meanwhile)
    {
        Sighting last = machine.seen();
        meanwhile();
        watch = JumpWatch(600s);
        watch.resume(last, machine.seen());
        return look();
    }
};

TEST_F(JumpWatchRestart, WhileTheMachineStayedOnAJumpIsSeenExactly)
{
    EXPECT_EQ(start_again([&] { machine.pass(100 * 24h); }), Event::none);
    EXPECT_EQ(time(), machine.wall);
    EXPECT_EQ(start_again([&] {
                  machine.pass(3 * 24h);
                  machine.wall += 25h;
              }),
              Event::doubted);
    EXPECT_EQ(time(), machine.wall - 25h);
}

TEST_F(JumpWatchRestart, AMachineMayHaveBeenOffForAWeek)
{
    EXPECT_EQ(start_again([&] { machine.restart(7 * 24h); }), Event::none);
    EXPECT_EQ(time(), machine.wall);
}

TEST_F(JumpWatchRestart, AStartInTheNextYearGoesOnFromWhatWasLastSeen)
{
    EXPECT_EQ(start_again([&] { machine.restart(year); }), Event::doubted);
    EXPECT_EQ(time(), noon);
    machine.pass(1min);
    look();
    EXPECT_EQ(time(), noon + 1min);
    machine.wall += 2h - year;  // it was off for two hours, and somebody sets the clock right
    EXPECT_EQ(look(), Event::returned);
    EXPECT_EQ(time(), machine.wall);
}

TEST_F(JumpWatchRestart, AStartInThePastGoesOnFromWhatWasLastSeen)
{
    EXPECT_EQ(start_again([&] { machine.restart(-50 * year); }), Event::doubted);
    EXPECT_EQ(time(), noon);
    machine.pass(600s);
    EXPECT_EQ(look(), Event::believed);
}

}  // namespace

}  // namespace tidings::base
