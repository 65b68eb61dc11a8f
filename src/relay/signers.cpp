// SPDX-License-Identifier: Apache-2.0
#include "relay/signers.hpp"

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace tidings::relay {

namespace asio = boost::asio;

Signers::~Signers()
{
    pool_.stop();
    pool_.join();
}

asio::awaitable<message::HeaderList> Signers::sign(store::AccountKey account, Work work)
{
    auto initiate = [this, account](auto handler, Work&& what) {
        auto executor = asio::get_associated_executor(handler);
        // std::function wants to copy what it holds, and a handler cannot be copied.
        auto shared = std::make_shared<decltype(handler)>(std::move(handler));
        auto guard = asio::make_work_guard(executor);
        add(account, [shared, guard, executor, what = std::move(what)] {
            asio::post(executor, [shared, headers = what()]() mutable { (*shared)(std::move(headers)); });
        });
    };
    auto signing = asio::async_initiate<const asio::use_awaitable_t<>, void(message::HeaderList)>(
        initiate, asio::use_awaitable, std::move(work));
    message::HeaderList headers = co_await std::move(signing);
    co_return headers;
}

void Signers::add(store::AccountKey account, std::function<void()> job)
{
    {
        std::lock_guard lock(mutex_);
        auto& jobs = jobs_[account];
        if (jobs.empty()) turns_.push_back(account);
        jobs.push_back(std::move(job));
    }
    asio::post(pool_, [this] { run_next(); });  // as often as there are jobs
}

void Signers::run_next()
{
    std::function<void()> job;
    {
        std::lock_guard lock(mutex_);
        store::AccountKey account = turns_.front();
        turns_.pop_front();
        auto jobs = jobs_.find(account);
        job = std::move(jobs->second.front());
        jobs->second.pop_front();
        if (jobs->second.empty())
            jobs_.erase(jobs);
        else
            turns_.push_back(account);
    }
    job();
}

}  // namespace tidings::relay
