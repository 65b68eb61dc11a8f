// SPDX-License-Identifier: Apache-2.0
#include "connection.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>

#include <sys/socket.h>

namespace tidings::detail {

using boost::system::error_code;

Connection::Connection(const asio::any_io_executor& executor, const Settings& settings,
                       asio::ssl::context& tls)
    : settings_(settings), resolver_(executor), socket_(executor), deadline_(executor)
{
    if (settings.is_tls) tls_.emplace(socket_, tls);
}

void Connection::expire_after(std::chrono::milliseconds time)
{
    is_late_ = false;
    deadline_.expires_after(time);
    deadline_.async_wait([weak = weak_from_this(), turn = ++deadline_turn_](error_code error) {
        auto self = weak.lock();
        if (error || !self || self->deadline_turn_ != turn) return;
        self->is_late_ = true;
        self->close();
    });
}

error_code Connection::expired_or(error_code error)
{
    ++deadline_turn_;
    deadline_.cancel();
    if (error) close();
    return error && is_late_ ? make_error_code(errc::timed_out) : error;
}

asio::awaitable<error_code> Connection::connect()
{
    error_code error;
    auto token = asio::redirect_error(asio::use_awaitable, error);
    auto endpoints = co_await resolver_.async_resolve(settings_.host, settings_.port, token);
    if (error) co_return error;
    co_await asio::async_connect(socket_, endpoints, token);
    if (error) co_return error;
    socket_.set_option(tcp::no_delay(true), error);
    co_return error;
}

asio::awaitable<error_code> Connection::shake_hands()
{
    if (!tls_) co_return error_code();
    error_code is_name;  // and no address, which may not be told to the server (RFC 6066, 3)
    asio::ip::make_address(settings_.host, is_name);
    if (is_name) SSL_set_tlsext_host_name(tls_->native_handle(), settings_.host.c_str());
    error_code error;
    tls_->set_verify_callback(asio::ssl::host_name_verification(settings_.host), error);
    if (error) co_return error;
    auto token = asio::redirect_error(asio::use_awaitable, error);
    co_await tls_->async_handshake(asio::ssl::stream_base::client, token);
    co_return error;
}

asio::awaitable<error_code> Connection::open()
{
    expire_after(settings_.options.connect_timeout);
    error_code error = co_await connect();
    if (!error) error = co_await shake_hands();
    error = expired_or(error);
    is_open_ = !error;
    co_return error;
}

template <class Stream>
asio::awaitable<error_code> Connection::exchange_on(Stream& stream,
                                                    const http::request<http::string_body>& request)
{
    error_code error;
    auto token = asio::redirect_error(asio::use_awaitable, error);
    co_await http::async_write(stream, request, token);
    if (error) co_return error;
    parser_.emplace();
    parser_->body_limit(answer_max);
    co_await http::async_read(stream, buffer_, *parser_, token);
    co_return error;
}

asio::awaitable<error_code> Connection::exchange(const http::request<http::string_body>& request)
{
    expire_after(settings_.options.timeout);
    error_code error;
    if (tls_)
        error = co_await exchange_on(*tls_, request);
    else
        error = co_await exchange_on(socket_, request);
    error = expired_or(error);
    if (!error && !parser_->keep_alive()) close();
    co_return error;
}

bool Connection::is_stale()
{
    char octet;
    auto got = ::recv(socket_.native_handle(), &octet, 1, MSG_PEEK | MSG_DONTWAIT);
    return got >= 0 || (errno != EAGAIN && errno != EWOULDBLOCK) || buffer_.size() > 0;
}

void Connection::close()
{
    error_code ignored;  // closing is all that can be done
    is_open_ = false;
    resolver_.cancel();
    socket_.close(ignored);
}

Answer Connection::take_answer()
{
    auto& message = parser_->get();
    Answer answer;
    answer.status = static_cast<int>(message.result_int());
    answer.request_id = std::string(message["X-Request-Id"]);
    answer.retry_after = std::string(message[http::field::retry_after]);
    answer.body = std::move(message.body());
    return answer;
}

}  // namespace tidings::detail
