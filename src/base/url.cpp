// SPDX-License-Identifier: Apache-2.0
// A URL is cut at its marks and not judged. User and password belong to nobody who connects, and a host may
// have an @ before it only there: the last one counts, as it does for browsers and for curl.
#include "base/url.hpp"

#include <boost/beast/core/string.hpp>

#include <algorithm>

namespace tidings::base {

// Octet by octet: find_first_of() calls memchr() for each of them.
std::size_t authority_size(std::string_view text)
{
    auto ends = [](char c) { return c == '/' || c == '?' || c == '#'; };
    return static_cast<std::size_t>(std::ranges::find_if(text, ends) - text.begin());
}

std::optional<HttpUrl> split_http_url(std::string_view url)
{
    constexpr std::string_view mark = "://";
    HttpUrl parts;
    std::size_t scheme_end = std::min(url.find(mark), url.size());
    parts.scheme = url.substr(0, scheme_end);
    bool is_http =
        boost::beast::iequals(parts.scheme, "http") || boost::beast::iequals(parts.scheme, "https");
    if (!is_http || scheme_end == url.size()) return {};
    url.remove_prefix(scheme_end + mark.size());
    std::size_t authority_end = authority_size(url);
    parts.host_and_port = url.substr(0, authority_end);
    if (std::size_t at = parts.host_and_port.rfind('@'); at != url.npos)
        parts.host_and_port.remove_prefix(at + 1);
    url.remove_prefix(authority_end);
    parts.path_and_query = url.substr(0, url.find('#'));
    return parts;
}

}  // namespace tidings::base
