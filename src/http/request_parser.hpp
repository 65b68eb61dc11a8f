// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "http/request.hpp"

#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <cstddef>
#include <optional>
#include <string_view>

namespace tidings::http {

struct RequestLimits {
    std::size_t header_max;
    std::size_t body_max;
};

// Bytes of a connection in, requests out; knows no socket. Beast does the syntax; on top of it come the
// limits, and a refusal of whatever two readers of one stream could understand differently (RFC 9112, 6.3
// and 11.2).
class RequestParser {
public:
    enum class State {
        idle,    // no byte of a request yet
        header,  // request line or headers are incomplete
        body,
        done,    // take() it
        failed,  // see failure(); nothing after this can be read
    };

    explicit RequestParser(RequestLimits limits);

    // Reads from the front of `bytes`, no further than the end of one request, and says how many it used up.
    // The rest is to be given again, with more behind it.
    std::size_t put(std::string_view bytes);

    State state() const { return state_; }
    const Response& failure() const { return failure_; }  // what to answer before closing
    bool keep_alive() const { return keep_alive_; }       // of the last request that was taken or has failed
    bool is_http_1_0() const { return http_1_0_; }
    bool is_head() const { return head_; }

    // True once for a request whose body waits for "100 Continue".
    bool take_expectation();

    // The request that is done; the parser is idle again. `peer`, `tls`, `id` and `parameters` are not its to
    // fill.
    Request take();

private:
    using Parser = boost::beast::http::request_parser<boost::beast::http::string_body>;

    void restart();
    void check_header();
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
};

// Sets path and query. False for what is neither origin-form nor absolute-form (RFC 9112, 3.2).
bool split_target(std::string_view target, std::string& path, std::string& query);

}  // namespace tidings::http
