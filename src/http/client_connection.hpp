// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "http/answer_parser.hpp"
#include "http/origin.hpp"
#include "http/tls.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace tidings::http {

// A connection that we opened, for one exchange after the other. Has no clock: who is late closes it, and
// whoever waits for it then gets operation_aborted.
class ClientConnection {
public:
    explicit ClientConnection(const boost::asio::any_io_executor& executor) : socket_(executor) {}
    ~ClientConnection();
    ClientConnection(const ClientConnection&) = delete;
    ClientConnection& operator=(const ClientConnection&) = delete;

    // A second connect() after one that failed is a new connection.
    boost::asio::awaitable<boost::system::error_code> connect(boost::asio::ip::tcp::endpoint peer);
    // `session` must outlive the connection.
    boost::asio::awaitable<boost::system::error_code> shake_hands(boost::asio::ssl::context& context,
                                                                  const Origin& origin, TlsSession& session);
    std::string handshake_failure(boost::system::error_code error);

    // Sends, and reads until `answer` has ended. An error says that it has not: the connection broke. What is
    // sent must stay until then.
    boost::asio::awaitable<boost::system::error_code> exchange(const ClientRequest& request,
                                                               const Origin& origin, AnswerParser& answer);
    // Whether another exchange may follow the last one: all of it was sent, and nothing came behind the
    // answer.
    bool is_clean() const { return is_sent_ && in_.size() == 0; }
    // Whether the other side has kept it behind an answer: there was more than one.
    bool has_lasted() const { return answers_ > 1; }
    // Whether that is still so: the other side has not closed it, or said what nobody asked for. Asks the
    // kernel.
    bool is_quiet();
    void close();

private:
    // Of a request that is being sent.
    struct Unsent {
        std::string_view head, body;
        bool empty() const { return head.empty() && body.empty(); }
        void consume(std::size_t size);
    };

    void send_now();
    boost::asio::awaitable<void> send_tls();
    boost::asio::awaitable<void> wait_for(boost::asio::ip::tcp::socket::wait_type what);
    boost::asio::awaitable<bool> send_or_hear();
    boost::asio::awaitable<boost::system::error_code> receive(AnswerParser& answer);
    bool feed(AnswerParser& answer);

    boost::asio::ip::tcp::socket socket_;
    std::optional<boost::asio::ssl::stream<boost::asio::ip::tcp::socket&>> tls_;
    std::string head_;  // kept, so that requests after the first allocate nothing for it
    Unsent unsent_{};
    bool is_sent_ = true;  // the last request, all of it
    std::size_t answers_ = 0;
    boost::beast::flat_buffer in_;
};

}  // namespace tidings::http
