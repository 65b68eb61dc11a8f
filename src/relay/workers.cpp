// SPDX-License-Identifier: Apache-2.0
#include "relay/workers.hpp"

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <memory>

namespace tidings::relay {

namespace asio = boost::asio;

Workers::~Workers()
{
    pool_.stop();
    pool_.join();
}

asio::awaitable<void> Workers::run_job(store::AccountKey account, Job work)
{
    auto initiate = [this, account](auto handler, Job&& what) {
        auto executor = asio::get_associated_executor(handler);
        // std::function wants to copy what it holds, and a handler cannot be copied.
        auto shared = std::make_shared<decltype(handler)>(std::move(handler));
        // The caller's io_context must not end while the job is on its way, or the handler would be posted to
        // nobody.
        auto guard = asio::make_work_guard(executor);
        add(account, [shared, guard, executor, what = std::move(what)] {
            what();
            asio::post(executor, [shared]() mutable { (*shared)(); });
        });
    };
    auto running = asio::async_initiate<const asio::use_awaitable_t<>, void()>(initiate, asio::use_awaitable,
                                                                               std::move(work));
    co_await std::move(running);
}

void Workers::add(store::AccountKey account, Job job)
{
    {
        std::lock_guard lock(mutex_);
        jobs_.push(account, std::move(job));
    }
    asio::post(pool_, [this] { run_next(); });  // as often as there are jobs
}

void Workers::run_next()
{
    // Which job that is, is decided only when a thread is free: accounts take turns, however many jobs one
    // has queued.
    std::optional<Job> job;
    {
        std::lock_guard lock(mutex_);
        job = jobs_.take();
    }
    (*job)();
}

}  // namespace tidings::relay
