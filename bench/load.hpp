// SPDX-License-Identifier: Apache-2.0
// An HTTP client that costs little: one prebuilt request, sent again and again over keep-alive connections,
// of whose answers the status is read and the rest skipped by its Content-Length.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstdint>
#include <exception>
#include <functional>
#include <string>
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
    };

    Load(asio::io_context& context, Options options);

    void stop() { stopping_ = true; }
    std::uint64_t accepted() const { return accepted_; }  // answered 202
    std::uint64_t refused() const { return refused_; }    // answered otherwise
    void require_success() const;  // throws if a connection broke or a request was not answered 202
    // Microseconds from when the request was to be sent to the end of its answer.
    const std::vector<std::uint32_t>& latencies() const { return latencies_; }
    void forget_latencies() { latencies_.clear(); }

private:
    asio::awaitable<void> run();
    asio::awaitable<SteadyTime> turn(asio::steady_timer& timer);

    Options options_;
    SteadyTime begin_ = std::chrono::steady_clock::now();
    std::uint64_t turns_ = 0;
    bool stopping_ = false;
    std::uint64_t accepted_ = 0;
    std::uint64_t refused_ = 0;
    std::exception_ptr failure_;
    std::vector<std::uint32_t> latencies_;
};

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
