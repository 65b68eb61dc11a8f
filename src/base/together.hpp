// SPDX-License-Identifier: Apache-2.0
// Coroutines that run at the same time on one thread. Asio's operators && and || do the same and take seconds
// to compile in each file that uses them; here that is done once. A coroutine that has a result leaves it
// where its caller keeps it.
#pragma once

#include <boost/asio/awaitable.hpp>

#include <cstddef>

namespace tidings::base {

// Until both are over. When one throws the other is cancelled, and this throws what was thrown.
boost::asio::awaitable<void> both(boost::asio::awaitable<void> one, boost::asio::awaitable<void> other);

// Until the first of them is over without having thrown; gives its place, from 0. The others are cancelled,
// and waited for. Throws when all did.
boost::asio::awaitable<std::size_t> first_of(boost::asio::awaitable<void> one,
                                             boost::asio::awaitable<void> other);
boost::asio::awaitable<std::size_t> first_of(boost::asio::awaitable<void> one,
                                             boost::asio::awaitable<void> second,
                                             boost::asio::awaitable<void> third);

}  // namespace tidings::base
