// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace tidings::wire {

// An http or https URL with a host name of RFC 1123 or of IDNA, or an IP address, and without spaces and
// control characters. More is not asked: characters that RFC 3986 wants encoded pass, since clients do send
// them.
bool is_http_url(std::string_view url);

// Scheme, user and password, host and port of such a URL as they are sent: all that stands before its path,
// in ASCII. The text has room for its path, which callers append.
std::string sent_origin(std::string_view url);

}  // namespace tidings::wire
