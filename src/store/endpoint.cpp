// SPDX-License-Identifier: Apache-2.0
#include "store/endpoint.hpp"

#include "base/digest.hpp"

#include <cstring>

namespace tidings::store {

std::string origin_of(std::string_view url)
{
    std::size_t scheme_end = url.find("://");
    if (scheme_end == url.npos) return std::string(url);
    std::string_view authority = url.substr(scheme_end + 3);
    authority = authority.substr(0, authority.find_first_of("/?#"));
    if (std::size_t at = authority.rfind('@'); at != authority.npos) authority.remove_prefix(at + 1);
    std::string origin(url.substr(0, scheme_end + 3));
    origin.append(authority);
    for (char& c : origin)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    bool has_port = authority.find_last_of(':') != authority.npos && !authority.ends_with(']');
    if (!has_port) origin += origin.starts_with("https:") ? ":443" : ":80";
    return origin;
}

// Of a digest, so that nobody can choose a host whose callbacks stand together with somebody else's.
EndpointKey endpoint_of(std::string_view url)
{
    base::Sha256 digest = base::sha256(origin_of(url));
    std::int64_t key;
    std::memcpy(&key, digest.data(), sizeof key);
    return static_cast<EndpointKey>(key);
}

}  // namespace tidings::store
