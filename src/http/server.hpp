// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.hpp"
#include "base/side_threads.hpp"
#include "http/fair_budget.hpp"
#include "http/router.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace tidings::http {

struct ServerState;

constexpr std::size_t bodies_max =
    256 << 20;  // 32 of the largest bodies, in a process that otherwise has 100 MiB

// Large requests in hand, mostly waiting for a side thread: some seconds of work.
constexpr std::size_t large_requests_max = 256;

// A body of more is answered on a side thread: to read 100 messages in as much takes a millisecond and more,
// for which other connections of the io thread would wait. Requests of 100 usual messages have 30 KiB.
constexpr std::size_t large_body_min = 64 << 10;

struct ServerOptions {
    std::string host = "127.0.0.1";  // an address, or "localhost"
    std::uint16_t port = 8080;       // 0: any free one, see Server::port()

    // PEM files; both or none. With them the listener speaks TLS 1.2 and above, and nothing else.
    std::string certificate_file;
    std::string key_file;

    std::size_t header_max = 16 << 10;  // request line and headers; the largest signed SDK request has 1 KiB
    std::size_t body_max = 12 << 20;    // 100 messages, all fields full, every character escaped: 10.2 MiB
    std::size_t connections_max = 10'000;  // at 20 KiB each, 200 MiB
    // Over connections_max: they are told so by a 503, or answered if the operation says so. Still more are
    // cut.
    std::size_t connections_over = 256;

    // Shared by the listeners of a process and by their connections, which may end after them. Null:
    // bodies_max and large_requests_max for this listener alone.
    std::shared_ptr<Budgets> budgets;
    // Where requests with large bodies are answered. Null: on the io threads, like others.
    base::SideThreads* side_threads = nullptr;

    std::chrono::milliseconds header_timeout{
        10'000};  // from the first byte of a request, or for a TLS handshake
    std::chrono::milliseconds body_timeout{60'000};  // from the end of the headers: body_max at 205 KiB/s
    std::chrono::milliseconds idle_timeout{
        75'000};  // between requests; above the 60 s of common load balancers
    std::chrono::milliseconds write_timeout{30'000};  // for the peer to take an answer
};

// An HTTP/1.1 listener. Connections are dealt round robin to the io_contexts, each of which must be run by
// exactly one thread; a connection and its handlers stay on theirs, apart from requests with large bodies.
// Answers 404, 405, 500 and everything that is wrong with a request by itself, always in JSON.
class Server {
public:
    // Binds and listens, but accepts nothing before start(). Throws std::runtime_error with one clear
    // sentence when it cannot listen or cannot use the TLS files. `contexts` and `clock` must outlive the
    // server.
    Server(std::vector<boost::asio::io_context*> contexts, base::Clock& clock, Router router,
           ServerOptions options);
    // Closes the listener; connections end with their io_contexts. Call drain() before for a graceful end.
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    void start();
    std::uint16_t port() const;
    std::size_t connections() const;  // open now, on all threads

    // Both from any thread. New connections are refused by the system from here on; open ones go on.
    void stop_accepting();
    // Stops accepting, closes idle connections, lets requests in hand finish and answers them with
    // Connection: close. What is still open at `until` is cut. Completes when nothing is open, provided the
    // io_contexts still run.
    boost::asio::awaitable<void> drain(base::Moment until);

private:
    std::shared_ptr<ServerState> state_;  // shared with the connections, which may end after the server
    std::shared_ptr<boost::asio::ip::tcp::acceptor> acceptor_;  // shared with the coroutine that accepts
    std::uint16_t port_ = 0;
};

}  // namespace tidings::http
