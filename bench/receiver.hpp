// SPDX-License-Identifier: Apache-2.0
// The customer's side of callbacks. It shares the machine with the gateway that is measured, and therefore
// does the least that counts: what has come is read at once, and all whole requests in it are answered with
// fixed bytes in one write. Of a request it looks at the path, at Content-Length, and at nothing else.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <cstdint>
#include <functional>
#include <string_view>

namespace tidings::bench {

namespace asio = boost::asio;

class Receiver {
public:
    static constexpr std::string_view taking_path = "/callback";  // answers 200
    static constexpr std::string_view busy_path = "/busy";        // answers 503 and asks for a minute

    struct Callback {
        std::string_view query;  // behind the question mark
        std::string_view body;
    };

    // Listens on every address, for those who need endpoints that are different ones.
    explicit Receiver(asio::io_context& context);
    Receiver(const Receiver&) = delete;

    std::uint16_t port() const { return acceptor_.local_endpoint().port(); }
    std::uint64_t taken() const { return taken_; }  // answered 200

    std::function<void(const Callback&)> on_callback;  // of those that are taken; may be empty

private:
    class Session;
    void accept();
    std::string_view answer(std::string_view request, std::string_view body);

    asio::ip::tcp::acceptor acceptor_;
    std::uint64_t taken_ = 0;
};

}  // namespace tidings::bench
