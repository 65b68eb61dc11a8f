// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <random>

namespace tidings::test {

// A clock that stands still until a test moves it. Those who wait for a time go on, each on its own executor,
// when the clock is set to that time or past it; advance() itself runs nothing. Safe to use from every
// thread, as long as a waiting coroutine's io_context is run by one thread.
class VirtualClock : public base::Clock {
public:
    static constexpr base::Time default_start{std::chrono::sys_days{std::chrono::January / 15 / 2026}};

    explicit VirtualClock(base::Time start = default_start, std::uint64_t seed = 1)
        : now_(start), engine_(seed)
    {
    }

    base::Time now() const override
    {
        std::lock_guard lock(mutex_);
        return now_;
    }

    boost::asio::awaitable<void> wait_until(base::Time time) override
    {
        namespace asio = boost::asio;
        // A timer that never expires: moving the clock cancels it, and so does whoever cancels the coroutine.
        auto timer = std::make_shared<asio::steady_timer>(co_await asio::this_coro::executor,
                                                          asio::steady_timer::time_point::max());
        Waiter waiter(*this, timer);
        if (!waiter.enter(time)) co_return;
        co_await timer->async_wait(asio::as_tuple(asio::use_awaitable));
        if (now() < time) throw boost::system::system_error(asio::error::operation_aborted);
    }

    std::uint64_t random() override
    {
        std::lock_guard lock(mutex_);
        return engine_();
    }

    void set(base::Time time)
    {
        std::lock_guard lock(mutex_);
        now_ = time;
        for (auto& [due, timer] : waiting_)
            if (due <= now_) boost::asio::post(timer->get_executor(), [timer] { timer->cancel(); });
    }
    void advance(std::chrono::milliseconds by) { set(now() + by); }

    // For what somebody waits next; nothing: nobody waits.
    std::optional<base::Time> next_wait() const
    {
        std::lock_guard lock(mutex_);
        if (waiting_.empty()) return {};
        return waiting_.begin()->first;
    }

private:
    using Timer = std::shared_ptr<boost::asio::steady_timer>;  // shared with the coroutine that waits on it

    // A place among those who wait; given up when the coroutine goes on or is destroyed.
    class Waiter {
    public:
        Waiter(VirtualClock& clock, const Timer& timer) : clock_(clock), timer_(timer) {}
        ~Waiter()
        {
            std::lock_guard lock(clock_.mutex_);
            std::erase_if(clock_.waiting_, [&](const auto& entry) { return entry.second == timer_; });
        }
        bool enter(base::Time time)
        {
            std::lock_guard lock(clock_.mutex_);
            if (time <= clock_.now_) return false;
            clock_.waiting_.emplace(time, timer_);
            return true;
        }

    private:
        VirtualClock& clock_;
        Timer timer_;
    };

    mutable std::mutex mutex_;
    base::Time now_;
    std::mt19937_64 engine_;
    std::multimap<base::Time, Timer> waiting_;
};

}  // namespace tidings::test
