// SPDX-License-Identifier: Apache-2.0
// A server on 127.0.0.1 that answers as a test says, or does not.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>

#include <chrono>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace tidings::test {

namespace asio = boost::asio;
namespace http = boost::beast::http;

using StubRequest = http::request<http::string_body>;

struct StubAnswer {
    enum class Manner { answers, is_silent, hangs_up, closes_after };
    int status = 200;
    std::string body = "{}";
    std::map<std::string, std::string> headers{};
    Manner manner = Manner::answers;
    std::chrono::milliseconds delay{0};
};

class Stub {
public:
    using Answers = std::function<StubAnswer(const StubRequest&, std::size_t index)>;  // on the stub's thread

    explicit Stub(Answers answers, asio::ssl::context* tls = nullptr);
    ~Stub();

    std::string base_uri() const;
    std::vector<StubRequest> requests() const;
    std::size_t connections() const;
    std::size_t most_at_once() const;  // requests in hand
    void wait_for_requests(std::size_t count) const;

private:
    asio::awaitable<void> accept();
    template <class Stream>
    asio::awaitable<void> serve(Stream stream);
    template <class Stream>
    asio::awaitable<bool> answer(Stream& stream, const StubRequest& request);

    Answers answers_;
    asio::ssl::context* tls_;
    asio::io_context context_{1};
    asio::ip::tcp::acceptor acceptor_{context_, {asio::ip::address_v4::loopback(), 0}};
    mutable std::mutex mutex_;
    std::vector<StubRequest> requests_;
    std::size_t connections_ = 0, in_hand_ = 0, most_at_once_ = 0;
    std::thread thread_;
};

}  // namespace tidings::test
