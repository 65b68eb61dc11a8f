// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>
#include <optional>

namespace tidings::test {

namespace detail {

template <class T>
boost::asio::awaitable<void> keep(boost::asio::awaitable<T> work, std::optional<T>& value)
{
    value.emplace(co_await std::move(work));
}

}  // namespace detail

// Runs a coroutine to its end on this thread and gives what it returned or threw.
inline void run(boost::asio::awaitable<void> work)
{
    boost::asio::io_context io;
    std::exception_ptr thrown;
    boost::asio::co_spawn(io, std::move(work), [&](std::exception_ptr error) { thrown = error; });
    io.run();
    if (thrown) std::rethrow_exception(thrown);
}

template <class T>
T run(boost::asio::awaitable<T> work)
{
    std::optional<T> value;
    run(detail::keep(std::move(work), value));
    return std::move(*value);
}

}  // namespace tidings::test
