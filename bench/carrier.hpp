// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "smpp/server.hpp"

#include <boost/asio/io_context.hpp>

#include <chrono>
#include <deque>
#include <functional>
#include <unordered_map>
#include <vector>

namespace tidings::bench {

namespace asio = boost::asio;

// What a carrier does with one submit.
struct Conduct {
    enum class Receipt { at_once, later, never };

    std::uint32_t status = smpp::status::ok;
    bool closes = false;                 // the connection, in place of an answer
    std::chrono::milliseconds after{0};  // is when the answer goes
    std::string id{};                    // empty: one of its own
    Receipt receipt = Receipt::at_once;
};

// The carrier at the other end: accepts every submit at once and then sends its receipt, unless it is told
// otherwise. Counts what the gateway has acknowledged, which it does when the report is on disk.
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

    // Asked about each submit. Empty: it does what it always does.
    std::function<Conduct(const smpp::ShortMessage&)> conduct;
    void send_late_receipts();

private:
    struct Owed {
        std::string id;
        smpp::Address source, destination;
    };

    smpp::ServerEvents events();
    asio::awaitable<void> run();
    void submitted(smpp::ShortMessage message, const smpp::Ticket& ticket);
    void answer(smpp::ShortMessage message, const smpp::Ticket& ticket, Conduct conduct);
    void answered(std::uint64_t token, std::uint32_t status);
    void deliver(smpp::SessionId session);

    asio::io_context& context_;
    const Answers answers_;
    std::uint64_t submitted_ = 0;
    std::uint64_t arrived_ = 0;
    bool stopped_ = false;
    std::uint64_t last_token_ = 0;
    smpp::SessionId last_session_ = 0;  // over which something was submitted
    std::deque<Owed> owed_;
    std::vector<Owed> late_;
    std::unordered_map<std::uint64_t, Owed> in_flight_;  // by token
    smpp::Server server_;
};

}  // namespace tidings::bench
