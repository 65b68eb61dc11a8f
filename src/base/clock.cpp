// SPDX-License-Identifier: Apache-2.0
#include "base/clock.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <random>

namespace tidings::base {

namespace asio = boost::asio;
using namespace std::chrono_literals;

// A long wait looks at the wall clock again this often, so that a corrected clock is noticed.
constexpr auto look_again = 10s;

Time SystemClock::now() const
{
    return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

asio::awaitable<void> SystemClock::wait_until(Time time)
{
    asio::steady_timer timer(co_await asio::this_coro::executor);
    for (auto left = time - now(); left > 0ms; left = time - now()) {
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
