// SPDX-License-Identifier: Apache-2.0
// Coroutines that run by themselves, or elsewhere. What Asio makes for co_spawn takes seconds to compile for
// every type that is a little different; here that is done once for all, and only what a coroutine returns
// differs.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_signal.hpp>

#include <exception>
#include <functional>
#include <memory>
#include <optional>

namespace tidings::base {

using SpawnEnded = std::function<void(std::exception_ptr)>;

// Starts `work`, for which nobody waits. When it is over `ended` is called, with what it threw; without
// `ended` that is dropped. It is cancelled through `slot`.
void spawn(boost::asio::any_io_executor executor, boost::asio::awaitable<void> work, SpawnEnded ended = {},
           boost::asio::cancellation_slot slot = {});

// Runs `work` on `executor` and completes with what it returned, or throws what it threw, on the caller's. To
// cancel this cancels the work.
boost::asio::awaitable<void> run_elsewhere(boost::asio::any_io_executor executor,
                                           boost::asio::awaitable<void> work);

template <class T>
boost::asio::awaitable<void> keep_result(boost::asio::awaitable<T> work,
                                         std::shared_ptr<std::optional<T>> result)
{
    T value = co_await std::move(work);
    result->emplace(std::move(value));
}

template <class T>
boost::asio::awaitable<T> run_elsewhere(boost::asio::any_io_executor executor, boost::asio::awaitable<T> work)
{
    auto result = std::make_shared<std::optional<T>>();  // shared with the work, which may outlive this
    auto keeping = keep_result(std::move(work), result);
    co_await run_elsewhere(std::move(executor), std::move(keeping));
    co_return std::move(**result);
}

}  // namespace tidings::base
