// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "request.hpp"
#include "settings.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <memory>

namespace tidings::detail {

namespace asio = boost::asio;
namespace beast = boost::beast;

inline constexpr std::size_t answer_max = 64 << 20;  // a gateway's answers are far below

// A connection to the gateway, by TCP or TLS, for one exchange after the other. Lives on one strand.
class Connection : public std::enable_shared_from_this<Connection> {
public:
    Connection(const asio::any_io_executor& executor, const Settings& settings, asio::ssl::context& tls);

    // Success means that a request can be sent. timed_out, or what the network says.
    asio::awaitable<boost::system::error_code> open();
    // Success means that the whole answer is there.
    asio::awaitable<boost::system::error_code> exchange(const http::request<http::string_body>& request);

    bool is_open() const { return is_open_; }  // and may be used again
    // Whether the peer closed it, or said what nobody asked for, while it was idle.
    bool is_stale();
    void close();  // whoever waits for it gets operation_aborted
    Answer take_answer();

private:
    using tcp = asio::ip::tcp;

    void expire_after(std::chrono::milliseconds time);
    boost::system::error_code expired_or(boost::system::error_code error);
    asio::awaitable<boost::system::error_code> connect();
    asio::awaitable<boost::system::error_code> shake_hands();
    template <class Stream>
    asio::awaitable<boost::system::error_code> exchange_on(Stream& stream,
                                                           const http::request<http::string_body>& request);

    const Settings& settings_;
    tcp::resolver resolver_;
    tcp::socket socket_;
    std::optional<asio::ssl::stream<tcp::socket&>> tls_;
    asio::steady_timer deadline_;
    unsigned deadline_turn_ =
        0;  // so that a deadline of an earlier exchange, already on its way, does nothing
    bool is_late_ = false;
    bool is_open_ = false;
    beast::flat_buffer buffer_;
    std::optional<http::response_parser<http::string_body>> parser_;
};

}  // namespace tidings::detail
