// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include <deque>
#include <thread>
#include <vector>

namespace tidings::base {

// Threads that each run an io_context of their own: what lives on one needs no locks.
class IoThreads {
public:
    explicit IoThreads(std::size_t count);
    ~IoThreads() { stop(); }

    std::vector<boost::asio::io_context*> contexts();
    boost::asio::io_context& first() { return contexts_.front(); }
    void stop();  // and waits for the threads; what was still pending is destroyed with this

private:
    using Guard = boost::asio::executor_work_guard<boost::asio::io_context::executor_type>;

    std::deque<boost::asio::io_context> contexts_;
    std::vector<Guard> guards_;
    std::vector<std::thread> threads_;
};

}  // namespace tidings::base
