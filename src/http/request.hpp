// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/beast/http/fields.hpp>
#include <boost/beast/http/verb.hpp>

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tidings::http {

// One request, whole and well formed. Lives until its handler has completed.
struct Request {
    boost::beast::http::verb method = boost::beast::http::verb::unknown;
    std::string method_text;  // as received, also for verbs that Beast does not know
    std::string target;       // the raw request-target, as received: what signatures cover
    std::string path;         // of the target, still percent-encoded
    std::string query;        // of the target, without the question mark, still percent-encoded
    boost::beast::http::fields headers;
    std::string body;
    std::string peer;  // the address of the other end of the connection, without port
    bool tls = false;
    std::string id;  // made by the server; the answer carries it as X-Request-Id
    std::vector<std::string>
        parameters;  // what stood for each {name} of the route, percent-decoded, in order

    // The first header of that name, in any letter case. Empty: none, or an empty one.
    std::string_view header(std::string_view name) const;
};

struct Response {
    unsigned status = 200;
    std::string body;
    std::string content_type = "application/json";  // sent only along with a body
    std::vector<std::pair<std::string, std::string>> headers;
};

// Runs on the io_context of its connection. What it throws is logged and answered with 500.
using Handler = std::function<boost::asio::awaitable<Response>(const Request&)>;

// {"message":"..."}, the form of every error of the listener. `message` needs no escaping.
Response error_response(unsigned status, std::string_view message);

}  // namespace tidings::http
