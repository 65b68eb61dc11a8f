// SPDX-License-Identifier: Apache-2.0
// Another door into a link. What the link's protocol cannot carry comes in by it, as an MMS from a handset of
// the sandbox does, and goes the way of everything that a carrier delivers: through the link's loop into the
// store, and is acknowledged after the commit. While no loop stands behind the door, because the link is
// being replaced, whoever knocks is to come again, as a carrier does whose connection is gone.
#pragma once

#include "base/wakeup.hpp"
#include "relay/link.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <map>
#include <memory>
#include <mutex>

namespace tidings::relay {

class Inlet : public Bringer {
public:
    using Deliver = std::function<void(Delivered, Acknowledge)>;

    // From every thread; goes on with the caller's executor.
    boost::asio::awaitable<Stored> bring(Delivered delivered);

    // For the loop behind the door, on its thread, which is that of `executor`. After close() `deliver` is
    // not called any more, and whoever still waits is told to come again.
    void open(boost::asio::any_io_executor executor, Deliver deliver);
    void close();

    bool acknowledge(const Ticket& ticket, Stored stored) override;

private:
    struct Waiting {
        base::Wakeup answered;
        Stored stored = Stored::not_now;
    };

    void hand_over(std::uint64_t request, Delivered delivered);

    std::mutex mutex_;
    boost::asio::any_io_executor executor_;
    Deliver deliver_;  // empty: closed
    std::uint64_t last_request_ = 0;
    std::map<std::uint64_t, std::shared_ptr<Waiting>> waiting_;  // shared with the coroutine that waits
};

}  // namespace tidings::relay
