// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "http/client.hpp"
#include "relay/callbacks.hpp"
#include "relay/carrier.hpp"
#include "relay/outbound.hpp"

#include <boost/asio/io_context.hpp>

#include <memory>

namespace tidings::relay {

// All loops between the store and the world: dispatch, links, callbacks, and the release of what becomes due.
class Relay {
public:
    // The threads of `contexts` share the links; callbacks and dispatch live on the first. All references
    // outlive it.
    Relay(std::vector<asio::io_context*> contexts, store::Store& store, http::Client& client,
          base::Clock& clock, DefaultBodies bodies);
    ~Relay();

    // Once.
    asio::awaitable<void> start(std::vector<LinkSettings> links);
    // Afterwards, one call at a time: these links instead. Those that stay the same go on undisturbed. The
    // others may finish what they have begun, `until` at most; what waits for one that is no more becomes due
    // again.
    asio::awaitable<void> change_links(std::vector<LinkSettings> links, base::Moment until);
    // A message that came by another way than the link's binds. True: it is on disk. False: no such link
    // runs, as while it is changed. Throws as the store does.
    asio::awaitable<bool> receive(std::string_view link, store::Inbound inbound);
    // Sends nothing more, waits for the answers and callbacks in flight, `until` at most, and unbinds.
    asio::awaitable<void> stop(base::Moment until);

private:
    using Carriers = std::vector<std::unique_ptr<Carrier>>;

    asio::awaitable<void> set_links(std::vector<LinkSettings> links);
    std::unique_ptr<Carrier> make(const LinkSettings& link, store::LinkKey key,
                                  std::optional<message::IdForm> learnt);
    asio::awaitable<void> finish(Carrier* carrier);
    asio::awaitable<void> release();

    std::vector<asio::io_context*> contexts_;
    std::size_t last_context_ = 0;
    store::Store& store_;
    base::Clock& clock_;
    Fleet fleet_;
    Outbound outbound_;
    Callbacks callbacks_;
    Carriers carriers_;  // in the order of the configuration
    Carriers leaving_;   // their links are over
    bool started_ = false;
    bool stopping_ = false;
};

}  // namespace tidings::relay
