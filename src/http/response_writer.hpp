// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "http/request.hpp"

#include <string>
#include <string_view>

namespace tidings::http {

// What the bytes of an answer depend on besides the answer.
struct ResponseContext {
    std::string_view id;
    bool keep_alive = true;
    bool http_1_0 = false;  // where keep-alive has to be said
    bool head = false;      // the answer to HEAD ends after its headers
};

// Appends the answer as it goes over the wire. Throws std::invalid_argument, with `out` as it was, for a
// header that would break out of its line.
void append_response(std::string& out, const Response& response, const ResponseContext& context);

}  // namespace tidings::http
