// SPDX-License-Identifier: Apache-2.0
// An HTTP client that costs little, since it shares the machine with the gateway: one prebuilt request, sent
// again and again over keep-alive connections, mostly by one system call, of whose answers the status is read
// and the rest skipped by its Content-Length. One timer serves all connections.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstdint>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tidings::bench {

namespace asio = boost::asio;
using SteadyTime = std::chrono::steady_clock::time_point;

class Load {
public:
    struct Options {
        std::uint16_t port = 0;
        std::string request;
        std::function<void(std::string& request)> vary = [](std::string&) {};  // called before each request
        std::size_t connections = 1;
        // Requests per second, sent when their time comes and not when an answer allows it; 0: as fast as
        // answered.
        double rate = 0;
        std::function<bool()> may_send = [] { return true; };  // closed loop: asked before each request
        // Of each request and when it was to be sent; may be empty.
        std::function<void(std::string_view request, SteadyTime due)> on_accepted;
    };

    // Connects at once, and sends as soon as the context runs.
    Load(asio::io_context& context, Options options);
    Load(const Load&) = delete;

    void stop() { stopping_ = true; }
    bool is_idle() const { return idle_.size() == connections_.size(); }  // nothing is under way
    std::uint64_t accepted() const { return accepted_; }                  // answered 202
    std::uint64_t refused() const { return refused_; }                    // answered otherwise
    void require_success() const;  // throws if a connection broke or a request was not answered 202
    // Microseconds from when the request was to be sent to the end of its answer.
    const std::vector<std::uint32_t>& latencies() const { return latencies_; }
    void forget_latencies() { latencies_.clear(); }

private:
    struct Connection {
        Connection(asio::io_context& context, const std::string& text) : socket(context), request(text) {}

        asio::ip::tcp::socket socket;
        std::string request;
        SteadyTime due{};                                        // when the request in hand was to be sent
        std::vector<char> buffer = std::vector<char>(64 << 10);  // the answer to 100 messages, in one go
        std::size_t size = 0;                                    // of a head that is not whole yet
        std::size_t missing = 0;                                 // of a body
        bool is_accepted = false;
    };

    void send_what_may_go();
    std::optional<SteadyTime> next_turn();
    void look_again(SteadyTime when);
    void send(Connection& connection);
    void read(Connection& connection);
    void take(Connection& connection, std::size_t size);
    void answered(Connection& connection);
    void fail(const boost::system::error_code& error);

    Options options_;
    asio::steady_timer timer_;
    bool timer_is_set_ = false;
    SteadyTime begin_ = std::chrono::steady_clock::now();
    std::uint64_t turns_ = 0;
    bool stopping_ = false;
    std::uint64_t accepted_ = 0;
    std::uint64_t refused_ = 0;
    std::exception_ptr failure_;
    std::vector<std::uint32_t> latencies_;
    std::vector<std::unique_ptr<Connection>> connections_;
    std::deque<Connection*> idle_;  // they take turns
};

constexpr std::size_t content_digits = 11;

// Lets no two messages of requests that post_request made be the same: their contents begin with a number,
// and they go to 100,000 handsets in turn.
class Variation {
public:
    explicit Variation(const std::string& request);
    void operator()(std::string& request);
    void operator()(std::string& request, std::uint64_t number) const;  // of its first message

private:
    std::vector<std::size_t> contents_, handsets_;  // where their digits begin
    std::uint64_t count_ = 0;
};

// Replaces the digits of `text` from there on.
void write_number(std::string& text, std::size_t at, std::size_t digits, std::uint64_t number);

// A request with a JSON body.
std::string json_request(const std::string& line, const std::string& authorization, const std::string& body);

// POST /v1/messages with `count` messages of usual length, all with a delivery report.
std::string post_request(std::size_t count, const std::string& authorization,
                         const std::string& callback_url = {}, const std::string& prefix = "+6149");

}  // namespace tidings::bench
