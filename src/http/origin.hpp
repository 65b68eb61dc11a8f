// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "http/client.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tidings::http {

// Where a request goes, and what all requests to there have in common.
struct Origin {
    bool is_tls = false;
    std::string host;  // a name or an address, without brackets
    std::uint16_t port = 0;
    std::string host_and_port;    // of the Host header: the port only where it is another than usual
    std::string authorization{};  // of the user and the password in the URL; empty: there are none
};

// What stands before the path: scheme, user, host and port. Requests with the same text share connections.
std::string_view origin_text(std::string_view url);

// Nothing but a host and a port that can be asked for is checked: a name that nobody has is found out when it
// is looked up.
base::Result<Origin> parse_origin(std::string_view url);

// Nothing when the request may be sent.
std::optional<ClientFailure> check(const ClientRequest& request);

// Appends the request line and the headers.
void append_head(std::string& out, const ClientRequest& request, const Origin& origin);

}  // namespace tidings::http
