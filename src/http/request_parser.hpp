// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "http/chunk_decoder.hpp"
#include "http/request.hpp"

#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>

#include <cstddef>
#include <optional>
#include <string_view>

namespace tidings::http {

struct RequestLimits {
    std::size_t header_max;  // also of the framing of chunks, beyond a byte for each byte of the body
    std::size_t body_max;
};

// Bytes of a connection in, requests out; knows no socket. It stops behind the headers, so that they can be
// judged before a byte of the body is kept. Beast does the syntax of the headers; on top of it come the
// limits, and a refusal of whatever two readers of one stream could understand differently (RFC 9112, 6.3
// and 11.2).
//
//     idle → header → headed ── take_head(), read_body() ──► body → done ── take_body() ──► idle
//                           └── take_head(), skip_body() ──► skipping ──► idle
class RequestParser {
public:
    enum class State {
        idle,    // no byte of a request yet
        header,  // request line or headers are incomplete
        headed,  // the headers are here
        body,
        skipping,  // a body that nobody wants
        done,
        failed,  // see failure(); nothing after this can be read
    };

    explicit RequestParser(RequestLimits limits);

    // Reads from the front of `bytes`, no further than the end of the headers or of the body, and says how
    // many it used up. The rest is to be given again, with more behind it.
    std::size_t put(std::string_view bytes);

    State state() const { return state_; }
    const Response& failure() const { return failure_; }  // what to answer before closing
    bool keep_alive() const { return keep_alive_; }       // these three of the last request with headers
    bool is_http_1_0() const { return http_1_0_; }
    bool is_head() const { return head_; }
    bool expects_continue() const { return expectation_; }
    std::optional<std::uint64_t> body_length() const;  // as it was announced; nothing: in chunks

    // The request without its body. `peer`, `tls`, `id` and `parameters` are not the parser's to fill.
    Request take_head();
    void read_body();
    void skip_body();

    std::size_t body_memory() const { return body_.empty() ? 0 : body_.capacity(); }
    std::string take_body();

private:
    using Parser = boost::beast::http::request_parser<boost::beast::http::empty_body>;

    void restart();
    std::size_t put_header(std::string_view bytes);
    std::size_t put_body(std::string_view bytes);
    void put_chunks(std::string_view& bytes);
    void check_header();
    void begin_body(State state);
    void fail(unsigned status, std::string_view message);
    void fail(boost::system::error_code code, std::string_view bytes);

    RequestLimits limits_;
    std::optional<Parser> parser_;
    State state_ = State::idle;
    Response failure_;
    bool keep_alive_ = false;
    bool http_1_0_ = false;
    bool head_ = false;
    bool expectation_ = false;
    std::uint64_t length_ = 0;
    std::uint64_t length_left_ = 0;
    std::optional<ChunkDecoder> chunks_{};  // for a body that has no length
    std::string body_;
};

// Sets path and query. False for what is neither origin-form nor absolute-form (RFC 9112, 3.2).
bool split_target(std::string_view target, std::string& path, std::string& query);

}  // namespace tidings::http
