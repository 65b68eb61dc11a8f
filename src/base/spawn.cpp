// SPDX-License-Identifier: Apache-2.0
#include "base/spawn.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace tidings::base {

namespace asio = boost::asio;

void spawn(asio::any_io_executor executor, asio::awaitable<void> work, SpawnEnded ended,
           asio::cancellation_slot slot)
{
    auto over = [ended = std::move(ended)](std::exception_ptr error) {
        if (ended) ended(error);
    };
    asio::co_spawn(executor, std::move(work), asio::bind_cancellation_slot(slot, std::move(over)));
}

asio::awaitable<void> run_elsewhere(asio::any_io_executor executor, asio::awaitable<void> work)
{
    return asio::co_spawn(executor, std::move(work), asio::use_awaitable);
}

}  // namespace tidings::base
