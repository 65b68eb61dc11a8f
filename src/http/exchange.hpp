// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/wakeup.hpp"
#include "http/connection_pool.hpp"
#include "http/resolver.hpp"

#include <list>
#include <memory>
#include <optional>

namespace tidings::http {

class Exchange;

// What requests share with their client and may outlive it with. Its context outlives it.
struct ClientState {
    ClientState(boost::asio::any_io_executor its_executor, base::Clock& its_clock, ClientOptions its_options)
        : executor(std::move(its_executor)), clock(its_clock), options(std::move(its_options))
    {
    }

    const boost::asio::any_io_executor executor;
    base::Clock& clock;
    const ClientOptions options;
    boost::asio::ssl::context tls = client_tls(options.ca_file);
    Resolver resolver{executor, clock, &look_up};
    ConnectionPool pool{options.connections_max};
    std::list<Exchange*> exchanges{};  // that are under way
    bool is_swept = false;             // somebody looks after deadlines
};

// A request on its way to its answer.
class Exchange {
public:
    enum class Stop { late, aborted };

    // All three must outlive it.
    Exchange(ClientState& state, const ClientRequest& request, Destination& to);
    ~Exchange();
    Exchange(const Exchange&) = delete;
    Exchange& operator=(const Exchange&) = delete;

    boost::asio::awaitable<ClientResult> run();

    base::Moment until() const { return until_; }  // when what it does now is late
    void stop(Stop why);

private:
    using Failure = std::optional<ClientFailure>;

    boost::asio::awaitable<Failure> open();
    boost::asio::awaitable<Failure> connect(const std::vector<boost::asio::ip::address>& addresses);
    boost::asio::awaitable<Failure> shake_hands();
    ClientFailure stopped() const;

    ClientState& state_;
    const ClientRequest& request_;
    Destination& to_;
    const base::Moment deadline_;  // of everything
    base::Moment connected_by_ = deadline_;
    base::Moment until_ = deadline_;
    std::unique_ptr<ClientConnection> connection_{};
    base::Wakeup woken_;       // while a name is looked up
    bool is_stopped_ = false;  // what it does now
    bool is_aborted_ = false;
    bool is_connected_ = false;
    std::list<Exchange*>::iterator place_;
};

}  // namespace tidings::http
