// SPDX-License-Identifier: Apache-2.0
// One connection from the handshake to its end, as one coroutine on the thread where it was accepted.
// Requests are served one after the other. Their answers gather in out_ and are written when no more
// requests are here, so that whoever pipelines gets many of them with one write.
//
// What a request may cost grows with what is known of it:
//
//     a stranger           has a slot until others need it, and no memory but for a header
//     headers are good     the operation judges them: who is it, and may he?
//     he may               memory for the body, from a budget that callers share fairly
//     a large body         is worked on by a side thread, of which callers share the places
//
// Deadlines are kept by the server's sweep, which closes the socket or cancels the read; a phase has one
// deadline from its beginning, so that nobody stretches it by sending an octet now and then.
//
// After an error nothing of the connection can be trusted to be where it seems, so it ends, with an answer
// where one is possible.
#include "http/connection.hpp"

#include "base/log.hpp"
#include "http/request_parser.hpp"
#include "http/response_writer.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/string.hpp>

#include <algorithm>
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
constexpr std::size_t linger_max = 8 << 20;  // bytes, so that a good client with a wrong key reads our answer
// A refused body that is shorter is read and forgotten, for which the connection stays. Beyond, closing is
// cheaper.
constexpr std::size_t skip_max = 64 << 10;
constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";

std::string text_of(const tcp::socket& socket)
{
    boost::system::error_code gone;
    asio::ip::address address = socket.remote_endpoint(gone).address();
    // A listener for both families sees IPv4 peers so; logs and `is_local` are to know them by their own
    // address.
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

// Writes as much as the kernel takes without waiting. Mostly that is the whole answer, and then no coroutine
// has to be put to sleep and woken for it.
std::size_t write_now(tcp::socket& socket, std::string_view bytes, boost::system::error_code& error)
{
    std::size_t written = socket.write_some(asio::buffer(bytes), error);
    if (error == asio::error::would_block) error = {};
    return written;
}
std::size_t write_now(TlsStream&, std::string_view, boost::system::error_code&) { return 0; }

Response internal_error() { return error_response(500, "Something went wrong. Please try again later."); }

Response busy(std::string_view message)
{
    Response response = error_response(503, message);
    response.headers.emplace_back("Retry-After", "1");
    return response;
}

Response full() { return busy("Too many connections"); }

Response out_of_memory() { return busy("Too many request bodies at once"); }

Response not_allowed(std::string allow)
{
    Response response = error_response(405, "Method not allowed");
    response.headers.emplace_back("Allow", std::move(allow));
    return response;
}

// Nothing that is encoded is decoded here: a small body could become a huge one.
bool has_encoded_body(const Request& head)
{
    auto [first, last] = head.headers.equal_range(boost::beast::http::field::content_encoding);
    return std::any_of(first, last, [](const auto& it) {
        return !it.value().empty() && !boost::beast::iequals(it.value(), "identity");
    });
}

Response encoding_refused()
{
    Response response =
        error_response(415, "Content-Encoding is not supported: send the body as it is, uncompressed");
    response.headers.emplace_back("Accept-Encoding", "identity");
    return response;
}

Judgement refused(Response response) { return {.refusal = std::move(response)}; }

void log_failure(const Request& request, const std::exception& error)
{
    base::log_error("request {} {} {} failed: {}", request.id, request.method_text, request.pattern,
                    error.what());
}

template <class Stream>
class Connection {
public:
    Connection(Admission admission, Worker& worker, Stream stream);
    ~Connection() { worker_.remove(lifeline_); }
    asio::awaitable<void> run();

private:
    static constexpr bool is_tls = std::is_same_v<Stream, TlsStream>;

    void enter(Phase phase, std::chrono::milliseconds limit);
    void follow_parser();
    void feed();
    asio::awaitable<bool> read_more();
    asio::awaitable<bool> read_head();
    asio::awaitable<bool> read_body(FairBudget::Share& share);
    Request take_head();
    Judgement judge_as_operation(Request& head);
    Judgement judge(Request& head);
    bool can_skip_body();
    asio::awaitable<Response> respond(const Judgement& judgement, const Request& request);
    asio::awaitable<Response> respond_aside(const Judgement& judgement, const Request& request);
    asio::awaitable<void> serve();
    asio::awaitable<void> serve_body(const Judgement& judgement, Request& request);
    void append(const Response& response, const Request& request);
    void append(const Response& response, const ResponseContext& context);
    void refuse(const Response& response);
    asio::awaitable<void> flush();
    asio::awaitable<void> close();

    Admission admission_;
    ServerState& server_;
    Worker& worker_;
    Stream stream_;
    Lifeline lifeline_;
    RequestParser parser_;
    boost::beast::flat_buffer in_;
    std::string out_;
    std::string peer_;
    bool over_ = false;    // there are too many connections, and this one is among those
    bool broken_ = false;  // nothing more can be written
    bool last_ = false;    // close after what is in out_
};

template <class Stream>
Connection<Stream>::Connection(Admission admission, Worker& worker, Stream stream)
    : admission_(std::move(admission)),
      server_(admission_.state()),
      worker_(worker),
      stream_(std::move(stream)),
      parser_({server_.options.header_max, server_.options.body_max})
{
    lifeline_.socket = &static_cast<tcp::socket&>(stream_.lowest_layer());
    worker_.add(lifeline_);
    peer_ = text_of(*lifeline_.socket);
    boost::system::error_code ignored;  // a socket that fails here fails again at the first read
    lifeline_.socket->set_option(tcp::no_delay(true), ignored);
    lifeline_.socket->non_blocking(true, ignored);
    if (server_.connections > server_.options.connections_max)
        // A stranger on this thread makes room. Where there is none, this connection is heard, and told 503
        // unless its operation is for that case.
        over_ = !worker_.close_oldest_stranger(&lifeline_);
}

template <class Stream>
void Connection<Stream>::enter(Phase phase, std::chrono::milliseconds limit)
{
    lifeline_.phase = phase;
    lifeline_.deadline = server_.clock.steady() + limit;
}

// A deadline is set when a phase begins and not moved by bytes that trickle in.
template <class Stream>
void Connection<Stream>::follow_parser()
{
    const ServerOptions& options = server_.options;
    auto follow = [this](Phase phase, std::chrono::milliseconds limit) {
        if (lifeline_.phase != phase) enter(phase, limit);
    };
    switch (parser_.state()) {
    case RequestParser::State::idle: return follow(Phase::idle, options.idle_timeout);
    case RequestParser::State::header: return follow(Phase::header, options.header_timeout);
    case RequestParser::State::body: return follow(Phase::body, options.body_timeout);
    case RequestParser::State::skipping: return follow(Phase::skipping, options.header_timeout);
    case RequestParser::State::headed:
    case RequestParser::State::done:
    case RequestParser::State::failed: lifeline_.phase = Phase::handling; return;
    }
    std::abort();
}

template <class Stream>
void Connection<Stream>::feed()
{
    bool skips = parser_.state() == RequestParser::State::skipping;
    auto data = in_.cdata();
    in_.consume(parser_.put({static_cast<const char*>(data.data()), data.size()}));
    follow_parser();
    if (parser_.state() != RequestParser::State::failed) return;
    if (skips)
        last_ = true;  // its request was answered
    else
        refuse(parser_.failure());
}

// Writes the answers that have gathered, then waits for more of the peer's bytes. False: the connection is
// over, or what still comes does not matter.
template <class Stream>
asio::awaitable<bool> Connection<Stream>::read_more()
{
    co_await flush();
    if (broken_) co_return false;
    follow_parser();
    // A request that has begun is still read and answered.
    if (server_.stopping && lifeline_.phase == Phase::idle) co_return false;
    auto [error, size] = co_await stream_.async_read_some(in_.prepare(read_size), no_exception);
    in_.commit(size);
    if (!error) co_return true;
    // The sweep has cancelled the read because the request takes too long.
    if (lifeline_.late)
        refuse(error_response(408, "Request timeout"));
    else
        broken_ = true;
    co_return false;
}

// Returns with the headers of a request, or false when there will be none.
template <class Stream>
asio::awaitable<bool> Connection<Stream>::read_head()
{
    for (;;) {
        RequestParser::State before = parser_.state();
        feed();
        if (last_) co_return false;
        if (parser_.state() == RequestParser::State::headed) co_return true;
        // The body that was skipped has ended within these bytes, and the next request may stand behind it.
        if (before == RequestParser::State::skipping && parser_.state() != before) continue;
        bool has_more = co_await read_more();
        if (!has_more) co_return false;
    }
}

// Returns with the whole body, or false when the request has been refused or its sender is gone.
template <class Stream>
asio::awaitable<bool> Connection<Stream>::read_body(FairBudget::Share& share)
{
    for (;;) {
        feed();
        if (last_) co_return false;
        // As it comes: what was announced and is not here takes nothing of the budget.
        if (!share.grow_to(parser_.body_memory())) {
            refuse(out_of_memory());
            co_return false;
        }
        if (parser_.state() == RequestParser::State::done) co_return true;
        bool has_more = co_await read_more();
        if (!has_more) co_return false;
    }
}

template <class Stream>
Request Connection<Stream>::take_head()
{
    Request request = parser_.take_head();
    request.peer = peer_;
    request.tls = is_tls;
    request.id = server_.ids.next().text();
    return request;
}

template <class Stream>
Judgement Connection<Stream>::judge_as_operation(Request& head)
{
    if (!split_target(head.target, head.path, head.query)) return refused(error_response(400, "Bad request"));
    Router::Match match = server_.router.match(head.method, head.path);
    if (!match.judge && match.allow.empty()) return refused(error_response(404, "Resource not found"));
    if (!match.judge) return refused(not_allowed(std::move(match.allow)));
    head.parameters = std::move(match.parameters);
    head.pattern = match.pattern;
    return (*match.judge)(head);
}

template <class Stream>
Judgement Connection<Stream>::judge(Request& head)
{
    try {
        Judgement judgement = judge_as_operation(head);
        // After the operation has judged: only then is it known whether it is for that case.
        if (over_ && !judgement.when_full) return refused(full());
        if (judgement.refusal) return judgement;
        // Whoever may send a body is no stranger any more, and keeps his connection when others need room.
        if (judgement.reads_body) worker_.know(lifeline_);
        if (!judgement.reads_body || !head.has_body()) return judgement;
        if (has_encoded_body(head)) return refused(encoding_refused());
        // Asked before the body is read, so that a client which waits for "100 Continue" does not send it in
        // vain. It is no promise: others may come first.
        bool has_room = server_.budgets->bodies.has_room(judgement.payer, parser_.body_length().value_or(0));
        return has_room ? std::move(judgement) : refused(out_of_memory());
    } catch (const std::exception& error) {
        log_failure(head, error);
    }
    return refused(internal_error());
}

// Whether the connection may stay after a body was refused. A client that waits for "100 Continue" may send
// its body or may not, once it has our answer: nobody can know whether its next bytes are that or another
// request.
template <class Stream>
bool Connection<Stream>::can_skip_body()
{
    if (parser_.expects_continue()) return false;
    parser_.skip_body();
    feed();
    lifeline_.phase = Phase::handling;
    bool is_over = parser_.state() != RequestParser::State::skipping;
    return !last_ && (is_over || parser_.body_length().value_or(skip_max + 1) <= skip_max);
}

template <class Stream>
asio::awaitable<Response> Connection<Stream>::respond(const Judgement& judgement, const Request& request)
{
    try {
        co_return co_await judgement.answer(request);
    } catch (const std::exception& error) {
        log_failure(request, error);
    }
    co_return internal_error();
}

// The same on a side thread, for requests whose work would keep the other connections of this thread waiting.
template <class Stream>
asio::awaitable<Response> Connection<Stream>::respond_aside(const Judgement& judgement,
                                                            const Request& request)
{
    FairBudget::Share place(server_.budgets->large_requests, judgement.payer);
    if (!place.grow_to(1)) co_return busy("Too many large requests at once");
    auto work = respond(judgement, request);
    Response response = co_await server_.options.side_threads->run(std::move(work));
    co_return response;
}

// Answers a request whose body is to be read.
template <class Stream>
asio::awaitable<void> Connection<Stream>::serve_body(const Judgement& judgement, Request& request)
{
    FairBudget::Share share(server_.budgets->bodies, judgement.payer);
    parser_.read_body();
    bool waits = parser_.expects_continue() && parser_.state() == RequestParser::State::body;
    // A client that has begun to send its body need not be asked for it.
    if (waits && in_.size() == 0) out_ += go_on;
    bool is_whole = co_await read_body(share);
    if (!is_whole) co_return;
    request.body = parser_.take_body();
    Response response;
    if (request.body.size() > large_body_min && server_.options.side_threads)
        response = co_await respond_aside(judgement, request);
    else
        response = co_await respond(judgement, request);
    append(response, request);
}

template <class Stream>
asio::awaitable<void> Connection<Stream>::serve()
{
    Request request = take_head();
    Judgement judgement = judge(request);
    if (!judgement.refusal && judgement.reads_body) {
        co_await serve_body(judgement, request);
        co_return;
    }
    // Before the answer is written, which says whether the connection stays.
    if (!can_skip_body()) last_ = true;
    if (judgement.refusal) {
        append(*judgement.refusal, request);
    } else {
        Response response = co_await respond(judgement, request);
        append(response, request);
    }
}

template <class Stream>
void Connection<Stream>::append(const Response& response, const Request& request)
{
    bool keep_alive = parser_.keep_alive() && !last_ && !over_ && !server_.stopping;
    append(response, {.id = request.id,
                      .keep_alive = keep_alive,
                      .http_1_0 = parser_.is_http_1_0(),
                      .head = parser_.is_head()});
}

template <class Stream>
void Connection<Stream>::append(const Response& response, const ResponseContext& context)
{
    if (!context.keep_alive) last_ = true;
    try {
        append_response(out_, response, context);
    // A header of the answer could not be written: an operation put a line end into it.
    } catch (const std::invalid_argument& error) {
        base::log_error("request {}: the answer is malformed: {}", context.id, error.what());
        append_response(out_, internal_error(), context);
    }
}

// Answers something that never became a request, and ends the connection.
template <class Stream>
void Connection<Stream>::refuse(const Response& response)
{
    std::string id = server_.ids.next().text();
    append(response,
           {.id = id, .keep_alive = false, .http_1_0 = parser_.is_http_1_0(), .head = parser_.is_head()});
}

template <class Stream>
asio::awaitable<void> Connection<Stream>::flush()
{
    if (out_.empty()) co_return;
    boost::system::error_code error;
    // Before a deadline is set: most answers need none.
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
    // Only this side. To close with unread bytes in the kernel would send a reset, which makes the peer's
    // kernel throw away an answer that it has not read yet.
    socket.shutdown(tcp::socket::shutdown_send, error);
    in_.clear();
    for (std::size_t read = 0; !error && read < linger_max;) {
        auto [end, dropped] = co_await socket.async_read_some(in_.prepare(read_size), no_exception);
        error = end;
        read += dropped;
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
        bool is_here = co_await read_head();
        if (!is_here) break;
        co_await serve();
        if (out_.size() > coalesce_max) co_await flush();
        // Somebody who is gone needs no goodbye.
        if (broken_) co_return;
        if (in_.size() == 0 && in_.capacity() > buffer_kept) in_.shrink_to_fit();
    }
    co_await flush();
    if (!broken_) co_await close();
}

}  // namespace

void Worker::know(Lifeline& lifeline)
{
    if (!lifeline.stranger) return;
    known_.splice(known_.end(), strangers_, lifeline.place);
    lifeline.stranger = false;
}

bool Worker::close_oldest_stranger(const Lifeline* newcomer)
{
    // One that is being handled will be gone at once: what strangers may ask waits for nothing.
    auto oldest = std::ranges::find_if(strangers_, [newcomer](const Lifeline* lifeline) {
        return lifeline != newcomer && lifeline->phase != Phase::handling;
    });
    if (oldest == strangers_.end()) return false;
    Lifeline& leaving = **oldest;
    know(leaving);  // so that the next one who comes takes another's place
    boost::system::error_code ignored;
    leaving.socket->close(ignored);
    return true;
}

asio::awaitable<void> run_connection(Admission admission, Worker& worker, tcp::socket socket)
{
    if (auto& tls = admission.state().tls) {
        TlsStream stream(std::move(socket), *tls);
        Connection<TlsStream> connection(std::move(admission), worker, std::move(stream));
        co_await connection.run();
    } else {
        Connection<tcp::socket> connection(std::move(admission), worker, std::move(socket));
        co_await connection.run();
    }
}

}  // namespace tidings::http
