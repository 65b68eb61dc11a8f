// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "http/client.hpp"
#include "relay/callbacks.hpp"
#include "relay/outbound.hpp"
#include "relay/receiver.hpp"
#include "relay/sender.hpp"

#include <boost/asio/io_context.hpp>

#include <memory>

namespace tidings::relay {

struct LinkSettings {
    smpp::LinkOptions smpp;
    Dialect dialect;
    bool by_route_only = false;  // without routes it carries nothing
    std::uint32_t rate = 0;  // submits a second over all its binds; 0: no limit
    DoubtPolicy in_doubt;
};

// All loops between the store and the world: dispatch, links, callbacks, and the release of what becomes due.
class Relay {
public:
    // The threads of `contexts` share the links; callbacks and dispatch live on the first. All references
    // outlive it.
    Relay(std::vector<asio::io_context*> contexts, store::Store& store, http::Client& client,
          base::Clock& clock, std::string vendor_id);
    ~Relay();

    // Once.
    asio::awaitable<void> start(std::vector<LinkSettings> links);
    // Sends nothing more, waits for the answers and callbacks in flight, `until` at most, and unbinds.
    asio::awaitable<void> stop(base::Time until);

private:
    struct Carrier;

    void run(asio::io_context& context, asio::awaitable<void> loop);
    asio::awaitable<void> release();
    asio::awaitable<bool> idle(Carrier& carrier);

    std::vector<asio::io_context*> contexts_;
    store::Store& store_;
    base::Clock& clock_;
    Callbacks callbacks_;
    std::optional<Outbound> outbound_;
    std::vector<std::unique_ptr<Carrier>> carriers_;  // the loops hold references
    bool stopping_ = false;
};

}  // namespace tidings::relay
