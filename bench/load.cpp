// SPDX-License-Identifier: Apache-2.0
#include "load.hpp"

#include "http_bytes.hpp"

#include <fmt/format.h>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>

#include <cassert>
#include <stdexcept>

namespace tidings::bench {

using asio::ip::tcp;
using boost::system::error_code;
using namespace std::chrono_literals;

namespace {

constexpr auto may_send_again = 500us;  // is asked, when it said no

constexpr std::size_t handset_digits = 7;
// Prime to each other, so that the handsets take turns in an order that no table has.
constexpr std::uint64_t handsets = 100'000, handset_step = 61'803;

}  // namespace

Load::Load(asio::io_context& context, Options options) : options_(std::move(options)), timer_(context)
{
    tcp::endpoint gateway(asio::ip::address_v4::loopback(), options_.port);
    for (std::size_t i = 0; i < options_.connections; ++i) {
        connections_.push_back(std::make_unique<Connection>(context, options_.request));
        tcp::socket& socket = connections_.back()->socket;
        socket.connect(gateway);
        socket.non_blocking(true);
        socket.set_option(tcp::no_delay(true));
        idle_.push_back(connections_.back().get());
    }
    asio::post(context, [this] { send_what_may_go(); });
}

void Load::require_success() const
{
    if (failure_) std::rethrow_exception(failure_);
    if (refused_ > 0) throw std::runtime_error(fmt::format("the gateway refused {} requests", refused_));
}

void Load::fail(const error_code& error)
{
    failure_ = std::make_exception_ptr(boost::system::system_error(error, "a connection of the load"));
}

void Load::send_what_may_go()
{
    while (!idle_.empty() && !stopping_) {
        std::optional<SteadyTime> due = next_turn();
        if (!due) return;
        Connection& connection = *idle_.front();
        idle_.pop_front();
        connection.due = *due;
        send(connection);
    }
}

// Since when the next request is due. Nothing: it is not yet, and the timer is set.
std::optional<SteadyTime> Load::next_turn()
{
    SteadyTime now = std::chrono::steady_clock::now();
    if (options_.rate <= 0) {
        if (options_.may_send()) return now;
        look_again(now + may_send_again);
        return std::nullopt;
    }
    std::chrono::duration<double> offset(static_cast<double>(turns_) / options_.rate);
    SteadyTime due = begin_ + std::chrono::duration_cast<std::chrono::nanoseconds>(offset);
    if (due > now) {
        look_again(due);
        return std::nullopt;
    }
    ++turns_;
    return due;
}

void Load::look_again(SteadyTime when)
{
    if (std::exchange(timer_is_set_, true)) return;
    timer_.expires_at(when);
    timer_.async_wait([this](error_code error) {
        if (error) return;
        timer_is_set_ = false;
        send_what_may_go();
    });
}

// Most requests fit into what the system has room for at once.
void Load::send(Connection& connection)
{
    options_.vary(connection.request);
    error_code error;
    std::size_t sent = connection.socket.write_some(asio::buffer(connection.request), error);
    if (error && error != asio::error::would_block) return fail(error);
    if (sent == connection.request.size()) return read(connection);
    auto rest = asio::buffer(connection.request) + sent;
    asio::async_write(connection.socket, rest, [this, &connection](error_code failed, std::size_t) {
        failed ? fail(failed) : read(connection);
    });
}

void Load::read(Connection& connection)
{
    auto free = asio::buffer(connection.buffer) + connection.size;
    connection.socket.async_read_some(free, [this, &connection](error_code error, std::size_t size) {
        error ? fail(error) : take(connection, size);
    });
}

void Load::take(Connection& connection, std::size_t size)
{
    if (connection.missing == 0) {
        connection.size += size;
        std::string_view bytes(connection.buffer.data(), connection.size);
        auto framing = framing_of(bytes);
        if (!framing) return read(connection);
        assert(bytes.size() <= framing->head + framing->body);  // nobody asked for more
        connection.is_accepted = bytes.starts_with("HTTP/1.1 202");
        connection.missing = framing->head + framing->body - bytes.size();
        connection.size = 0;
    } else {
        connection.missing -= size;
    }
    if (connection.missing > 0) return read(connection);
    answered(connection);
}

void Load::answered(Connection& connection)
{
    connection.is_accepted ? ++accepted_ : ++refused_;
    auto took = std::chrono::steady_clock::now() - connection.due;
    auto microseconds = std::chrono::duration_cast<std::chrono::microseconds>(took).count();
    latencies_.push_back(static_cast<std::uint32_t>(microseconds));
    if (connection.is_accepted && options_.on_accepted)
        options_.on_accepted(connection.request, connection.due);
    idle_.push_back(&connection);
    send_what_may_go();
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
