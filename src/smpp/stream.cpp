// SPDX-License-Identifier: Apache-2.0
// A TCP connection with or without TLS behind one face, so that sessions need no templates. The certificate
// of a carrier must be valid for the host that the configuration names; there is no switch that leaves this
// out.
#include "smpp/stream.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

namespace tidings::smpp {

using asio::ip::tcp;

namespace {

constexpr auto use_tuple = asio::as_tuple(asio::use_awaitable);

// Without it a small PDU waits for the acknowledgement of the one before: 40 ms on Linux.
void set_no_delay(tcp::socket& socket)
{
    error_code ignored;  // a socket that is closed already says so at the first read
    socket.set_option(tcp::no_delay(true), ignored);
}

}  // namespace

Stream::Stream(tcp::socket socket) : plain_(std::move(socket)) { set_no_delay(plain_); }

Stream::Stream(const asio::any_io_executor& executor, asio::ssl::context* tls) : plain_(executor)
{
    if (tls) tls_ = std::make_unique<asio::ssl::stream<tcp::socket>>(executor, *tls);
}

Stream::Stream(Stream&&) noexcept = default;
Stream& Stream::operator=(Stream&&) noexcept = default;
Stream::~Stream() = default;

tcp::socket& Stream::socket() { return tls_ ? tls_->next_layer() : plain_; }

asio::awaitable<error_code> Stream::connect(std::string host, std::uint16_t port)
{
    error_code error = co_await connect_socket(host, port);
    if (error || !tls_) co_return error;
    // The name is sent along (SNI), for carriers that have several behind one address.
    if (!SSL_set_tlsext_host_name(tls_->native_handle(), host.c_str())) {
        co_return error_code(static_cast<int>(ERR_get_error()), asio::error::get_ssl_category());
    }
    tls_->set_verify_mode(asio::ssl::verify_peer);
    tls_->set_verify_callback(asio::ssl::host_name_verification(host));
    auto [refused] = co_await tls_->async_handshake(asio::ssl::stream_base::client, use_tuple);
    co_return refused;
}

asio::awaitable<error_code> Stream::connect_socket(const std::string& host, std::uint16_t port)
{
    error_code no_address;
    // An address needs no resolver, which would start a thread for the lookup.
    auto address = asio::ip::make_address(host, no_address);
    error_code error;
    if (no_address) {
        tcp::resolver resolver(plain_.get_executor());
        auto [unresolved, found] = co_await resolver.async_resolve(host, std::to_string(port), use_tuple);
        if (unresolved) co_return unresolved;
        auto [unreachable, where] = co_await asio::async_connect(socket(), found, use_tuple);
        error = unreachable;
    } else {
        auto [unreachable] = co_await socket().async_connect(tcp::endpoint(address, port), use_tuple);
        error = unreachable;
    }
    if (!error) set_no_delay(socket());
    co_return error;
}

asio::awaitable<std::size_t> Stream::read_some(asio::mutable_buffer buffer)
{
    if (tls_) {
        auto [error, size] = co_await tls_->async_read_some(buffer, use_tuple);
        co_return error ? 0 : size;
    }
    auto [error, size] = co_await plain_.async_read_some(buffer, use_tuple);
    co_return error ? 0 : size;
}

asio::awaitable<error_code> Stream::write(asio::const_buffer bytes)
{
    if (tls_) {
        auto [error, size] = co_await asio::async_write(*tls_, bytes, use_tuple);
        co_return error;
    }
    auto [error, size] = co_await asio::async_write(plain_, bytes, use_tuple);
    co_return error;
}

void Stream::stop_reading()
{
    error_code ignored;  // closed already is as good
    // And not close(): what is left to say, an unbind_resp, still goes out.
    socket().shutdown(tcp::socket::shutdown_receive, ignored);
}

void Stream::close()
{
    error_code ignored;  // closed is closed
    socket().close(ignored);
}

}  // namespace tidings::smpp
