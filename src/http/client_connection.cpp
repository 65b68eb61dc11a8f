// SPDX-License-Identifier: Apache-2.0
// One exchange is one write and, with nearly all endpoints, one read. The socket does not block: what the
// kernel takes at once is sent without waiting for anything, from where it stands: the head from a buffer
// that the connection keeps, the body from the request.
//
// A peer may answer before it has read a large body. As long as something is left to send, whichever comes
// first is waited for, room or an answer; and where sending fails, what the peer said before may still be
// there to be read. Such a connection is not used again. (With TLS the answer is looked for when all is sent,
// or cannot be.)
#include "http/client_connection.hpp"

#include "base/together.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>
#include <array>

namespace tidings::http {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr auto no_exception = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t read_first = 4 << 10;   // holds what endpoints answer to a callback, ten times over
constexpr std::size_t read_more = 64 << 10;   // once a read was full
constexpr std::size_t buffer_kept = 4 << 10;  // for the next exchange, of each connection that waits for one

std::array<asio::const_buffer, 2> both(std::string_view head, std::string_view body)
{
    return {asio::buffer(head), asio::buffer(body)};
}

}  // namespace

void ClientConnection::Unsent::consume(std::size_t size)
{
    std::size_t of_head = std::min(size, head.size());
    head.remove_prefix(of_head);
    body.remove_prefix(size - of_head);
}

// A TLS connection says that it ends (RFC 8446, 6.1), where it ends in good order.
ClientConnection::~ClientConnection()
{
    error_code ignored;
    if (tls_ && is_clean()) tls_->shutdown(ignored);  // does not wait for the other side's word
}

asio::awaitable<error_code> ClientConnection::connect(tcp::endpoint peer)
{
    error_code error;
    socket_.close(error);
    socket_.open(peer.protocol(), error);
    if (error) co_return error;
    socket_.set_option(tcp::no_delay(true), error);
    socket_.non_blocking(true, error);
    co_await socket_.async_connect(peer, asio::redirect_error(asio::use_awaitable, error));
    co_return error;
}

asio::awaitable<error_code> ClientConnection::shake_hands(asio::ssl::context& context, const Origin& origin,
                                                          TlsSession& session)
{
    tls_.emplace(socket_, context);
    expect_host(tls_->native_handle(), origin.host, session);
    auto [error] = co_await tls_->async_handshake(asio::ssl::stream_base::client, no_exception);
    // It may be the session that the peer did not like.
    if (error) session.reset();
    co_return error;
}

std::string ClientConnection::handshake_failure(error_code error)
{
    return http::handshake_failure(tls_->native_handle(), error);
}

// As much as the kernel takes. An error is left to be found by who reads: something may be there to be read
// all the same.
void ClientConnection::send_now()
{
    error_code error;
    while (!error && !unsent_.empty())
        unsent_.consume(socket_.write_some(both(unsent_.head, unsent_.body), error));
    is_sent_ = !error;
    if (error != asio::error::would_block) unsent_ = {};
}

asio::awaitable<void> ClientConnection::send_tls()
{
    auto [error, size] = co_await asio::async_write(*tls_, both(unsent_.head, unsent_.body), no_exception);
    is_sent_ = !error;
    unsent_ = {};
}

// An error is left to whoever does next what was waited for.
asio::awaitable<void> ClientConnection::wait_for(tcp::socket::wait_type what)
{
    error_code ignored;
    co_await socket_.async_wait(what, asio::redirect_error(asio::use_awaitable, ignored));
}

// Sends more as soon as there is room. True: something is there to be read.
asio::awaitable<bool> ClientConnection::send_or_hear()
{
    auto room = wait_for(tcp::socket::wait_write), word = wait_for(tcp::socket::wait_read);
    std::size_t first = co_await base::first_of(std::move(room), std::move(word));
    if (first == 0) send_now();
    co_return first == 1;
}

// True: the answer has ended.
bool ClientConnection::feed(AnswerParser& answer)
{
    auto data = in_.cdata();
    in_.consume(answer.put({static_cast<const char*>(data.data()), data.size()}));
    return answer.state() != AnswerParser::State::reading;
}

asio::awaitable<error_code> ClientConnection::receive(AnswerParser& answer)
{
    for (std::size_t read_size = read_first;;) {
        if (!unsent_.empty()) {
            bool is_answered = co_await send_or_hear();
            if (!is_answered) continue;
        }
        error_code error;
        std::size_t size = 0;
        auto token = asio::redirect_error(asio::use_awaitable, error);
        auto room = in_.prepare(read_size);
        if (tls_)
            size = co_await tls_->async_read_some(room, token);
        else
            size = co_await socket_.async_read_some(room, token);
        in_.commit(size);
        if (size > 0 && feed(answer)) co_return error_code();
        if (size == read_size) read_size = read_more;
        if (error != asio::error::eof) {
            if (error) co_return error;
            continue;
        }
        answer.put_end();
        co_return error_code();
    }
}

asio::awaitable<error_code> ClientConnection::exchange(const ClientRequest& request, const Origin& origin,
                                                       AnswerParser& answer)
{
    append_head(head_, request, origin);
    unsent_ = {head_, request.body};
    if (tls_)
        co_await send_tls();
    else
        send_now();
    error_code error = co_await receive(answer);
    if (!error) ++answers_;
    unsent_ = {};
    head_.clear();
    if (head_.capacity() > buffer_kept) head_.shrink_to_fit();
    if (in_.size() == 0 && in_.capacity() > buffer_kept) in_.shrink_to_fit();
    co_return error;
}

bool ClientConnection::is_quiet()
{
    if (!is_clean()) return false;
    char octet;
    error_code error;
    // What TLS has to say for itself, new sessions for one, is taken in by this.
    if (tls_)
        tls_->read_some(asio::buffer(&octet, 1), error);
    else
        socket_.read_some(asio::buffer(&octet, 1), error);
    return error == asio::error::would_block;
}

void ClientConnection::close()
{
    error_code ignored;  // closing is all that can be done
    socket_.close(ignored);
}

}  // namespace tidings::http
