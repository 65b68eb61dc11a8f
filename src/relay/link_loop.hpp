// SPDX-License-Identifier: Apache-2.0
// The loop that drives one link, whatever it speaks: it takes messages from the link's queue at the link's
// pace, submits their parts while there is room, records what the carrier answered, decides on what is in
// doubt, stores what the carrier delivers and acknowledges it, and tells how the link does. All of that
// happens on one thread, that of its io_context.
//
// The end of a link comes in steps, because nothing that a carrier has may be forgotten (link_state.hpp):
//
//     leave()       gives back what waits, lets what was begun finish, closes the link; a successor may come
//     take_begun()  what has a part at the carrier, for the successor
//     give_up()     again and again, until it is known what became of everything
//     finish()      ends the coroutines; it may be destroyed
#pragma once

#include "relay/loop_settings.hpp"
#include "relay/receiver.hpp"
#include "relay/submitter.hpp"

#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/io_context.hpp>

#include <memory>

namespace tidings::relay {

// The root of every loop of the relay. Cancellation is the ordinary end; anything else is a bug, and the
// store makes stopping safe.
void loop_ended(std::exception_ptr error);

// What the links share. All of it outlives them.
struct Surroundings {
    const Fleet& fleet;
    const Ways& ways;
    store::Store& store;
    base::Clock& clock;
};

class LinkLoop {
public:
    using MakeLink = std::function<std::unique_ptr<Link>(asio::any_io_executor, LinkEvents)>;

    // Throws as `make` does.
    LinkLoop(asio::io_context& context, LoopSettings settings, store::LinkKey key,
             const Surroundings& surroundings, const MakeLink& make);

    store::LinkKey key() const { return parts_.key; }
    const std::string& name() const { return settings_.name; }
    std::shared_ptr<const Fitness> fitness() const { return fitness_; }
    bool has_given_up() const { return life_.state() == LinkState::abandoned; }

    // From any thread.
    void start();
    // For the end of the process: submits nothing more; then closes. What was not submitted is on disk.
    void stop_sending();
    asio::awaitable<bool> is_idle();
    void close();
    bool is_closed() const { return link_is_over(life_.state()); }

    // For a link that is configured no more, or otherwise. What was begun may come to its end until `until`.
    asio::awaitable<void> leave(base::Moment until);
    asio::awaitable<std::vector<Begun>> take_begun();
    void adopt(std::vector<Begun> begun);
    asio::awaitable<bool> give_up();
    asio::awaitable<void> finish();

private:
    using Loop = asio::awaitable<void>;
    struct Running {
        asio::cancellation_signal end;
        bool over = false;
    };

    LinkEvents events();
    Running& run(Loop loop);
    Loop run_link();
    Loop run_telling();
    Loop tell();
    store::LinkStatus status() const;
    Loop leave_here(base::Moment until);
    Loop finish_here();
    asio::awaitable<bool> is_idle_here();
    asio::awaitable<std::vector<Begun>> take_begun_here();
    asio::awaitable<bool> give_up_here();
    void trace(store::TracedPdu traced);
    Loop pause();

    asio::io_context& context_;
    const LoopSettings settings_;
    LinkLife life_;
    const std::shared_ptr<Fitness> fitness_ = std::make_shared<Fitness>();  // shared with the fleet
    const std::unique_ptr<Link> link_;
    const LinkParts parts_;
    Submitter submitter_;
    Receiver receiver_;
    store::LinkStatus told_;
    std::vector<std::unique_ptr<Running>> loops_;
    Running* taking_ = nullptr;
};

}  // namespace tidings::relay
