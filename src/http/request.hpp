// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "http/payer.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/beast/http/fields.hpp>
#include <boost/beast/http/verb.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tidings::http {

// One request, well formed. Lives until its handler has completed.
struct Request {
    boost::beast::http::verb method = boost::beast::http::verb::unknown;
    std::string method_text;  // as received, also for verbs that Beast does not know
    std::string target;       // the raw request-target, as received: what signatures cover
    std::string path;         // of the target, still percent-encoded
    std::string query;        // of the target, without the question mark, still percent-encoded
    boost::beast::http::fields headers;
    std::string body;  // empty as long as only the headers are here
    std::string peer;  // the address of the other end of the connection, without port
    bool tls = false;
    std::string id;  // made by the server; the answer carries it as X-Request-Id
    std::vector<std::string>
        parameters;              // what stood for each {name} of the pattern, percent-decoded, in order
    std::string_view pattern{};  // of the operation; for logs, since paths may hold phone numbers

    // The first header of that name, in any letter case. Empty: none, or an empty one.
    std::string_view header(std::string_view name) const;
    bool has_body() const;  // it is here, or the headers say that it will come
};

struct Response {
    unsigned status = 200;
    std::string body;
    std::string content_type = "application/json";  // sent only along with a body
    std::vector<std::pair<std::string, std::string>> headers;
};

// Runs on the io_context of its connection, or if the body is a large one on a side thread. What it throws is
// logged and answered with 500.
using Handler = std::function<boost::asio::awaitable<Response>(const Request&)>;

// What an operation says to a request of which it has the headers. Only of callers that it knows is a body
// read: who is nobody gets an answer, and no memory.
struct Judgement {
    std::optional<Response> refusal{};  // the answer; else there is `answer`
    Handler answer{};                   // called once, with the whole request
    bool reads_body = false;            // false: it is answered at once, as if it had none
    Payer payer = 0;
    bool when_full = false;  // is answered on connections beyond the limit, too
};

// Runs on the io_context of the connection, and does not wait.
using Judge = std::function<Judgement(const Request& head)>;

Response json_response(unsigned status, std::string body);

// {"message":"..."}, the form of every error of the listener. `message` needs no escaping.
Response error_response(unsigned status, std::string_view message);

}  // namespace tidings::http
