// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "smpp/server.hpp"

#include <boost/asio/io_context.hpp>

#include <deque>
#include <unordered_map>

namespace tidings::bench {

namespace asio = boost::asio;

// The carrier at the other end: accepts every submit at once and then sends its receipt. Counts what the
// gateway has acknowledged, which it does when the report is on disk.
class Carrier {
public:
    enum class Answers { everything, nothing };
    Carrier(asio::io_context& context, base::Clock& clock, std::uint16_t port,
            Answers answers = Answers::everything);

    std::uint16_t port() const { return server_.port(); }
    std::uint64_t submitted() const { return submitted_; }
    std::uint64_t arrived() const { return arrived_; }  // receipts answered with OK
    bool stopped() const { return stopped_; }           // after stop(), when the last session is gone
    void stop() { server_.stop(); }

private:
    struct Owed {
        std::string id;
        smpp::Address source, destination;
    };

    smpp::ServerEvents events();
    asio::awaitable<void> run();
    void submitted(smpp::ShortMessage message, const smpp::Ticket& ticket);
    void answered(std::uint64_t token, std::uint32_t status);
    void deliver(smpp::SessionId session);

    const Answers answers_;
    std::uint64_t submitted_ = 0;
    std::uint64_t arrived_ = 0;
    bool stopped_ = false;
    std::uint64_t last_token_ = 0;
    std::deque<Owed> owed_;
    std::unordered_map<std::uint64_t, Owed> in_flight_;  // by token
    smpp::Server server_;
};

}  // namespace tidings::bench
