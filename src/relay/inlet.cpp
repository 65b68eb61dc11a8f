// SPDX-License-Identifier: Apache-2.0
#include "relay/inlet.hpp"

#include <boost/asio/post.hpp>

namespace tidings::relay {

namespace asio = boost::asio;

asio::awaitable<Stored> Inlet::bring(Delivered delivered)
{
    auto waiting = std::make_shared<Waiting>();
    {
        std::lock_guard lock(mutex_);
        if (!deliver_) co_return Stored::not_now;
        std::uint64_t request = ++last_request_;
        waiting_.emplace(request, waiting);
        // Posted under the lock: after close() nothing more may be posted to the loop's executor, whose loop
        // is going.
        asio::post(executor_, [this, request, delivered = std::move(delivered)]() mutable {
            hand_over(request, std::move(delivered));
        });
    }
    co_await waiting->answered.wait();
    co_return waiting->stored;
}

// Runs on the loop's thread, on which close() is called, too: so each request is either handed over before
// that or not at all.
void Inlet::hand_over(std::uint64_t request, Delivered delivered)
{
    Deliver deliver;
    {
        std::lock_guard lock(mutex_);
        if (!waiting_.contains(request)) return;  // it was closed meanwhile
        deliver = deliver_;
    }
    deliver(std::move(delivered), Acknowledge(*this, {.peer = 0, .request = request}));
}

void Inlet::open(asio::any_io_executor executor, Deliver deliver)
{
    std::lock_guard lock(mutex_);
    executor_ = std::move(executor);
    deliver_ = std::move(deliver);
}

void Inlet::close()
{
    std::lock_guard lock(mutex_);
    deliver_ = nullptr;
    for (auto& [_, waiting] : std::exchange(waiting_, {})) waiting->answered.notify();
}

bool Inlet::acknowledge(const Ticket& ticket, Stored stored)
{
    std::lock_guard lock(mutex_);
    auto node = waiting_.extract(ticket.request);
    if (!node) return false;
    node.mapped()->stored = stored;
    node.mapped()->answered.notify();
    return true;
}

}  // namespace tidings::relay
