// SPDX-License-Identifier: Apache-2.0
// What Clock promises, shown with the clock of the tests, which everything else relies on.
#include "support/run.hpp"
#include "support/virtual_clock.hpp"

#include <gtest/gtest.h>
#include <boost/asio/bind_cancellation_slot.hpp>

#include <thread>

namespace tidings::base {

namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

TEST(VirtualClock, APastTimeIsNotWaitedFor)
{
    test::VirtualClock clock;
    test::run(clock.wait_until(clock.steady()));
    EXPECT_EQ(clock.next_wait(), std::nullopt);
}

TEST(VirtualClock, WaitersGoOnWhenTheirTimeHasCome)
{
    test::VirtualClock clock;
    asio::io_context io;
    std::vector<int> woken;
    Time start = clock.now();
    asio::co_spawn(io, clock.wait_until(clock.steady() + 2h),
                   [&](std::exception_ptr) { woken.push_back(2); });
    asio::co_spawn(io, clock.wait_until(clock.steady() + 1h),
                   [&](std::exception_ptr) { woken.push_back(1); });
    io.poll();
    EXPECT_EQ(clock.next_wait(), start + 1h);
    clock.advance(1h - 1ms);
    io.poll();
    EXPECT_TRUE(woken.empty());
    clock.advance(1ms);
    io.poll();
    EXPECT_EQ(woken, std::vector{1});
    clock.set(start + 24h);
    io.poll();
    EXPECT_EQ(woken, (std::vector{1, 2}));
    EXPECT_EQ(clock.next_wait(), std::nullopt);
}

TEST(VirtualClock, AJumpOfTheWallClockWakesNobody)
{
    test::VirtualClock clock;
    asio::io_context io;
    bool woken = false;
    Time start = clock.now();
    asio::co_spawn(io, clock.wait_until(clock.steady() + 1h), [&](std::exception_ptr) { woken = true; });
    io.poll();
    clock.jump(24h);
    io.poll();
    EXPECT_FALSE(woken);
    EXPECT_EQ(clock.now(), start + 24h);
    clock.advance(1h);
    io.poll();
    EXPECT_TRUE(woken);
}

TEST(VirtualClock, AWaitCanBeCancelled)
{
    test::VirtualClock clock;
    asio::io_context io;
    asio::cancellation_signal cancel;
    std::exception_ptr thrown;
    auto done = [&](std::exception_ptr error) { thrown = error; };
    asio::co_spawn(io, clock.wait_until(clock.steady() + 1h),
                   asio::bind_cancellation_slot(cancel.slot(), done));
    io.poll();
    cancel.emit(asio::cancellation_type::terminal);
    io.poll();
    EXPECT_THROW(std::rethrow_exception(thrown), boost::system::system_error);
}

TEST(VirtualClock, MayBeMovedByAnotherThread)
{
    test::VirtualClock clock;
    std::thread moving([&] {
        while (!clock.next_wait()) std::this_thread::yield();
        clock.advance(1h);
    });
    test::run(clock.wait_until(clock.steady() + 1h));
    moving.join();
}

TEST(VirtualClock, ChanceRepeatsWithItsSeed)
{
    test::VirtualClock one(test::VirtualClock::default_start, 7), two(test::VirtualClock::default_start, 7);
    EXPECT_EQ(one.random(), two.random());
    EXPECT_NE(one.random(), one.random());
}

}  // namespace

}  // namespace tidings::base
