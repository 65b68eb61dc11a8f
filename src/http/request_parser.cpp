// SPDX-License-Identifier: Apache-2.0
#include "http/request_parser.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/core/string.hpp>

#include <algorithm>

namespace tidings::http {

namespace beast = boost::beast;
using beast::http::field;

namespace {

std::size_t count(const beast::http::fields& headers, field name)
{
    auto [first, last] = headers.equal_range(name);
    return static_cast<std::size_t>(std::distance(first, last));
}

bool is_number(std::string_view text) { return text.find_first_not_of("0123456789") == text.npos; }

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
    parser_->eager(true);
    parser_->header_limit(static_cast<std::uint32_t>(limits_.header_max));
    parser_->body_limit(limits_.body_max);
    state_ = State::idle;
    expectation_ = false;
}

void RequestParser::fail(unsigned status, std::string_view message)
{
    state_ = State::failed;
    failure_ = error_response(status, message);
    keep_alive_ = false;
}

void RequestParser::fail(boost::system::error_code code, std::string_view bytes)
{
    using beast::http::error;
    if (code == error::body_limit) return fail(413, "Request body too large");
    if (code == error::bad_version) return fail(505, "HTTP version not supported");
    if (code != error::header_limit) return fail(400, "Bad request");
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
        if (!beast::iequals(request[field::transfer_encoding], "chunked"))
            return fail(501, "Transfer-Encoding not supported");
    }
    // Beast takes "5, 5" as 5; not everybody in front of us would.
    if (lengths == 1 && !is_number(request[field::content_length])) return fail(400, "Bad request");
    std::size_t hosts = count(request, field::host);
    if (hosts > 1 || (hosts == 0 && !http_1_0_)) return fail(400, "One Host header is needed");
    expectation_ = !http_1_0_ && beast::iequals(request[field::expect], "100-continue");
}

std::size_t RequestParser::put(std::string_view bytes)
{
    std::size_t used = 0;
    if (state_ == State::idle) {
        // Old clients send an empty line after a body (RFC 9112, 2.2).
        while (used < bytes.size() && (bytes[used] == '\r' || bytes[used] == '\n')) ++used;
        bytes.remove_prefix(used);
        if (bytes.empty()) return used;
        state_ = State::header;
    }
    bool in_header = state_ == State::header;
    boost::system::error_code error;
    std::size_t parsed = parser_->put(boost::asio::const_buffer(bytes.data(), bytes.size()), error);
    if (error == beast::http::error::need_more) error = {};
    if (in_header && parser_->is_header_done()) {
        state_ = State::body;
        check_header();
    }
    if (state_ == State::failed) return used + parsed;
    if (error)
        fail(error, bytes);
    else if (parser_->is_done())
        state_ = State::done;
    return used + parsed;
}

bool RequestParser::take_expectation() { return std::exchange(expectation_, false) && state_ == State::body; }

Request RequestParser::take()
{
    auto message = parser_->release();
    keep_alive_ = message.keep_alive();
    Request request;
    request.method = message.method();
    request.method_text = std::string(message.method_string());
    request.target = std::string(message.target());
    request.body = std::move(message.body());
    request.headers = std::move(static_cast<beast::http::fields&>(message));
    restart();
    return request;
}

}  // namespace tidings::http
