// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/rounds.hpp"
#include "store/settings.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/thread_pool.hpp>

#include <functional>
#include <mutex>
#include <optional>

namespace tidings::relay {

// Does what would hold up a loop on threads of its own: an RSA signature takes a quarter of a millisecond, a
// costly template up to 20. Accounts take turns, so that nobody waits behind all that another account wants
// done.
class Workers {
public:
    explicit Workers(std::size_t threads) : pool_(threads) {}
    ~Workers();  // what is begun is finished, the rest is dropped

    // Gives what `work` gives, on the caller's executor.
    template <class Result>
    boost::asio::awaitable<Result> run(store::AccountKey account, std::function<Result()> work)
    {
        std::optional<Result> result;
        Job job = [&result, &work] { result.emplace(work()); };
        co_await run_job(account, std::move(job));
        co_return std::move(*result);
    }

private:
    using Job = std::function<void()>;

    boost::asio::awaitable<void> run_job(store::AccountKey account, Job work);
    void add(store::AccountKey account, Job job);
    void run_next();

    std::mutex mutex_;
    base::Rounds<store::AccountKey, Job> jobs_;  // under mutex_
    boost::asio::thread_pool pool_;
};

}  // namespace tidings::relay
