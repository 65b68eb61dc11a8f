// SPDX-License-Identifier: Apache-2.0
#include "base/signal.hpp"

#include <boost/asio/async_result.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/execution/outstanding_work.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <cassert>
#include <memory>

namespace tidings::base {

namespace asio = boost::asio;

asio::awaitable<void> Signal::wait()
{
    auto initiate = [this](auto handler) {
        auto executor = asio::prefer(asio::get_associated_executor(handler), asio::execution::outstanding_work.tracked);
        auto shared = std::make_shared<decltype(handler)>(std::move(handler));  // std::function wants copies
        std::unique_lock lock(mutex_);
        assert(!waiter_);
        waiter_ = [executor, shared] { asio::post(executor, [shared] { std::move (*shared)(); }); };
        if (notified_ || closed_) wake(std::move(lock));
    };
    co_await asio::async_initiate<const asio::use_awaitable_t<>, void()>(initiate, asio::use_awaitable);
    std::lock_guard lock(mutex_);
    if (closed_) throw boost::system::system_error(asio::error::operation_aborted);
}

void Signal::notify()
{
    std::unique_lock lock(mutex_);
    notified_ = true;
    if (waiter_) wake(std::move(lock));
}

void Signal::close()
{
    std::unique_lock lock(mutex_);
    closed_ = true;
    if (waiter_) wake(std::move(lock));
}

void Signal::wake(std::unique_lock<std::mutex> lock)
{
    notified_ = false;
    auto waiter = std::exchange(waiter_, nullptr);
    lock.unlock();
    waiter();
}

}  // namespace tidings::base
