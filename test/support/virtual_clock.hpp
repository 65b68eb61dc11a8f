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

// A clock that stands still until a test moves it: with advance() and set() both of its faces, with jump()
// only the wall clock. Those who wait for a moment go on, each on its own executor, when it has come;
// advance() itself runs nothing. Safe to use from every thread, as long as the io_context of a coroutine that
// waits is run by one thread.
class VirtualClock : public base::Clock {
public:
    static constexpr base::Time default_start{std::chrono::sys_days{std::chrono::January / 15 / 2026}};

    explicit VirtualClock(base::Time start = default_start, std::uint64_t seed = 1)
        : start_(start), engine_(seed)
    {
    }

    base::Time now() const override
    {
        std::lock_guard lock(mutex_);
        return wall();
    }
    base::Moment steady() const override
    {
        std::lock_guard lock(mutex_);
        return steady_;
    }

    boost::asio::awaitable<void> wait_until(base::Moment moment) override
    {
        namespace asio = boost::asio;
        // A timer that never expires: moving the clock cancels it, and so does whoever cancels the coroutine.
        auto timer = std::make_shared<asio::steady_timer>(co_await asio::this_coro::executor,
                                                          asio::steady_timer::time_point::max());
        Waiter waiter(*this, timer);
        if (!waiter.enter(moment)) co_return;
        co_await timer->async_wait(asio::as_tuple(asio::use_awaitable));
        if (steady() < moment) throw boost::system::system_error(asio::error::operation_aborted);
    }

    std::uint64_t random() override
    {
        std::lock_guard lock(mutex_);
        return engine_();
    }

    void set(base::Time time) { advance(time - now()); }
    void advance(std::chrono::milliseconds by)
    {
        std::lock_guard lock(mutex_);
        steady_ += by;
        for (auto& [due, timer] : waiting_)
            if (due <= steady_) boost::asio::post(timer->get_executor(), [timer] { timer->cancel(); });
    }
    // Somebody sets the wall clock.
    void jump(std::chrono::milliseconds by)
    {
        std::lock_guard lock(mutex_);
        start_ += by;
    }

    // For what somebody waits next, by the wall clock; nothing: nobody waits.
    std::optional<base::Time> next_wait() const
    {
        std::lock_guard lock(mutex_);
        if (waiting_.empty()) return {};
        return wall() + (waiting_.begin()->first - steady_);
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
        bool enter(base::Moment moment)
        {
            std::lock_guard lock(clock_.mutex_);
            if (moment <= clock_.steady_) return false;
            clock_.waiting_.emplace(moment, timer_);
            return true;
        }

    private:
        VirtualClock& clock_;
        Timer timer_;
    };

    base::Time wall() const { return start_ + steady_.time_since_epoch(); }

    mutable std::mutex mutex_;
    base::Time start_;  // what the wall clock would have shown when steady_ was 0
    base::Moment steady_{};
    std::mt19937_64 engine_;
    std::multimap<base::Moment, Timer> waiting_;
};

}  // namespace tidings::test
