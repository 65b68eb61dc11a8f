// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tidings/error.hpp"

#include <boost/beast/http/verb.hpp>

#include <chrono>
#include <optional>
#include <string>

namespace tidings::detail {

namespace http = boost::beast::http;

struct Request {
    http::verb method = http::verb::get;
    std::string target{};  // below the base URI: "/v1/messages"
    std::string body{};    // JSON; empty: none
    std::string idempotency_key{};
    bool is_repeatable = false;  // does no harm when the gateway gets it twice
};

struct Answer {
    int status = 0;
    std::string body{};
    std::string request_id{};
    std::string retry_after{};  // as the gateway wrote it
};

std::string encoded(std::string_view text);  // for a segment of a path, in percent

// How long the gateway asks to wait: from seconds or a date.
std::optional<std::chrono::seconds> wait_asked_by(const Answer& answer);

// An answer that says no, as an error.
Error refusal(const Answer& answer);

}  // namespace tidings::detail
