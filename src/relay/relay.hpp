// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "http/client.hpp"
#include "relay/callbacks.hpp"
#include "relay/link_loop.hpp"
#include "relay/dispatcher.hpp"

#include <boost/asio/io_context.hpp>

#include <memory>

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
    // Afterwards, one call at a time: these links instead. Those that stay the same go on undisturbed. Each
    // of the others may finish what it has begun, `until` at most, and is replaced as soon as it has; what
    // waits for one that is no more becomes due again. Waits for the store; ends early, with whatever is
    // done, after stop().
    asio::awaitable<void> change_links(std::vector<LinkSettings> links, base::Moment until);
    // A message that came by another way than the link's binds. True: it is on disk. False: there is no such
    // link. Throws as the store does.
    asio::awaitable<bool> receive(std::string_view link, store::Inbound inbound);
    // Sends nothing more, waits for the answers and callbacks in flight, `until` at most, and unbinds. What
    // the store does not take until then is due at the next start.
    asio::awaitable<void> stop(base::Moment until);

private:
    using Loops = std::vector<std::unique_ptr<LinkLoop>>;
    // A link of the configuration. A link keeps its key as long as it keeps its name, and what waits for it
    // waits on even while it has no carrier, or if none can be made.
    struct Wanted {
        LinkSettings settings;
        store::LinkKey key{};
        std::optional<message::IdForm> learnt;
        bool failed = false;  // it could not be made
    };
    enum class Started { first, again };

    asio::awaitable<std::vector<Wanted>> look_up(std::vector<LinkSettings> links);
    asio::awaitable<void> open_queues();
    void part_from(base::Moment until);
    asio::awaitable<void> replace(LinkLoop* loop, base::Moment until);
    asio::awaitable<void> finish(LinkLoop* loop);
    asio::awaitable<void> hand_on(LinkLoop& loop);
    bool is_coming(store::LinkKey key) const;
    void make_links(Started when);
    std::unique_ptr<LinkLoop> make(const Wanted& wanted, Started when);
    bool must_wait(const Wanted& wanted) const;
    LinkLoop* find(store::LinkKey key) const;
    void tell_fleet();
    std::vector<LinkLoop*> all() const;
    asio::awaitable<void> release();

    std::vector<asio::io_context*> contexts_;
    std::size_t last_context_ = 0;
    store::Store& store_;
    base::Clock& clock_;
    Fleet fleet_;
    Ways ways_;
    Dispatcher dispatcher_;
    Callbacks callbacks_;
    std::vector<Wanted> wanted_;   // in the order of the configuration
    Loops loops_;            // of these
    Loops leaving_;             // their links are over
    std::vector<LinkLoop*> going_;  // of those that are leaving: still bound
    std::size_t replacing_ = 0;    // under way
    base::Signal replaced_;
    bool stopping_ = false;
};

}  // namespace tidings::relay
