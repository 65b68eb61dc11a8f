// SPDX-License-Identifier: Apache-2.0
// The links that there are, and how they come and go with the configuration.
//
// A link keeps its key as long as it keeps its name, and what waits for it waits on even while it has no
// loop, or if none can be made. When the configuration is read again, links that stay the same go on
// undisturbed; each of the others leaves by itself (link_loop.hpp), and its successor starts as soon as the
// queue, and the port if they listen on one, are free.
#pragma once

#include "relay/dispatcher.hpp"
#include "relay/link_loop.hpp"
#include "relay/make_link.hpp"

#include <boost/asio/io_context.hpp>

#include <memory>
#include <vector>

namespace tidings::relay {

class Links {
public:
    // The threads of `contexts` share the links; every call here is on the first. All references outlive it.
    Links(std::vector<asio::io_context*> contexts, Fleet& fleet, const Surroundings& surroundings,
          Dispatcher& dispatcher, LinkMaker make);

    // Once. Throws when a link cannot be made.
    asio::awaitable<void> start(std::vector<LinkSettings> links);
    // Afterwards, one call at a time: these links instead. Each of those that go may finish what it has
    // begun, `until` at most; what waits for one that is no more becomes due again. Links that gave up begin
    // anew, and so does the one with the name `restarted`, if it is not empty. Waits for the store; ends
    // early, with whatever is done, after stop().
    asio::awaitable<void> change(std::vector<LinkSettings> links, base::Moment until,
                                 std::string restarted = {});

    // For the end of the process: no link submits anything more.
    void stop_sending();
    asio::awaitable<bool> is_idle();
    void close();
    bool are_closed() const;

private:
    struct Running {
        LinkSettings settings;
        std::unique_ptr<LinkLoop> loop;
    };
    // A link of the configuration.
    struct Wanted {
        LinkSettings settings;
        store::LinkKey key{};
        std::optional<message::IdForm> learnt;
        bool failed = false;  // it could not be made

        const std::string& name() const { return settings.loop.name; }
    };
    enum class Started { first, again };

    asio::awaitable<std::vector<Wanted>> look_up(std::vector<LinkSettings> links);
    asio::awaitable<void> open_queues();
    void part_from(base::Moment until, const std::string& restarted);
    asio::awaitable<void> replace(Running* leaving, base::Moment until);
    asio::awaitable<void> finish(LinkLoop* loop);
    asio::awaitable<void> hand_on(LinkLoop& loop);
    bool is_coming(store::LinkKey key) const;
    void make_loops(Started when);
    std::unique_ptr<LinkLoop> make(const Wanted& wanted, Started when);
    bool must_wait(const Wanted& wanted) const;
    LinkLoop* find(store::LinkKey key) const;
    void tell_fleet();
    asio::awaitable<void> tell_of_loopless();
    asio::awaitable<void> forget_failed(std::vector<Wanted> before);

    const std::vector<asio::io_context*> contexts_;
    std::size_t last_context_ = 0;
    Fleet& fleet_;
    const Surroundings surroundings_;
    store::Store& store_;
    base::Clock& clock_;
    Dispatcher& dispatcher_;
    const LinkMaker make_;
    std::vector<Wanted> wanted_;                     // in the order of the configuration
    std::vector<std::unique_ptr<Running>> running_;  // those of `wanted_` that have a loop
    std::vector<std::unique_ptr<Running>> leaving_;  // not wanted as they are
    std::vector<Running*> going_;                    // of those that are leaving: not yet closed
    std::size_t replacing_ = 0;                      // under way
    base::Wakeup replaced_;
    bool stopping_ = false;
};

}  // namespace tidings::relay
