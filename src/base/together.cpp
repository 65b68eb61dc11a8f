// SPDX-License-Identifier: Apache-2.0
#include "base/together.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>

namespace tidings::base {

namespace asio = boost::asio;
using namespace asio::experimental::awaitable_operators;

asio::awaitable<void> both(asio::awaitable<void> one, asio::awaitable<void> other)
{
    co_await (std::move(one) && std::move(other));
}

asio::awaitable<std::size_t> first_of(asio::awaitable<void> one, asio::awaitable<void> other)
{
    auto first = co_await (std::move(one) || std::move(other));
    co_return first.index();
}

namespace {

asio::awaitable<void> first_of_two(asio::awaitable<void> one, asio::awaitable<void> other, std::size_t& place)
{
    place = co_await first_of(std::move(one), std::move(other));
}

}  // namespace

asio::awaitable<std::size_t> first_of(asio::awaitable<void> one, asio::awaitable<void> second,
                                      asio::awaitable<void> third)
{
    std::size_t place = 0;
    auto two = first_of_two(std::move(one), std::move(second), place);
    std::size_t last = co_await first_of(std::move(two), std::move(third));
    co_return last == 0 ? place : 2;
}

}  // namespace tidings::base
