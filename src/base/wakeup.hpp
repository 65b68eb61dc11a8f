// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/system/error_code.hpp>

#include <functional>
#include <mutex>

namespace tidings::base {

// Wakes the one coroutine that waits for something to do. Remembers a notify that comes while nobody waits.
// Safe to use from every thread.
class Wakeup {
public:
    // Completes on the caller's executor after the next notify, or at once if one is remembered. Throws
    // operation_aborted when cancelled and after close(); a waiter that close() wakes touches the wakeup no
    // more.
    boost::asio::awaitable<void> wait();
    void notify();
    void close();

private:
    void wake(std::unique_lock<std::mutex> lock, boost::system::error_code error);
    void cancel();

    std::mutex mutex_;
    std::function<void(boost::system::error_code)> waiter_;  // posts the coroutine to its executor
    bool notified_ = false;
    bool closed_ = false;
};

}  // namespace tidings::base
