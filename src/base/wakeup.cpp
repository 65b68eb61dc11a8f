// SPDX-License-Identifier: Apache-2.0
#include "base/wakeup.hpp"

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/execution/outstanding_work.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <cassert>
#include <memory>

namespace tidings::base {

namespace asio = boost::asio;

using boost::system::error_code;

asio::awaitable<void> Wakeup::wait()
{
    auto initiate = [this](auto handler) {
        auto executor =
            asio::prefer(asio::get_associated_executor(handler), asio::execution::outstanding_work.tracked);
        auto slot = asio::get_associated_cancellation_slot(handler);
        auto shared = std::make_shared<decltype(handler)>(std::move(handler));  // std::function wants copies
        if (slot.is_connected()) slot.assign([this](asio::cancellation_type) { cancel(); });
        std::unique_lock lock(mutex_);
        assert(!waiter_);
        waiter_ = [executor, slot, shared](error_code error) {
            asio::post(executor, [slot, shared, error]() mutable {
                if (slot.is_connected()) slot.clear();
                std::move (*shared)(error);
            });
        };
        if (closed_)
            wake(std::move(lock), asio::error::operation_aborted);
        else if (notified_)
            wake(std::move(lock), {});
    };
    co_await asio::async_initiate<const asio::use_awaitable_t<>, void(error_code)>(initiate,
                                                                                   asio::use_awaitable);
}

void Wakeup::notify()
{
    std::unique_lock lock(mutex_);
    notified_ = true;
    if (waiter_) wake(std::move(lock), {});
}

void Wakeup::close()
{
    std::unique_lock lock(mutex_);
    closed_ = true;
    if (waiter_) wake(std::move(lock), asio::error::operation_aborted);
}

void Wakeup::cancel()
{
    std::unique_lock lock(mutex_);
    if (waiter_) wake(std::move(lock), asio::error::operation_aborted);
}

// Only a waiter that goes on uses up what was notified.
void Wakeup::wake(std::unique_lock<std::mutex> lock, error_code error)
{
    if (!error) notified_ = false;
    auto waiter = std::exchange(waiter_, nullptr);
    lock.unlock();
    waiter(error);
}

}  // namespace tidings::base
