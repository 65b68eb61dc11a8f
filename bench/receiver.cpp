// SPDX-License-Identifier: Apache-2.0
#include "receiver.hpp"

#include "http_bytes.hpp"

#include <boost/asio/buffer.hpp>

#include <cassert>
#include <cstring>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace tidings::bench {

using asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr std::size_t request_max = 256 << 10;  // a callback with a message of 10 parts has 10 KiB
constexpr std::string_view taken_answer = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
constexpr std::string_view busy_answer =
    "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 60\r\nContent-Length: 0\r\n\r\n";
constexpr std::string_view not_found_answer = "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n";

// Of a request line, "POST /callback?n=1 HTTP/1.1".
std::string_view target_of(std::string_view request)
{
    auto begin = request.find(' ') + 1;
    return request.substr(begin, request.find(' ', begin) - begin);
}

}  // namespace

// Owned by the handler of its read, and gone with the connection.
class Receiver::Session : public std::enable_shared_from_this<Session> {
public:
    Session(Receiver& receiver, tcp::socket socket) : receiver_(receiver), socket_(std::move(socket))
    {
        socket_.non_blocking(true);
        socket_.set_option(tcp::no_delay(true));
    }

    void read()
    {
        if (size_ == buffer_.size()) buffer_.resize(2 * buffer_.size());
        if (buffer_.size() > request_max) throw std::runtime_error("a callback is too long");
        auto take = [self = shared_from_this()](error_code error, std::size_t size) {
            if (!error) self->take(size);
        };
        socket_.async_read_some(asio::buffer(buffer_.data() + size_, buffer_.size() - size_), take);
    }

private:
    void take(std::size_t size)
    {
        size_ += size;
        answer_whole_requests();
        if (answers_.empty()) return read();
        error_code error;
        std::size_t written = socket_.write_some(asio::buffer(answers_), error);
        if (error) return;
        assert(written == answers_.size());  // its requests were longer, and are read
        answers_.clear();
        read();
    }

    // What is left of the buffer moves to its front.
    void answer_whole_requests()
    {
        std::string_view rest(buffer_.data(), size_);
        while (auto framing = framing_of(rest)) {
            if (rest.size() < framing->head + framing->body) break;
            answers_ +=
                receiver_.answer(rest.substr(0, framing->head), rest.substr(framing->head, framing->body));
            rest.remove_prefix(framing->head + framing->body);
        }
        if (!rest.empty()) std::memmove(buffer_.data(), rest.data(), rest.size());
        size_ = rest.size();
    }

    Receiver& receiver_;
    tcp::socket socket_;
    std::vector<char> buffer_ = std::vector<char>(16 << 10);
    std::size_t size_ = 0;  // of what was read and not yet answered
    std::string answers_;
};

Receiver::Receiver(asio::io_context& context)
    : acceptor_(context, tcp::endpoint(asio::ip::address_v4::any(), 0))
{
    accept();
}

void Receiver::accept()
{
    acceptor_.async_accept([this](error_code error, tcp::socket socket) {
        if (error) return;  // the world ends
        std::make_shared<Session>(*this, std::move(socket))->read();
        accept();
    });
}

std::string_view Receiver::answer(std::string_view request, std::string_view body)
{
    std::string_view target = target_of(request);
    auto path = target.substr(0, target.find('?'));
    if (path == busy_path) return busy_answer;
    if (path != taking_path) return not_found_answer;
    ++taken_;
    if (on_callback) {
        auto query = target.substr(std::min(path.size() + 1, target.size()));
        on_callback({query, body});
    }
    return taken_answer;
}

}  // namespace tidings::bench
