// SPDX-License-Identifier: Apache-2.0
#include "base/wakeup.hpp"

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

TEST(Wakeup, WakesTheOneWhoWaits)
{
    Wakeup wakeup;
    asio::io_context io;
    int woken = 0;
    asio::co_spawn(io, wakeup.wait(), [&](std::exception_ptr error) { woken += !error; });
    io.poll();
    EXPECT_EQ(woken, 0);
    wakeup.notify();
    EXPECT_EQ(woken, 0) << "not on the notifier's thread";
    io.run();
    EXPECT_EQ(woken, 1);
}

TEST(Wakeup, RemembersOneNotify)
{
    Wakeup wakeup;
    wakeup.notify();
    wakeup.notify();
    test::run(wakeup.wait());
    asio::io_context io;
    bool woken = false;
    asio::co_spawn(io, wakeup.wait(), [&](std::exception_ptr) { woken = true; });
    io.poll();
    EXPECT_FALSE(woken);
    wakeup.close();
    io.run();
}

TEST(Wakeup, LetsNobodyWaitOnceClosed)
{
    Wakeup wakeup;
    wakeup.notify();
    wakeup.close();
    EXPECT_THROW(test::run(wakeup.wait()), boost::system::system_error);
    EXPECT_THROW(test::run(wakeup.wait()), boost::system::system_error);
}

TEST(Wakeup, MayGoBeforeThoseWhomItsCloseLetGo)
{
    auto wakeup = std::make_unique<Wakeup>();
    asio::io_context io;
    std::exception_ptr thrown;
    asio::co_spawn(io, wakeup->wait(), [&](std::exception_ptr error) { thrown = error; });
    io.poll();
    wakeup->close();
    wakeup.reset();
    io.run();
    EXPECT_TRUE(is_aborted(thrown));
}

TEST(Wakeup, AWaitCanBeCancelledAndKeepsTheNextNotify)
{
    Wakeup wakeup;
    asio::io_context io;
    asio::cancellation_signal cancel;
    std::exception_ptr thrown;
    auto done = [&](std::exception_ptr error) { thrown = error; };
    asio::co_spawn(io, wakeup.wait(), asio::bind_cancellation_slot(cancel.slot(), done));
    io.poll();
    cancel.emit(asio::cancellation_type::terminal);
    io.run();
    wakeup.notify();
    EXPECT_TRUE(is_aborted(thrown));
    test::run(wakeup.wait());
}

TEST(Wakeup, LosesNothingBetweenThreads)
{
    Wakeup ping, pong;
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
