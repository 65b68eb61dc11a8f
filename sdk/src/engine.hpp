// SPDX-License-Identifier: Apache-2.0
// All I/O of a client: a pool of connections, and requests that are repeated where that is safe. It runs on
// one strand, so that nothing in it needs a lock.
#pragma once

#include "connection.hpp"
#include "request.hpp"
#include "settings.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/strand.hpp>

#include <list>
#include <memory>
#include <random>
#include <vector>

namespace tidings::detail {

class Engine : public std::enable_shared_from_this<Engine> {
public:
    // Throws an Error if there is no such file with certificates.
    Engine(const asio::any_io_executor& executor, std::shared_ptr<const Settings> settings);

    const Settings& settings() const { return *settings_; }
    const asio::any_io_executor& executor() const { return executor_; }  // the strand

    // On the strand. Sends the request, again if need be; an answer that says no is an error.
    asio::awaitable<Result<Answer>> exchange(Request request);
    // On the strand. Ends everything with operation_aborted, now and from now on.
    void close();

private:
    class Lease;
    class Waiting;

    asio::awaitable<Result<Answer>> try_once(const Request& request);
    asio::awaitable<boost::system::error_code> take_turn();
    asio::awaitable<boost::system::error_code> pause(std::chrono::milliseconds time);
    asio::awaitable<bool> is_cancelled();
    std::shared_ptr<Connection> idle_or_new();
    void release(std::shared_ptr<Connection> connection);
    std::optional<std::chrono::milliseconds> delay_before_next(const Request& request,
                                                               const Result<Answer>& answer, int attempt);
    http::request<http::string_body> signed_request(const Request& request) const;

    std::shared_ptr<const Settings> settings_;
    asio::any_io_executor executor_;
    asio::ssl::context tls_;
    std::vector<std::shared_ptr<Connection>> idle_;  // the one used last at the back
    std::list<Connection*> leased_;
    std::size_t turns_left_;
    std::list<Waiting*> queue_;  // for a turn
    std::list<asio::steady_timer*> pauses_;
    std::minstd_rand random_{std::random_device()()};
    bool is_closed_ = false;
};

}  // namespace tidings::detail
