// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "relay/receiver.hpp"
#include "relay/submitter.hpp"

#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/io_context.hpp>

#include <atomic>
#include <memory>

namespace tidings::relay {

struct LinkSettings {
    smpp::ClientOptions smpp;
    Dialect dialect;
    bool by_route_only = false;  // without routes it carries nothing
    SendPolicy sending;
    bool full_trace = false;  // keeps the PDUs of its messages

    bool operator==(const LinkSettings&) const = default;
};

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

// One link with its two sides and their loops, all on one thread of `context`.
class LinkLoop {
public:
    // `learnt`: how its receipts write ids, for settings that do not say so.
    LinkLoop(asio::io_context& context, LinkSettings settings, store::LinkKey key,
            std::optional<message::IdForm> learnt, const Surroundings& surroundings);

    const LinkSettings& settings() const { return settings_; }
    store::LinkKey key() const { return parts_.key; }
    std::shared_ptr<const Fitness> fitness() const { return fitness_; }

    // From any thread.
    void start();
    // For the end of the process: submits nothing more; then unbinds. What was not submitted is on disk.
    void stop_sending();
    asio::awaitable<bool> is_idle();
    void unbind();
    bool unbound() const { return unbound_; }

    // For a link that is configured no more, or otherwise: gives back what waits, lets what was begun come to
    // its end until `until`, and unbinds. Then its successor may be made.
    asio::awaitable<void> leave(base::Moment until);
    // Afterwards, again and again until give_up() says that it is known what became of everything that it
    // submitted: what could not come to its end goes back, but what has a part at the carrier to the
    // successor.
    asio::awaitable<std::vector<Begun>> take_begun();
    void adopt(std::vector<Begun> begun);
    asio::awaitable<bool> give_up();
    // Then: ends the loops. It may be destroyed.
    asio::awaitable<void> finish();

private:
    using Loop = asio::awaitable<void>;
    struct Running {
        asio::cancellation_signal end;
        bool over = false;
    };

    smpp::ClientEvents events();
    Running& run(Loop loop);
    Loop run_link();
    Loop run_telling();
    Loop leave_here(base::Moment until);
    Loop finish_here();
    asio::awaitable<bool> is_idle_here();
    asio::awaitable<std::vector<Begun>> take_begun_here();
    asio::awaitable<bool> give_up_here();
    void trace(const smpp::PduSeen& seen);
    Loop pause();

    asio::io_context& context_;
    const LinkSettings settings_;
    const std::shared_ptr<Fitness> fitness_ = std::make_shared<Fitness>();
    ReceiptIds ids_;
    smpp::Client link_;
    const LinkParts parts_;
    Submitter submitter_;
    Receiver receiver_;
    std::vector<std::unique_ptr<Running>> loops_;
    Running* taking_ = nullptr;
    std::atomic<bool> unbound_{false};  // the link is over
};

}  // namespace tidings::relay
