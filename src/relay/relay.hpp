// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "http/client.hpp"
#include "relay/callbacks.hpp"
#include "relay/links.hpp"

#include <boost/asio/io_context.hpp>

namespace tidings::relay {

// All loops between the store and the world: dispatch, links, callbacks, and the release of what becomes due.
class Relay {
public:
    // The threads of `contexts` share the links; callbacks and dispatch live on the first, and so does every
    // call here. All references outlive it.
    Relay(std::vector<asio::io_context*> contexts, store::Store& store, http::Client& client,
          base::Clock& clock, DefaultBodies bodies);
    ~Relay();

    // Once.
    asio::awaitable<void> start(std::vector<LinkSettings> links);
    // Afterwards, one call at a time: see Links::change().
    asio::awaitable<void> change_links(std::vector<LinkSettings> links, base::Moment until,
                                       std::string restarted = {})
    {
        return links_.change(std::move(links), until, std::move(restarted));
    }
    // Sends nothing more, waits for the answers and callbacks in flight, `until` at most, and closes the
    // links. What the store does not take until then is due at the next start.
    asio::awaitable<void> stop(base::Moment until);

private:
    asio::awaitable<void> release();

    asio::io_context& context_;
    store::Store& store_;
    base::Clock& clock_;
    Fleet fleet_;
    Ways ways_;
    Dispatcher dispatcher_;
    Links links_;
    Callbacks callbacks_;
    bool stopping_ = false;
};

}  // namespace tidings::relay
