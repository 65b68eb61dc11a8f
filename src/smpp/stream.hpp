// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <memory>
#include <string>

// Asio's TLS is dear to compile, and only stream.cpp and client.cpp need to see it.
namespace boost::asio::ssl {
class context;
template <typename Stream>
class stream;
}

namespace tidings::smpp {

namespace asio = boost::asio;
using boost::system::error_code;

// TCP, or TLS from the first byte over it. One read and one write may be under way at the same time. Errors
// are values here: every one of them means the same, that the connection is over.
class Stream {
public:
    explicit Stream(asio::ip::tcp::socket socket);  // accepted, plain
    // To connect; plain without `tls`, which must live as long.
    Stream(const asio::any_io_executor& executor, asio::ssl::context* tls);
    Stream(Stream&&) noexcept;
    Stream& operator=(Stream&&) noexcept;
    ~Stream();

    // With `tls` the certificate must be valid and name the host.
    asio::awaitable<error_code> connect(std::string host, std::uint16_t port);
    // Waits for at least one byte. How many bytes of `buffer` were filled; 0 when the connection is over.
    asio::awaitable<std::size_t> read_some(asio::mutable_buffer buffer);
    asio::awaitable<error_code> write(asio::const_buffer bytes);
    asio::any_io_executor executor() { return plain_.get_executor(); }
    void stop_reading();  // a read under way ends
    void close();

private:
    asio::awaitable<error_code> connect_socket(const std::string& host, std::uint16_t port);
    asio::ip::tcp::socket& socket();

    asio::ip::tcp::socket plain_;
    // If set, it has the socket, and plain_ is unused.
    std::unique_ptr<asio::ssl::stream<asio::ip::tcp::socket>> tls_;
};

}  // namespace tidings::smpp
