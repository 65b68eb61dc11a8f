// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/uuid_source.hpp"
#include "http/server.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>

#include <atomic>
#include <deque>
#include <list>
#include <memory>
#include <optional>

namespace tidings::http {

enum class Phase {
    handshake,
    idle,      // between requests
    header,    // part of a request line or of headers is here
    body,      // the headers are, the body is not
    skipping,  // it was answered already, and its body is still coming
    handling,  // has no deadline of ours
    writing,
    closing,  // everything is written; waiting for the peer to close
};

// What others on the same thread may know of a connection, and do to it.
struct Lifeline {
    boost::asio::ip::tcp::socket* socket = nullptr;
    Phase phase = Phase::handshake;
    base::Moment deadline{};
    bool late = false;     // the deadline has passed while it was reading; it may still answer 408
    bool stranger = true;  // no operation has let it in yet
    std::list<Lifeline*>::iterator place{};
};

// The connections of one io_context; touched by its thread only.
class Worker {
public:
    explicit Worker(boost::asio::io_context* its_context) : context(its_context) {}

    void add(Lifeline& lifeline) { lifeline.place = strangers_.insert(strangers_.end(), &lifeline); }
    void remove(const Lifeline& lifeline) { (lifeline.stranger ? strangers_ : known_).erase(lifeline.place); }
    void know(Lifeline& lifeline);
    // Closes the connection that has been a stranger for longest. False: there is none, apart from
    // `newcomer`.
    bool close_oldest_stranger(const Lifeline* newcomer);

    bool empty() const { return strangers_.empty() && known_.empty(); }
    template <class Use>
    void for_each(Use use)
    {
        for (std::list<Lifeline*>* list : {&strangers_, &known_})
            for (Lifeline* lifeline : *list) use(*lifeline);
    }

    boost::asio::io_context* const context;

private:
    std::list<Lifeline*> strangers_;  // oldest first
    std::list<Lifeline*> known_;      // and strangers that are being closed
};

// What connections share with their server and may outlive it with. Holds nothing that belongs to an
// io_context.
struct ServerState {
    base::Clock& clock;
    Router router;
    ServerOptions options;
    base::UuidSource ids{clock};
    std::optional<boost::asio::ssl::context> tls;
    std::shared_ptr<Budgets> budgets = options.budgets;  // shared with other listeners
    std::deque<Worker> workers;
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

// The life of one connection, with or without TLS as the server has it. When there are too many it takes the
// place of a stranger; where all are known, one request is read and answered 503, unless its operation is for
// that case, too.
boost::asio::awaitable<void> run_connection(Admission admission, Worker& worker,
                                            boost::asio::ip::tcp::socket socket);

}  // namespace tidings::http
