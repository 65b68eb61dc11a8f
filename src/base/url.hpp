// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace tidings::base {

// An http or https URL taken apart. Nothing is judged but its scheme: who takes one from outside asks more
// (wire::is_http_url), who sends a request less (http::check).
struct HttpUrl {
    std::string_view scheme;          // "http" or "https", in any letter case
    std::string_view host_and_port;   // without user and password; may be empty
    std::string_view path_and_query;  // as it stands, without a fragment; may be empty
};
std::optional<HttpUrl> split_http_url(std::string_view url);  // nothing: another scheme, or none

// How much of a text that begins with an authority ("me@host:80/a?b") this is: up to path, query or fragment.
std::size_t authority_size(std::string_view text);

}  // namespace tidings::base
