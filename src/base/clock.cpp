// SPDX-License-Identifier: Apache-2.0
// The one place where the time is asked for, and waited for. The steady clock is CLOCK_BOOTTIME, which goes
// on while the machine is suspended: to whoever waits for an answer, that time has passed, too.
#include "base/clock.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <ctime>

#include <algorithm>
#include <cerrno>
#include <random>
#include <system_error>

namespace tidings::base {

namespace asio = boost::asio;
using namespace std::chrono_literals;

// Asio's timers stand still while the machine is suspended. A long wait looks this often how late it is.
constexpr auto look_again = 10s;

Time SystemClock::now() const
{
    return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

Moment SystemClock::steady() const
{
    timespec since_boot{};
    if (clock_gettime(CLOCK_BOOTTIME, &since_boot) != 0)
        throw std::system_error(errno, std::generic_category(), "CLOCK_BOOTTIME");
    auto time = std::chrono::seconds(since_boot.tv_sec) + std::chrono::nanoseconds(since_boot.tv_nsec);
    return Moment(std::chrono::floor<std::chrono::milliseconds>(time));
}

asio::awaitable<void> SystemClock::wait_until(Moment moment)
{
    asio::steady_timer timer(co_await asio::this_coro::executor);
    for (auto left = moment - steady(); left > 0ms; left = moment - steady()) {
        timer.expires_after(std::min<std::chrono::milliseconds>(left, look_again));
        co_await timer.async_wait(asio::use_awaitable);
    }
}

std::uint64_t SystemClock::random()
{
    thread_local std::mt19937_64 engine{std::random_device{}()};
    return engine();
}

}  // namespace tidings::base
