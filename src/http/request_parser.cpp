// SPDX-License-Identifier: Apache-2.0
// Requests are parsed by Beast, and judged by us where HTTP/1.1 leaves a choice: where a reader in front of
// us might see other requests in the same bytes, the answer is 400 (RFC 9112, 6.3 and 11.2). One length at
// most, and digits only; one Host; chunked or nothing; no chunks in HTTP/1.0.
//
// Beast reads headers, and here it stops: bodies are copied by us, as they come, because how much memory
// they may have is known only after the headers were judged.
#include "http/request_parser.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/core/string.hpp>

#include <algorithm>
#include <cassert>
#include <cstdlib>
#include <utility>

namespace tidings::http {

namespace beast = boost::beast;
using beast::http::field;

namespace {

// A longer body grows as it arrives: what was announced and is not here costs nothing.
constexpr std::uint64_t reserved_max = 64 << 10;
constexpr std::uint64_t reserved_of_chunks = 1 << 10;

std::size_t count(const beast::http::fields& headers, field name)
{
    auto [first, last] = headers.equal_range(name);
    return static_cast<std::size_t>(std::distance(first, last));
}

bool is_number(std::string_view text) { return text.find_first_not_of("0123456789") == text.npos; }

// Beast calls a bad version whatever stands where one is due, and what ends the line otherwise than with CR
// LF. A version that we do not speak has at least the form of one.
bool names_other_version(std::string_view header)
{
    std::size_t end = header.find_first_of("\r\n");
    if (end != header.npos && header[end] == '\n') return false;
    std::string_view line = header.substr(0, end);
    std::string_view version = line.substr(line.rfind(' ') + 1);
    return version.size() == 8 && version.starts_with("HTTP/") && is_number(version.substr(5, 1)) &&
           version[6] == '.' && is_number(version.substr(7)) && version != "HTTP/1.1" &&
           version != "HTTP/1.0";
}

bool is_absolute_form(std::string_view target)
{
    return beast::iequals(beast::string_view(target.substr(0, 7)), "http://") ||
           beast::iequals(beast::string_view(target.substr(0, 8)), "https://");
}

}  // namespace

bool split_target(std::string_view target, std::string& path, std::string& query)
{
    if (is_absolute_form(target)) {
        target.remove_prefix(target.find("//") + 2);
        target.remove_prefix(std::min(target.find_first_of("/?"), target.size()));
        if (target.empty() || target.front() == '?') {
            path = "/";
            query = target.empty() ? "" : target.substr(1);
            return true;
        }
    }
    if (!target.starts_with('/')) return false;
    std::size_t mark = target.find('?');
    path = target.substr(0, mark);
    query = mark == target.npos ? "" : target.substr(mark + 1);
    return true;
}

RequestParser::RequestParser(RequestLimits limits) : limits_(limits) { restart(); }

void RequestParser::restart()
{
    parser_.emplace();
    parser_->header_limit(static_cast<std::uint32_t>(limits_.header_max));
    parser_->body_limit(limits_.body_max);
    state_ = State::idle;
}

void RequestParser::fail(unsigned status, std::string_view message)
{
    state_ = State::failed;
    failure_ = error_response(status, message);
    // Behind bytes that could not be read nobody knows where the next request begins.
    keep_alive_ = false;
}

void RequestParser::fail(boost::system::error_code code, std::string_view bytes)
{
    using beast::http::error;
    if (code == error::body_limit) return fail(413, "Request body too large");
    if (code == error::bad_version && names_other_version(bytes))
        return fail(505, "HTTP version not supported");
    if (code != error::header_limit) return fail(400, "Bad request");
    // The limit counts all of the header. Whether the first line alone is over it decides which status says
    // so.
    bool has_line = !parser_->get().target().empty() || bytes.find("\r\n") < limits_.header_max;
    if (!has_line) return fail(414, "URI too long");
    fail(431, "Request header fields too large");
}

void RequestParser::check_header()
{
    const auto& request = parser_->get();
    head_ = request.method() == beast::http::verb::head;
    http_1_0_ = request.version() == 10;
    std::size_t codings = count(request, field::transfer_encoding);
    std::size_t lengths = count(request, field::content_length);
    if (lengths + codings > 1) return fail(400, "Ambiguous length of the request body");
    if (codings == 1) {
        if (http_1_0_) return fail(400, "Transfer-Encoding needs HTTP/1.1");
        // RFC 9112, 6.1: a coding that we do not know is 501, since the body could not be understood.
        if (!beast::iequals(request[field::transfer_encoding], "chunked"))
            return fail(501, "Transfer-Encoding not supported");
    }
    // Beast takes "5, 5" as 5; not everybody in front of us would.
    if (lengths == 1 && !is_number(request[field::content_length])) return fail(400, "Bad request");
    std::size_t hosts = count(request, field::host);
    if (hosts > 1 || (hosts == 0 && !http_1_0_)) return fail(400, "One Host header is needed");
    // RFC 9110, 10.1.1: it is ignored from a client of HTTP/1.0.
    expectation_ = !http_1_0_ && beast::iequals(request[field::expect], "100-continue");
    keep_alive_ = request.keep_alive();
    length_ = length_left_ = parser_->content_length().value_or(0);
    chunks_.reset();
    if (codings == 1) chunks_.emplace(limits_.header_max);
}

std::size_t RequestParser::put(std::string_view bytes)
{
    switch (state_) {
    case State::idle:
    case State::header: return put_header(bytes);
    case State::body:
    case State::skipping: return put_body(bytes);
    case State::headed:
    case State::done:
    case State::failed: return 0;
    }
    std::abort();
}

std::size_t RequestParser::put_header(std::string_view bytes)
{
    std::size_t used = 0;
    if (state_ == State::idle) {
        // Old clients send an empty line after a body (RFC 9112, 2.2).
        while (used < bytes.size() && (bytes[used] == '\r' || bytes[used] == '\n')) ++used;
        bytes.remove_prefix(used);
        if (bytes.empty()) return used;
        state_ = State::header;
    }
    boost::system::error_code error;
    std::size_t parsed = parser_->put(boost::asio::const_buffer(bytes.data(), bytes.size()), error);
    if (error == beast::http::error::need_more) error = {};
    // Before the error is looked at: an error behind complete headers, a limit of the body for one, is told
    // with what the headers say.
    if (parser_->is_header_done()) {
        state_ = State::headed;
        check_header();
    }
    if (error && state_ != State::failed) fail(error, bytes);
    return used + parsed;
}

// Takes as much as belongs to this body, and leaves the rest: the next request may follow at once.
std::size_t RequestParser::put_body(std::string_view bytes)
{
    std::string_view rest = bytes;
    if (chunks_) {
        put_chunks(rest);
    } else {
        rest.remove_prefix(static_cast<std::size_t>(std::min<std::uint64_t>(length_left_, rest.size())));
        std::size_t size = bytes.size() - rest.size();
        if (state_ == State::body) body_.append(bytes, 0, size);
        length_left_ -= size;
    }
    bool whole = chunks_ ? chunks_->state() == ChunkDecoder::State::done : length_left_ == 0;
    if (whole && state_ == State::body) state_ = State::done;
    if (whole && state_ == State::skipping) restart();
    return bytes.size() - rest.size();
}

void RequestParser::put_chunks(std::string_view& bytes)
{
    bool keeps = state_ == State::body;
    while (!bytes.empty() && chunks_->state() == ChunkDecoder::State::reading && state_ != State::failed) {
        std::string_view data = chunks_->next(bytes);
        // As soon as a chunk says so, without waiting for its octets.
        if (chunks_->announced() > limits_.body_max) return fail(413, "Request body too large");
        if (keeps) body_.append(data);
    }
    if (chunks_->state() == ChunkDecoder::State::malformed) fail(400, "Malformed chunk in the request body");
    if (chunks_->state() == ChunkDecoder::State::too_much_framing)
        fail(431, "Chunks too small, or their extensions and trailers too long");
}

Request RequestParser::take_head()
{
    assert(state_ == State::headed);
    auto message = parser_->release();
    Request request;
    request.method = message.method();
    request.method_text = std::string(message.method_string());
    request.target = std::string(message.target());
    request.headers = std::move(static_cast<beast::http::fields&>(message));
    return request;
}

std::optional<std::uint64_t> RequestParser::body_length() const
{
    if (chunks_) return {};
    return length_;
}

void RequestParser::begin_body(State state)
{
    assert(state_ == State::headed);
    state_ = state;
    if (state == State::body) body_.reserve(std::min(chunks_ ? reserved_of_chunks : length_, reserved_max));
    put_body({});  // there may be none
}

void RequestParser::read_body() { begin_body(State::body); }

void RequestParser::skip_body() { begin_body(State::skipping); }

std::string RequestParser::take_body()
{
    assert(state_ == State::done);
    restart();
    return std::exchange(body_, {});
}

}  // namespace tidings::http
