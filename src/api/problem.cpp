// SPDX-License-Identifier: Apache-2.0
// Every error answer. Clients of the service read `message`, and some compare it letter by letter, so each
// stands here once; `details` are for people. An outcome of the store that no application can cause is an
// error of ours, and its answer says no more than that.
#include "api/problem.hpp"

#include "api/operation.hpp"
#include "base/utf8.hpp"
#include "text/unicode.hpp"
#include "wire/json_text.hpp"
#include "wire/submission.hpp"

#include <cstdlib>

namespace tidings::api {

namespace {

// How long a client should wait while the store cannot write. The store is opened anew for the next job, so
// that whoever comes back finds it well as soon as the disk is.
constexpr std::string_view retry_after_seconds = "5";

constexpr std::size_t detail_max = 500;  // bytes; a field's name may have a body's size

// A line about a request shows some of it: no more than people read, and no bytes that do something where
// they are shown.
void append_detail(std::string& out, std::string_view detail)
{
    std::string_view begin = base::utf8_prefix(detail, detail_max);
    wire::append_json_string(out, base::escaped(begin) + (begin == detail ? "" : "…"));
}

Problem internal_error()
{
    return {.status = 500, .message = "Something went wrong. Please try again later."};
}

}  // namespace

http::Response response_of(const Problem& problem)
{
    std::string body;
    {
        wire::JsonObject object(body);
        object.text("message", problem.message);
        if (!problem.details.empty()) object.list("details", problem.details, &append_detail);
    }
    body += problem.after_body;
    http::Response response = json_response(problem.status, std::move(body));
    response.headers = problem.headers;
    return response;
}

// Every outcome is named, so that a new one has to be given an answer.
Problem problem_of(boost::system::error_code error)
{
    // An error of the system, which no application can do anything about.
    if (error.category() != base::error_category()) return internal_error();
    switch (static_cast<base::errc>(error.value())) {
    case base::errc::not_found: return not_found();
    case base::errc::not_held: return {.status = 409, .message = "The message is not held"};
    case base::errc::not_scheduled: return {.status = 400, .message = "Message is not currently scheduled"};
    case base::errc::exists: return {.status = 409, .message = "Resource exists already"};
    case base::errc::in_use: return {.status = 409, .message = "Resource is in use"};
    case base::errc::not_prepaid: return {.status = 409, .message = "The account is not prepaid"};
    case base::errc::reused_key:
        return {.status = 422, .message = "This Idempotency-Key was used for another request"};
    case base::errc::too_many: return {.status = 409, .message = "The account has too many of these"};
    case base::errc::bad_base64:
    case base::errc::bad_time:
    case base::errc::bad_uuid:
    case base::errc::bad_address:
    case base::errc::bad_seal:
    case base::errc::bad_pdu:
    case base::errc::bad_template:
    case base::errc::bad_url:
    case base::errc::address_refused:
    case base::errc::answer_too_large:
    case base::errc::timed_out:
    case base::errc::unreachable: return internal_error();
    }
    std::abort();
}

Problem bad_request(std::vector<std::string> details)
{
    return {.status = 400, .message = std::string(wire::refused_body), .details = std::move(details)};
}

Problem unauthorized(std::string_view challenge)
{
    Problem problem{.status = 401, .message = "Unauthorized"};
    problem.headers.emplace_back("WWW-Authenticate", challenge);
    return problem;
}

Problem not_found() { return {.status = 404, .message = "Resource not found"}; }

Problem feature_off()
{
    return {.status = 403, .message = "This feature has not been enabled in your account."};
}

Problem in_flight()
{
    return {.status = 409, .message = "A request with this Idempotency-Key is being processed"};
}

Problem invalid_account(std::string_view account)
{
    // Clients compare this body byte for byte, its line end included.
    return {.status = 403,
            .message = "Invalid account '" + text::valid_utf8(account) + "' in header Account",
            .after_body = "\n"};
}

Problem store_unavailable()
{
    Problem problem{.status = 503, .message = "The service cannot store anything. Please try again later."};
    problem.headers.emplace_back("Retry-After", retry_after_seconds);
    return problem;
}

Problem too_many_requests(std::chrono::seconds wait, std::string limit)
{
    Problem problem{.status = 429, .message = "Too many requests. Please slow down."};
    problem.details.push_back(std::move(limit));
    problem.headers.emplace_back("Retry-After", std::to_string(wait.count()));
    return problem;
}

}  // namespace tidings::api
