// SPDX-License-Identifier: Apache-2.0
// How a request says who sends it: HTTP Basic, or a signature over date, body and request line.
#pragma once

#include "tidings/options.hpp"

#include <string>
#include <string_view>

namespace tidings::detail {

struct Signed {
    std::string authorization;
    std::string date{};         // empty: the header is not needed
    std::string content_md5{};  // likewise
};

struct ToSign {
    std::string_view method;
    std::string_view target;  // as in the request line, the prefix of the base URI included
    std::string_view body;
    std::string_view date;  // RFC 7231
};

Signed sign(const Credentials& credentials, const ToSign& request);

}  // namespace tidings::detail
