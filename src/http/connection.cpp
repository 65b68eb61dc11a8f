// SPDX-License-Identifier: Apache-2.0
#include "http/connection.hpp"

#include "base/log.hpp"
#include "http/request_parser.hpp"
#include "http/response_writer.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>

#include <cstdlib>
#include <type_traits>

namespace tidings::http {

namespace asio = boost::asio;
using asio::ip::tcp;
using namespace std::chrono_literals;

namespace {

using TlsStream = asio::ssl::stream<tcp::socket>;

constexpr auto no_exception = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t read_size = 16 << 10;     // a request of 100 short messages in one read
constexpr std::size_t coalesce_max = 64 << 10;  // answers to pipelined requests, before they are written
constexpr std::size_t buffer_kept = 64 << 10;   // a larger one is given back to the heap after its answer
constexpr auto linger = 2s;  // for the peer to read and close; closing first could destroy what is on its way
constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";

std::string text_of(const tcp::socket& socket)
{
    boost::system::error_code gone;
    asio::ip::address address = socket.remote_endpoint(gone).address();
    if (address.is_v6() && address.to_v6().is_v4_mapped())
        return asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6()).to_string();
    return address.to_string();
}

// What differs between the streams.
asio::awaitable<bool> shake_hands(tcp::socket&) { co_return true; }
asio::awaitable<bool> shake_hands(TlsStream& stream)
{
    auto [error] = co_await stream.async_handshake(asio::ssl::stream_base::server, no_exception);
    co_return !error;
}

asio::awaitable<void> say_goodbye(tcp::socket&) { co_return; }
asio::awaitable<void> say_goodbye(TlsStream& stream)
{
    auto [error] = co_await stream.async_shutdown(no_exception);
    static_cast<void>(error);  // the peer may have gone already
}

// As much as goes without waiting. Mostly that is all, and the way through the scheduler is saved.
std::size_t write_now(tcp::socket& socket, std::string_view bytes, boost::system::error_code& error)
{
    std::size_t written = socket.write_some(asio::buffer(bytes), error);
    if (error == asio::error::would_block) error = {};
    return written;
}
std::size_t write_now(TlsStream&, std::string_view, boost::system::error_code&) { return 0; }

Response internal_error() { return error_response(500, "Something went wrong. Please try again later."); }

template <class Stream>
class Connection {
public:
    Connection(Admission admission, Worker& worker, Stream stream, Welcome welcome);
    ~Connection() { worker_.lifelines.erase(place_); }
    asio::awaitable<void> run();

private:
    static constexpr bool is_tls = std::is_same_v<Stream, TlsStream>;

    void enter(Phase phase, std::chrono::milliseconds limit);
    void follow_parser();
    asio::awaitable<bool> next_request();
    asio::awaitable<bool> read_more();
    asio::awaitable<Response> respond(Request& request);
    asio::awaitable<void> answer();
    void append(const Response& response, const ResponseContext& context);
    void refuse(const Response& response);
    asio::awaitable<void> flush();
    asio::awaitable<void> close();

    Admission admission_;
    ServerState& server_;
    Worker& worker_;
    Stream stream_;
    Welcome welcome_;
    Lifeline lifeline_;
    std::list<Lifeline*>::iterator place_;
    RequestParser parser_;
    boost::beast::flat_buffer in_;
    std::string out_;
    std::string peer_;
    bool broken_ = false;  // nothing more can be written
    bool last_ = false;    // close after what is in out_
};

template <class Stream>
Connection<Stream>::Connection(Admission admission, Worker& worker, Stream stream, Welcome welcome)
    : admission_(std::move(admission)),
      server_(admission_.state()),
      worker_(worker),
      stream_(std::move(stream)),
      welcome_(welcome),
      parser_({server_.options.header_max, server_.options.body_max})
{
    lifeline_.socket = &static_cast<tcp::socket&>(stream_.lowest_layer());
    place_ = worker_.lifelines.insert(worker_.lifelines.end(), &lifeline_);
    peer_ = text_of(*lifeline_.socket);
    boost::system::error_code ignored;  // a socket that fails here fails again at the first read
    lifeline_.socket->set_option(tcp::no_delay(true), ignored);
    lifeline_.socket->non_blocking(true, ignored);
}

template <class Stream>
void Connection<Stream>::enter(Phase phase, std::chrono::milliseconds limit)
{
    lifeline_.phase = phase;
    lifeline_.deadline = server_.clock.now() + limit;
}

// A deadline is set when a phase begins and not moved by bytes that trickle in.
template <class Stream>
void Connection<Stream>::follow_parser()
{
    const ServerOptions& options = server_.options;
    switch (parser_.state()) {
    case RequestParser::State::idle:
        if (lifeline_.phase != Phase::idle) enter(Phase::idle, options.idle_timeout);
        return;
    case RequestParser::State::header:
        if (lifeline_.phase != Phase::header) enter(Phase::header, options.header_timeout);
        return;
    case RequestParser::State::body:
        if (lifeline_.phase != Phase::body) enter(Phase::body, options.body_timeout);
        return;
    case RequestParser::State::done:
    case RequestParser::State::failed: lifeline_.phase = Phase::handling; return;
    }
    std::abort();
}

template <class Stream>
asio::awaitable<bool> Connection<Stream>::read_more()
{
    auto [error, size] = co_await stream_.async_read_some(in_.prepare(read_size), no_exception);
    in_.commit(size);
    if (!error) co_return true;
    if (lifeline_.late)
        refuse(error_response(408, "Request timeout"));
    else
        broken_ = true;
    co_return false;
}

// Returns with a request that is done, or false when there will be none.
template <class Stream>
asio::awaitable<bool> Connection<Stream>::next_request()
{
    for (;;) {
        auto data = in_.cdata();
        in_.consume(parser_.put({static_cast<const char*>(data.data()), data.size()}));
        follow_parser();
        if (parser_.state() == RequestParser::State::done) co_return true;
        if (parser_.state() == RequestParser::State::failed) {
            refuse(parser_.failure());
            co_return false;
        }
        if (parser_.take_expectation()) out_ += go_on;
        co_await flush();
        if (broken_) co_return false;
        follow_parser();
        if (server_.stopping && lifeline_.phase == Phase::idle) co_return false;
        bool has_more = co_await read_more();
        if (!has_more) co_return false;
    }
}

template <class Stream>
asio::awaitable<Response> Connection<Stream>::respond(Request& request)
{
    if (welcome_ == Welcome::turn_away) {
        Response busy = error_response(503, "Too many connections");
        busy.headers.emplace_back("Retry-After", "1");
        co_return busy;
    }
    if (!split_target(request.target, request.path, request.query))
        co_return error_response(400, "Bad request");
    Router::Match match = server_.router.match(request.method, request.path);
    if (!match.handler && match.allow.empty()) co_return error_response(404, "Resource not found");
    if (!match.handler) {
        Response refusal = error_response(405, "Method not allowed");
        refusal.headers.emplace_back("Allow", match.allow);
        co_return refusal;
    }
    request.parameters = std::move(match.parameters);
    try {
        co_return co_await (*match.handler)(request);
    } catch (const std::exception& error) {
        base::log_error("request {} {} {} failed: {}", request.id, request.method_text, match.pattern,
                        error.what());
    }
    co_return internal_error();
}

template <class Stream>
void Connection<Stream>::append(const Response& response, const ResponseContext& context)
{
    if (!context.keep_alive) last_ = true;
    try {
        append_response(out_, response, context);
    } catch (const std::invalid_argument& error) {
        base::log_error("request {}: the answer is malformed: {}", context.id, error.what());
        append_response(out_, internal_error(), context);
    }
}

// For what never became a request.
template <class Stream>
void Connection<Stream>::refuse(const Response& response)
{
    std::string id = server_.ids.next().text();
    append(response,
           {.id = id, .keep_alive = false, .http_1_0 = parser_.is_http_1_0(), .head = parser_.is_head()});
}

template <class Stream>
asio::awaitable<void> Connection<Stream>::answer()
{
    Request request = parser_.take();
    request.peer = peer_;
    request.tls = is_tls;
    request.id = server_.ids.next().text();
    ResponseContext context{.id = request.id,
                            .keep_alive = parser_.keep_alive(),
                            .http_1_0 = parser_.is_http_1_0(),
                            .head = parser_.is_head()};
    Response response = co_await respond(request);
    if (server_.stopping || welcome_ == Welcome::turn_away) context.keep_alive = false;
    append(response, context);
}

template <class Stream>
asio::awaitable<void> Connection<Stream>::flush()
{
    if (out_.empty()) co_return;
    boost::system::error_code error;
    std::size_t written = write_now(stream_, out_, error);
    if (!error && written < out_.size()) {
        enter(Phase::writing, server_.options.write_timeout);
        auto rest = asio::buffer(out_) + written;
        auto [failed, size] = co_await asio::async_write(stream_, rest, no_exception);
        error = failed;
    }
    out_.clear();
    if (out_.capacity() > buffer_kept) out_.shrink_to_fit();
    if (error) broken_ = true;
}

// Tells the peer that nothing more will come, and waits until it has understood.
template <class Stream>
asio::awaitable<void> Connection<Stream>::close()
{
    enter(Phase::closing, linger);
    co_await say_goodbye(stream_);
    tcp::socket& socket = *lifeline_.socket;
    boost::system::error_code error;
    socket.shutdown(tcp::socket::shutdown_send, error);
    in_.clear();
    while (!error) {
        auto [end, dropped] = co_await socket.async_read_some(in_.prepare(read_size), no_exception);
        error = end;
    }
}

template <class Stream>
asio::awaitable<void> Connection<Stream>::run()
{
    enter(Phase::handshake, server_.options.header_timeout);
    bool is_open = co_await shake_hands(stream_);
    if (!is_open) co_return;
    // In a loop's condition g++ 12 awaits the right side of && whatever the left side is.
    while (!last_) {
        bool is_here = co_await next_request();
        if (!is_here) break;
        co_await answer();
        if (out_.size() > coalesce_max) co_await flush();
        if (broken_) co_return;
        if (in_.size() == 0 && in_.capacity() > buffer_kept) in_.shrink_to_fit();
    }
    co_await flush();
    if (!broken_) co_await close();
}

}  // namespace

asio::awaitable<void> run_connection(Admission admission, Worker& worker, tcp::socket socket, Welcome welcome)
{
    if (auto& tls = admission.state().tls) {
        TlsStream stream(std::move(socket), *tls);
        Connection<TlsStream> connection(std::move(admission), worker, std::move(stream), welcome);
        co_await connection.run();
    } else {
        Connection<tcp::socket> connection(std::move(admission), worker, std::move(socket), welcome);
        co_await connection.run();
    }
}

}  // namespace tidings::http
