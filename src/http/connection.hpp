// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/uuid.hpp"
#include "http/server.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>

#include <atomic>
#include <list>
#include <memory>
#include <optional>

namespace tidings::http {

enum class Phase {
    handshake,
    idle,      // between requests
    header,    // part of a request line or of headers is here
    body,      // the headers are, the body is not
    handling,  // has no deadline of ours
    writing,
    closing,  // everything is written; waiting for the peer to close
};

// What others on the same thread may know of a connection, and do to it.
struct Lifeline {
    boost::asio::ip::tcp::socket* socket = nullptr;
    Phase phase = Phase::handshake;
    base::Time deadline{};
    bool late = false;  // the deadline has passed while it was reading; it may still answer 408
};

// The connections of one io_context; touched by its thread only.
struct Worker {
    boost::asio::io_context* context;
    std::list<Lifeline*> lifelines;
};

// What connections share with their server and may outlive it with. Holds nothing that belongs to an
// io_context.
struct ServerState {
    base::Clock& clock;
    Router router;
    ServerOptions options;
    base::UuidSource ids{clock};
    std::optional<boost::asio::ssl::context> tls;
    std::vector<Worker> workers;
    std::atomic<std::size_t> connections{0};
    std::atomic<bool> stopping{false};
};

// Counts a connection for as long as it lives.
class Admission {
public:
    explicit Admission(std::shared_ptr<ServerState> state) : state_(std::move(state))
    {
        ++state_->connections;
    }
    Admission(Admission&& other) noexcept : state_(std::move(other.state_)) {}
    Admission& operator=(Admission&&) = delete;
    ~Admission()
    {
        if (state_) --state_->connections;
    }
    ServerState& state() const { return *state_; }

private:
    std::shared_ptr<ServerState> state_;
};

enum class Welcome { serve, turn_away };  // turn_away: one request is read and answered 503

// The life of one connection, with or without TLS as the server has it.
boost::asio::awaitable<void> run_connection(Admission admission, Worker& worker,
                                            boost::asio::ip::tcp::socket socket, Welcome welcome);

}  // namespace tidings::http
