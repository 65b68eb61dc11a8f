// SPDX-License-Identifier: Apache-2.0
#include "load.hpp"

#include <fmt/format.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <charconv>
#include <stdexcept>

namespace tidings::bench {

using asio::ip::tcp;
using namespace std::chrono_literals;

namespace {

constexpr auto look_again = 500us;  // when may_send() said no

constexpr std::size_t content_digits = 11, handset_digits = 7;
// Prime to each other, so that the handsets take turns in an order that no table has.
constexpr std::uint64_t handsets = 100'000, handset_step = 61'803;

// Of the head at the front of `text`.
std::size_t content_length(std::string_view head)
{
    constexpr std::string_view name = "Content-Length: ";
    auto at = head.find(name);
    std::size_t size = 0;
    if (at == head.npos) throw std::runtime_error("an answer without Content-Length");
    std::from_chars(head.data() + at + name.size(), head.data() + head.size(), size);
    return size;
}

// Reads one answer and tells whether it is a 202.
asio::awaitable<bool> read_answer(tcp::socket& socket, std::string& buffer)
{
    std::size_t head = co_await asio::async_read_until(socket, asio::dynamic_buffer(buffer), "\r\n\r\n",
                                                       asio::use_awaitable);
    bool is_accepted = buffer.starts_with("HTTP/1.1 202");
    std::size_t whole = head + content_length(std::string_view(buffer).substr(0, head));
    if (buffer.size() < whole) {
        auto missing = asio::transfer_exactly(whole - buffer.size());
        co_await asio::async_read(socket, asio::dynamic_buffer(buffer), missing, asio::use_awaitable);
    }
    buffer.erase(0, whole);
    co_return is_accepted;
}

}  // namespace

Load::Load(asio::io_context& context, Options options) : options_(std::move(options))
{
    auto ended = [this](std::exception_ptr error) {
        if (error) failure_ = error;
    };
    for (std::size_t i = 0; i < options_.connections; ++i) asio::co_spawn(context, run(), ended);
}

void Load::require_success() const
{
    if (failure_) std::rethrow_exception(failure_);
    if (refused_ > 0) throw std::runtime_error(fmt::format("the gateway refused {} requests", refused_));
}

// Waits until the next request is due, and tells since when.
asio::awaitable<SteadyTime> Load::turn(asio::steady_timer& timer)
{
    if (options_.rate > 0) {
        std::chrono::duration<double> offset(static_cast<double>(turns_++) / options_.rate);
        SteadyTime due = begin_ + std::chrono::duration_cast<std::chrono::nanoseconds>(offset);
        timer.expires_at(due);
        if (due > std::chrono::steady_clock::now()) co_await timer.async_wait(asio::use_awaitable);
        co_return due;
    }
    while (!options_.may_send() && !stopping_) {
        timer.expires_after(look_again);
        co_await timer.async_wait(asio::use_awaitable);
    }
    co_return std::chrono::steady_clock::now();
}

asio::awaitable<void> Load::run()
{
    auto executor = co_await asio::this_coro::executor;
    tcp::socket socket(executor);
    tcp::endpoint gateway(asio::ip::address_v4::loopback(), options_.port);
    co_await socket.async_connect(gateway, asio::use_awaitable);
    socket.set_option(tcp::no_delay(true));
    asio::steady_timer timer(executor);
    std::string buffer, request = options_.request;
    while (!stopping_) {
        SteadyTime due = co_await turn(timer);
        if (stopping_) break;
        options_.vary(request);
        co_await asio::async_write(socket, asio::buffer(request), asio::use_awaitable);
        bool is_accepted = co_await read_answer(socket, buffer);
        is_accepted ? ++accepted_ : ++refused_;
        auto took =
            std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - due);
        latencies_.push_back(static_cast<std::uint32_t>(took.count()));
    }
}

void write_number(std::string& text, std::size_t at, std::size_t digits, std::uint64_t number)
{
    for (std::size_t i = digits; i > 0; --i, number /= 10)
        text[at + i - 1] = static_cast<char>('0' + number % 10);
}

Variation::Variation(const std::string& request)
{
    auto find_all = [&](std::string_view before) {
        std::vector<std::size_t> places;
        for (std::size_t at = 0; (at = request.find(before, at)) != request.npos;)
            places.push_back(at += before.size());
        return places;
    };
    contents_ = find_all(R"("content":")");
    handsets_ = find_all(R"("destination_number":"+6149)");
}

void Variation::operator()(std::string& request)
{
    (*this)(request, count_);
    count_ += contents_.size();
}

void Variation::operator()(std::string& request, std::uint64_t number) const
{
    for (std::size_t i = 0; i < contents_.size(); ++i, ++number) {
        write_number(request, contents_[i], content_digits, number);
        write_number(request, handsets_[i], handset_digits, number * handset_step % handsets);
    }
}

std::string json_request(const std::string& line, const std::string& authorization, const std::string& body)
{
    return fmt::format(
        "{} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: {}\r\n"
        "Content-Type: application/json\r\nAccept: application/json\r\nContent-Length: {}\r\n\r\n{}",
        line, authorization, body.size(), body);
}

std::string post_request(std::size_t count, const std::string& authorization, const std::string& callback_url,
                         const std::string& prefix)
{
    std::string callback = callback_url.empty() ? "" : fmt::format(R"("callback_url":"{}",)", callback_url);
    std::string body = R"({"messages":[)";
    for (std::size_t i = 0; i < count; ++i)
        body += fmt::format(
            R"({}{{"content":"Your parcel arrives today between 14:00 and 16:00. Reply STOP to opt out.",)"
            R"("destination_number":"{}{:07}",{}"delivery_report":true,"format":"SMS"}})",
            i ? "," : "", prefix, 1570000 + i, callback);
    body += "]}";
    return json_request("POST /v1/messages", authorization, body);
}

}  // namespace tidings::bench
