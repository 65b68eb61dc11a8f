// SPDX-License-Identifier: Apache-2.0
// Listening, and dealing connections out to threads in turn. A connection stays on its thread, where one
// sweep looks after the deadlines of all; nothing is shared but counters and budgets.
//
// When there are no descriptors left, accepting pauses and strangers are closed, so that who has a key gets
// in again. A connection beyond connections_max takes the place of the oldest stranger; where all are known,
// it gets a 503.
#include "http/server.hpp"

#include "base/log.hpp"
#include "base/spawn.hpp"
#include "http/connection.hpp"
#include "http/tls.hpp"

#include <fmt/format.h>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <stdexcept>

namespace tidings::http {

namespace asio = boost::asio;
using asio::ip::tcp;
using namespace std::chrono_literals;

namespace {

constexpr auto sweep_interval = 500ms;  // deadlines are met this exactly
constexpr auto accept_pause = 100ms;    // after a failed accept: mostly no file descriptor is free
constexpr auto accept_calm = 10s;       // without a failure it is said that all is well again
constexpr auto drain_look = 10ms;       // how often drain() counts what is left

std::string lowered_first(std::string text)
{
    if (!text.empty()) text[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(text[0])));
    return text;
}

tcp::acceptor listen_on(asio::io_context& context, const ServerOptions& options)
{
    std::string host = options.host.find(':') == std::string::npos ? options.host : "[" + options.host + "]";
    auto failure = [&](const std::string& why) {
        return std::runtime_error(fmt::format("cannot listen on {}:{}: {}", host, options.port, why));
    };
    boost::system::error_code error;
    // No other name is looked up: where a server listens must not depend on what a resolver says that day.
    auto address = asio::ip::make_address(options.host == "localhost" ? "127.0.0.1" : options.host, error);
    if (error) throw failure("the host is neither an IP address nor localhost");
    try {
        return {context, tcp::endpoint(address, options.port)};  // with SO_REUSEADDR
    } catch (const boost::system::system_error& refused) {
        throw failure(lowered_first(refused.code().message()));
    }
}

void close(tcp::socket& socket)
{
    boost::system::error_code ignored;
    socket.close(ignored);
}

// Who is late with a request is told so (408), for which the read is cancelled. In all other phases there is
// nobody who would read an answer.
void expire(Lifeline& lifeline)
{
    switch (lifeline.phase) {
    case Phase::handling: return;
    case Phase::header:
    case Phase::body: {
        lifeline.late = true;
        boost::system::error_code ignored;
        lifeline.socket->cancel(ignored);
        return;
    }
    case Phase::handshake:
    case Phase::idle:
    case Phase::skipping:
    case Phase::writing:
    case Phase::closing: return close(*lifeline.socket);
    }
    std::abort();
}

// Looks after the deadlines of all connections of a thread. One timer for all of them costs less than one for
// each, which would be set anew with each request.
asio::awaitable<void> sweep(std::shared_ptr<ServerState> state, Worker& worker)
{
    while (!state->stopping || !worker.empty()) {
        base::Moment now = state->clock.steady();
        worker.for_each([now](Lifeline& lifeline) {
            if (lifeline.deadline <= now) expire(lifeline);
        });
        co_await state->clock.wait_until(now + sweep_interval);
    }
}

void admit(const std::shared_ptr<ServerState>& state, Worker& worker, tcp::socket socket)
{
    const ServerOptions& options = state->options;
    // Beyond that not even a 503 is said: the socket closes as it is destroyed.
    if (state->connections >= options.connections_max + options.connections_over) return;
    auto connection = run_connection(Admission(state), worker, std::move(socket));
    base::spawn(worker.context->get_executor(), std::move(connection));
}

// Strangers give up descriptors for whoever comes next.
void make_room(const std::shared_ptr<ServerState>& state)
{
    for (Worker& worker : state->workers)
        asio::post(*worker.context, [state, &worker] { worker.close_oldest_stranger(nullptr); });
}

// Says once that something goes wrong, and once that it has not done so for a while.
class Trouble {
public:
    void failed(base::Moment now, const std::string& why)
    {
        if (!since_) base::log_warning("accepting connections pauses: {}", why);
        since_ = now;
    }
    void succeeded(base::Moment now)
    {
        if (!since_ || now - *since_ < accept_calm) return;
        since_.reset();
        base::log_info("accepting connections goes on");
    }

private:
    std::optional<base::Moment> since_;  // the last time; nothing: all is well
};

asio::awaitable<void> accept(std::shared_ptr<ServerState> state, std::shared_ptr<tcp::acceptor> acceptor)
{
    Trouble trouble;
    for (std::size_t next = 0;; next = (next + 1) % state->workers.size()) {
        Worker& worker = state->workers[next];
        auto [error, socket] =
            // The socket is made for its worker's io_context from the start: it could not be moved to another
            // one later.
            co_await acceptor->async_accept(*worker.context, asio::as_tuple(asio::use_awaitable));
        if (!acceptor->is_open()) co_return;
        if (!error) {
            trouble.succeeded(state->clock.steady());
            admit(state, worker, std::move(socket));
            continue;
        }
        trouble.failed(state->clock.steady(), error.message());
        make_room(state);
        co_await state->clock.wait_until(state->clock.steady() + accept_pause);
    }
}

// Runs on the worker's own thread.
void close_all(Worker& worker, bool (*which)(const Lifeline&))
{
    worker.for_each([which](Lifeline& lifeline) {
        if (which(lifeline)) close(*lifeline.socket);
    });
}

void close_everywhere(const std::shared_ptr<ServerState>& state, bool (*which)(const Lifeline&))
{
    for (Worker& worker : state->workers) {
        asio::post(*worker.context, [state, &worker, which] { close_all(worker, which); });
    }
}

}  // namespace

Server::Server(std::vector<asio::io_context*> contexts, base::Clock& clock, Router router,
               ServerOptions options)
    : state_(std::make_shared<ServerState>(clock, std::move(router), std::move(options)))
{
    for (asio::io_context* context : contexts) state_->workers.emplace_back(context);
    const ServerOptions& chosen = state_->options;
    if (!state_->budgets) state_->budgets = std::make_shared<Budgets>(bodies_max, large_requests_max);
    if (!chosen.certificate_file.empty() || !chosen.key_file.empty())
        state_->tls = server_tls(chosen.certificate_file, chosen.key_file);
    acceptor_ = std::make_shared<tcp::acceptor>(listen_on(*contexts.front(), chosen));
    port_ = acceptor_->local_endpoint().port();
}

Server::~Server()
{
    stop_accepting();
    state_->stopping = true;
}

void Server::start()
{
    for (Worker& worker : state_->workers) base::spawn(worker.context->get_executor(), sweep(state_, worker));
    base::spawn(acceptor_->get_executor(), accept(state_, acceptor_));
}

std::uint16_t Server::port() const { return port_; }

std::size_t Server::connections() const { return state_->connections; }

void Server::stop_accepting()
{
    // On its own thread, since acceptors are not safe from others, and with a share of it: the server may be
    // gone by then.
    asio::post(acceptor_->get_executor(), [acceptor = acceptor_] {
        boost::system::error_code ignored;
        acceptor->close(ignored);
    });
}

asio::awaitable<void> Server::drain(base::Moment until)
{
    stop_accepting();
    auto state = state_;
    state->stopping = true;
    // Nobody waits on these. All others end by themselves with the answer that they have begun, which says
    // so.
    close_everywhere(state, [](const Lifeline& lifeline) { return lifeline.phase == Phase::idle; });
    while (state->connections > 0 && state->clock.steady() < until) {
        co_await state->clock.wait_until(std::min(until, state->clock.steady() + drain_look));
    }
    close_everywhere(state, [](const Lifeline&) { return true; });
}

}  // namespace tidings::http
