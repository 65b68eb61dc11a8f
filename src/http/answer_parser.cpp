// SPDX-License-Identifier: Apache-2.0
// Whoever answers may be anybody: the endpoints of callbacks are what applications say they are. So an answer
// is bounded in each of its parts. Its headers and its framing have a limit, whatever they say; its body is
// kept as far as somebody wants it, dropped for a while, and then left where it is; and all the 1xx before it
// count with its headers.
//
// Which answers are understood is Beast's to say, and the connection is used again only when both sides agree
// on where the answer ended (RFC 9112, 6.3): its length was announced once, or it came in chunks, and nothing
// stands behind it. Two lengths that differ, or a length and chunks, are no answer.
#include "http/answer_parser.hpp"

#include <boost/asio/buffer.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cstdlib>

namespace tidings::http {

namespace beast = boost::beast;
using boost::system::error_code;

namespace {

constexpr int interim_min = 100, switching_protocols = 101;
constexpr int status_min = 200, status_max = 599;  // of an answer (RFC 9110, 15)
constexpr std::string_view bare_line = "HTTP/1.1 200\r\n";

}  // namespace

AnswerParser::Message::Message(AnswerParser& parser) : parser_(parser)
{
    eager(true);
    header_limit(static_cast<std::uint32_t>(header_max));
    body_limit(boost::none);  // is counted by keep()
}

void AnswerParser::Message::on_request_impl(beast::http::verb, string_view, string_view, int, error_code&)
{
    std::abort();  // this parser reads answers
}

void AnswerParser::Message::on_response_impl(int status, string_view, int, error_code& error)
{
    if (status < interim_min || status > status_max) error = beast::http::error::bad_status;
    parser_.answer_.status = static_cast<unsigned>(status);
}

// Of a header that stands twice the first counts. What stands in a trailer was not there when the headers
// were judged, and does not count.
void AnswerParser::Message::on_field_impl(beast::http::field name, string_view, string_view value,
                                          error_code&)
{
    ClientAnswer& answer = parser_.answer_;
    if (!is_head_ || answer.status < status_min) return;
    if (name == beast::http::field::content_type && answer.content_type.empty())
        answer.content_type = std::string(value);
    if (name == beast::http::field::retry_after && answer.retry_after.empty())
        answer.retry_after = std::string(value);
}

void AnswerParser::Message::on_header_impl(error_code&) { is_head_ = false; }
void AnswerParser::Message::on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) {}
void AnswerParser::Message::on_chunk_header_impl(std::uint64_t, string_view, error_code&) {}
void AnswerParser::Message::on_finish_impl(error_code&) {}

std::size_t AnswerParser::Message::on_body_impl(string_view body, error_code& error)
{
    parser_.keep(body, error);
    return body.size();
}

std::size_t AnswerParser::Message::on_chunk_body_impl(std::uint64_t, string_view body, error_code& error)
{
    parser_.keep(body, error);
    return body.size();
}

AnswerParser::AnswerParser(std::size_t body_max, WhenTooLarge when_too_large)
    : body_max_(body_max), when_too_large_(when_too_large)
{
    message_.emplace(*this);
}

std::size_t AnswerParser::put(std::string_view bytes)
{
    assert(state_ == State::reading);
    has_begun_ |= !bytes.empty();
    std::string_view rest = bytes;
    while (state_ == State::reading && !rest.empty()) {
        // Beast would remember that it has seen a line which it is then not given.
        if (!message_->got_some() && rest.size() < bare_line.size()) break;
        error_code error;
        std::size_t used = put_some(rest, error);
        rest.remove_prefix(used);
        received_ += used;
        bool needs_more = error == beast::http::error::need_more;
        if (error && !needs_more) stop(error);
        // What is not used up yet is framing, too: a line that does not end.
        std::uint64_t framing = received_ - body_ + (needs_more ? rest.size() : 0);
        if (state_ == State::reading && framing > framing_max + body_)
            fail(base::errc::unreachable, "the headers or the framing of the answer are too long");
        if (state_ == State::reading && message_->is_done()) end_message();
        if (needs_more) break;
    }
    return bytes.size() - rest.size();
}

// Some servers end the first line behind the status. The blank that must stand there, for a reason that may
// be empty (RFC 9112, 4), is added for Beast.
std::size_t AnswerParser::put_some(std::string_view bytes, error_code& error)
{
    bool is_bare = !message_->got_some() && bytes.substr(bare_line.size() - 2, 2) == "\r\n";
    if (!is_bare) return message_->put(boost::asio::const_buffer(bytes.data(), bytes.size()), error);
    std::array<char, bare_line.size() + 1> line;
    bytes.copy(line.data(), bare_line.size() - 2);
    std::copy_n(" \r\n", 3, line.end() - 3);
    message_->put(boost::asio::buffer(line), error);
    if (error == beast::http::error::need_more) error = {};  // that was the line, and the headers are not
    return bare_line.size();
}

void AnswerParser::end_message()
{
    int status = static_cast<int>(answer_.status);
    if (status == switching_protocols)
        return fail(base::errc::unreachable, "the peer speaks another protocol from here on");
    if (status < status_min) {
        if (++interim_ > interim_max)
            return fail(base::errc::unreachable, "too many answers of 1xx before the answer");
        message_.emplace(*this);
        return;
    }
    keeps_connection_ = message_->keep_alive();
    state_ = State::done;
}

void AnswerParser::put_end()
{
    assert(state_ == State::reading);
    if (!has_begun_) return fail(base::errc::unreachable, "the connection was closed without an answer");
    error_code error = beast::http::error::partial_message;
    if (message_->got_some()) message_->put_eof(error);
    if (error) return fail(base::errc::unreachable, "the connection was closed in the middle of the answer");
    end_message();
    keeps_connection_ = false;
}

void AnswerParser::keep(std::string_view body, error_code& error)
{
    std::string& kept = answer_.body;
    std::size_t taken = std::min(body.size(), body_max_ - kept.size());
    kept.append(body, 0, taken);
    body_ += body.size();
    dropped_ += body.size() - taken;
    std::size_t allowed = when_too_large_ == WhenTooLarge::cut ? dropped_max : 0;
    if (dropped_ > allowed) error = base::errc::answer_too_large;
}

void AnswerParser::fail(error_code code, std::string text)
{
    state_ = State::failed;
    failure_ = {code, std::move(text), true};
}

// Beast, or keep(), goes no further.
void AnswerParser::stop(error_code error)
{
    if (error != base::errc::answer_too_large)
        return fail(base::errc::unreachable, fmt::format("malformed answer: {}", error.message()));
    if (when_too_large_ == WhenTooLarge::refuse)
        return fail(base::errc::answer_too_large, "the answer is too large");
    state_ = State::done;  // the status counts, which has come
}

}  // namespace tidings::http
