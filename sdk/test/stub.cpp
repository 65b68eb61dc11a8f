// SPDX-License-Identifier: Apache-2.0
#include "stub.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>

#include <algorithm>
#include <stdexcept>

namespace tidings::test {

using asio::ip::tcp;
using TlsStream = asio::ssl::stream<tcp::socket>;

namespace {

// A connection that breaks is what many tests are about.
void ignore(std::exception_ptr) {}

}  // namespace

Stub::Stub(Answers answers, asio::ssl::context* tls) : answers_(std::move(answers)), tls_(tls)
{
    asio::co_spawn(context_, accept(), ignore);
    thread_ = std::thread([this] { context_.run(); });
}

Stub::~Stub()
{
    context_.stop();
    thread_.join();
}

std::string Stub::base_uri() const
{
    // The certificate is one for localhost.
    std::string port = std::to_string(acceptor_.local_endpoint().port());
    return tls_ ? "https://localhost:" + port : "http://127.0.0.1:" + port;
}

std::vector<StubRequest> Stub::requests() const
{
    std::lock_guard lock(mutex_);
    return requests_;
}

std::size_t Stub::connections() const
{
    std::lock_guard lock(mutex_);
    return connections_;
}

std::size_t Stub::most_at_once() const
{
    std::lock_guard lock(mutex_);
    return most_at_once_;
}

void Stub::wait_for_requests(std::size_t count) const
{
    auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (requests().size() < count) {
        if (std::chrono::steady_clock::now() > end) throw std::runtime_error("the request never came");
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
}

asio::awaitable<void> Stub::accept()
{
    for (;;) {
        tcp::socket socket = co_await acceptor_.async_accept(asio::use_awaitable);
        socket.set_option(tcp::no_delay(true));
        {
            std::lock_guard lock(mutex_);
            ++connections_;
        }
        if (tls_)
            asio::co_spawn(context_, serve(TlsStream(std::move(socket), *tls_)), ignore);
        else
            asio::co_spawn(context_, serve(std::move(socket)), ignore);
    }
}

template <class Stream>
asio::awaitable<void> Stub::serve(Stream stream)
{
    if constexpr (std::is_same_v<Stream, TlsStream>)
        co_await stream.async_handshake(asio::ssl::stream_base::server, asio::use_awaitable);
    boost::beast::flat_buffer buffer;
    for (bool goes_on = true; goes_on;) {
        StubRequest request;
        co_await http::async_read(stream, buffer, request, asio::use_awaitable);
        goes_on = co_await answer(stream, request);
    }
}

template <class Stream>
asio::awaitable<bool> Stub::answer(Stream& stream, const StubRequest& request)
{
    std::size_t index = 0;
    {
        std::lock_guard lock(mutex_);
        index = requests_.size();
        requests_.push_back(request);
        most_at_once_ = std::max(most_at_once_, ++in_hand_);
    }
    StubAnswer made = answers_(request, index);
    asio::steady_timer timer(context_, made.delay);
    if (made.manner == StubAnswer::Manner::is_silent) timer.expires_at(timer.expiry().max());
    co_await timer.async_wait(asio::use_awaitable);
    {
        std::lock_guard lock(mutex_);
        --in_hand_;
    }
    if (made.manner == StubAnswer::Manner::hangs_up) co_return false;
    http::response<http::string_body> response(static_cast<http::status>(made.status), 11, made.body);
    for (const auto& [name, value] : made.headers) response.set(name, value);
    response.prepare_payload();
    co_await http::async_write(stream, response, asio::use_awaitable);
    co_return made.manner == StubAnswer::Manner::answers;
}

}  // namespace tidings::test
