// SPDX-License-Identifier: Apache-2.0
// Every error answer of the API, in one place. Clients read `message`; people read `details`.
#pragma once

#include "base/error.hpp"
#include "http/request.hpp"

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tidings::api {

struct Problem {
    unsigned status = 500;
    std::string message;
    std::vector<std::string> details{};  // one line for each fault; left out of the answer when empty
    std::vector<std::pair<std::string, std::string>> headers{};
    std::string_view after_body{};  // written behind the JSON
};

http::Response response_of(const Problem& problem);

// What an application may be told about an outcome of the store.
Problem problem_of(boost::system::error_code error);

Problem bad_request(std::vector<std::string> details);
// Neither credentials nor a scheme that we know. `challenge` goes into WWW-Authenticate.
Problem unauthorized(std::string_view challenge);
Problem not_found();
Problem feature_off();
// Another request with the same idempotency key is being answered.
Problem in_flight();
// `account` is the value of the request's header Account, whatever its bytes.
Problem invalid_account(std::string_view account);
Problem store_unavailable();
// `limit` is a sentence that says which.
Problem too_many_requests(std::chrono::seconds wait, std::string limit);

}  // namespace tidings::api
