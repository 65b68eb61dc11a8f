// SPDX-License-Identifier: Apache-2.0
// An answer of HTTP/1.1. All that applications or carriers may have put into a header was checked where it
// came in; that no header can end its line is checked here once more, since a mistake would let strangers
// write answers.
#include "http/response_writer.hpp"

#include <fmt/format.h>
#include <boost/beast/http/status.hpp>

#include <iterator>
#include <stdexcept>

namespace tidings::http {

namespace {

constexpr std::string_view line_breakers{"\r\n\0", 3};

bool has_body(unsigned status) { return status != 204 && status != 304; }

void check(std::string_view text)
{
    if (text.find_first_of(line_breakers) != text.npos) throw std::invalid_argument("line break in a header");
}

void append_header(std::string& out, std::string_view name, std::string_view value)
{
    out.append(name).append(": ").append(value).append("\r\n");
}

}  // namespace

void append_response(std::string& out, const Response& response, const ResponseContext& context)
{
    // All is checked before anything is appended: `out` may hold the answers to other requests, which must
    // stay whole.
    check(response.content_type);
    for (const auto& [name, value] : response.headers) check(name), check(value);

    std::string_view reason =
        boost::beast::http::obsolete_reason(boost::beast::http::int_to_status(response.status));
    fmt::format_to(std::back_inserter(out), "HTTP/1.1 {} {}\r\n", response.status, reason);
    if (has_body(response.status)) {
        if (!response.body.empty()) append_header(out, "Content-Type", response.content_type);
        // Also in the answer to HEAD, where it says what GET would bring (RFC 9110, 8.6).
        fmt::format_to(std::back_inserter(out), "Content-Length: {}\r\n", response.body.size());
    }
    append_header(out, "X-Request-Id", context.id);
    for (const auto& [name, value] : response.headers) append_header(out, name, value);
    if (!context.keep_alive)
        append_header(out, "Connection", "close");
    else if (context.http_1_0)
        append_header(out, "Connection", "keep-alive");
    out.append("\r\n");
    if (has_body(response.status) && !context.head) out.append(response.body);
}

}  // namespace tidings::http
