// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tidings/message.hpp"

namespace tidings::detail {

Time now();
std::string to_http_date(Time time);  // Sat, 30 Jul 2016 05:18:52 GMT (RFC 7231, 7.1.1.1)
Result<Time> parse_http_date(std::string_view text);

}  // namespace tidings::detail
