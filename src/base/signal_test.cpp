// SPDX-License-Identifier: Apache-2.0
#include "base/signal.hpp"

#include "support/run.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <gtest/gtest.h>

#include <memory>
#include <thread>

namespace tidings::base {

namespace {

namespace asio = boost::asio;

bool is_aborted(std::exception_ptr error)
{
    try {
        if (error) std::rethrow_exception(error);
    } catch (const boost::system::system_error& failure) {
        return failure.code() == asio::error::operation_aborted;
    }
    return false;
}

TEST(Signal, WakesTheOneWhoWaits)
{
    Signal signal;
    asio::io_context io;
    int woken = 0;
    asio::co_spawn(io, signal.wait(), [&](std::exception_ptr error) { woken += !error; });
    io.poll();
    EXPECT_EQ(woken, 0);
    signal.notify();
    EXPECT_EQ(woken, 0) << "not on the notifier's thread";
    io.run();
    EXPECT_EQ(woken, 1);
}

TEST(Signal, RemembersOneNotify)
{
    Signal signal;
    signal.notify();
    signal.notify();
    test::run(signal.wait());
    asio::io_context io;
    bool woken = false;
    asio::co_spawn(io, signal.wait(), [&](std::exception_ptr) { woken = true; });
    io.poll();
    EXPECT_FALSE(woken);
    signal.close();
    io.run();
}

TEST(Signal, LetsNobodyWaitOnceClosed)
{
    Signal signal;
    signal.notify();
    signal.close();
    EXPECT_THROW(test::run(signal.wait()), boost::system::system_error);
    EXPECT_THROW(test::run(signal.wait()), boost::system::system_error);
}

TEST(Signal, MayGoBeforeThoseWhomItsCloseLetGo)
{
    auto signal = std::make_unique<Signal>();
    asio::io_context io;
    std::exception_ptr thrown;
    asio::co_spawn(io, signal->wait(), [&](std::exception_ptr error) { thrown = error; });
    io.poll();
    signal->close();
    signal.reset();
    io.run();
    EXPECT_TRUE(is_aborted(thrown));
}

TEST(Signal, AWaitCanBeCancelledAndKeepsTheNextNotify)
{
    Signal signal;
    asio::io_context io;
    asio::cancellation_signal cancel;
    std::exception_ptr thrown;
    auto done = [&](std::exception_ptr error) { thrown = error; };
    asio::co_spawn(io, signal.wait(), asio::bind_cancellation_slot(cancel.slot(), done));
    io.poll();
    cancel.emit(asio::cancellation_type::terminal);
    io.run();
    signal.notify();
    EXPECT_TRUE(is_aborted(thrown));
    test::run(signal.wait());
}

TEST(Signal, LosesNothingBetweenThreads)
{
    Signal ping, pong;
    std::thread other([&] {
        for (int i = 0; i < 1'000; ++i) {
            test::run(ping.wait());
            pong.notify();
        }
    });
    for (int i = 0; i < 1'000; ++i) {
        ping.notify();
        test::run(pong.wait());
    }
    other.join();
}

}  // namespace

}  // namespace tidings::base
