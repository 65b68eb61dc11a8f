// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/spawn.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>

#include <cstddef>
#include <utility>

namespace tidings::base {

// Threads for work that would hold up an io thread for long. Its queue has no bound: who calls has one.
class SideThreads {
public:
    explicit SideThreads(std::size_t threads) : pool_(threads) {}
    ~SideThreads() { stop(); }

    // Runs `work` there, and completes on the caller's executor.
    template <class T>
    boost::asio::awaitable<T> run(boost::asio::awaitable<T> work)
    {
        return run_elsewhere(boost::asio::make_strand(pool_), std::move(work));
    }

    void stop()  // and waits for the threads; what was still pending is destroyed with this
    {
        pool_.stop();
        pool_.join();
    }

private:
    boost::asio::thread_pool pool_;
};

}  // namespace tidings::base
