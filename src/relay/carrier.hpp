// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "relay/receiver.hpp"
#include "relay/sender.hpp"

#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/io_context.hpp>

#include <atomic>
#include <memory>

namespace tidings::relay {

struct LinkSettings {
    smpp::LinkOptions smpp;
    Dialect dialect;
    bool by_route_only = false;  // without routes it carries nothing
    std::uint32_t rate = 0;      // submits a second over all its binds; 0: no limit
    DoubtPolicy in_doubt;
    bool full_trace = false;  // keeps the PDUs of its messages

    bool operator==(const LinkSettings&) const = default;
};

// The root of every loop of the relay. Cancellation is the ordinary end; anything else is a bug, and the
// store makes stopping safe.
void loop_ended(std::exception_ptr error);

// One link with its two sides and their loops, all on one thread of `context`.
class Carrier {
public:
    // `learnt`: how its receipts write ids, for settings that do not say so.
    Carrier(asio::io_context& context, LinkSettings settings, store::LinkKey key,
            std::optional<message::IdForm> learnt, const Fleet& fleet, store::Store& store,
            base::Clock& clock);

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
    // its end until `until`, and unbinds.
    asio::awaitable<void> leave(base::Moment until);
    // Afterwards: waits until it is known what became of everything that it submitted, and ends the loops.
    // Then it may be destroyed.
    asio::awaitable<void> finish();

private:
    using Loop = asio::awaitable<void>;
    struct Running {
        asio::cancellation_signal end;
        bool over = false;
    };

    smpp::LinkEvents events();
    Running& run(Loop loop);
    Loop run_link();
    Loop run_telling();
    Loop leave_here(base::Moment until);
    Loop finish_here();
    asio::awaitable<bool> is_idle_here();
    void trace(const smpp::PduSeen& seen);
    Loop pause();

    asio::io_context& context_;
    const LinkSettings settings_;
    const std::shared_ptr<Fitness> fitness_ = std::make_shared<Fitness>();
    ReceiptIds ids_;
    smpp::Link link_;
    const LinkParts parts_;
    Sender sender_;
    Receiver receiver_;
    std::vector<std::unique_ptr<Running>> loops_;
    Running* taking_ = nullptr;
    std::atomic<bool> unbound_{false};  // the link is over
};

}  // namespace tidings::relay
