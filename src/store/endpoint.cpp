// SPDX-License-Identifier: Apache-2.0
#include "store/endpoint.hpp"

#include "base/digest.hpp"
#include "text/idna.hpp"

#include <array>
#include <functional>

namespace tidings::store {

std::string origin_of(std::string_view url)
{
    std::size_t scheme_end = url.find("://");
    if (scheme_end == url.npos) return std::string(url);
    std::string_view authority = url.substr(scheme_end + 3);
    authority = authority.substr(0, authority.find_first_of("/?#"));
    if (std::size_t at = authority.rfind('@'); at != authority.npos) authority.remove_prefix(at + 1);
    std::string origin(url.substr(0, scheme_end + 3));
    // By the name that is looked up: two spellings of a host are one receiver.
    origin.append(text::ascii_host_and_port(authority).value_or(std::string(authority)));
    for (char& c : origin)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    bool has_port = authority.find_last_of(':') != authority.npos && !authority.ends_with(']');
    if (!has_port) origin += origin.starts_with("https:") ? ":443" : ":80";
    return origin;
}

std::string_view path_of(std::string_view url)
{
    std::size_t scheme_end = url.find("://");
    std::size_t begin = scheme_end == url.npos ? url.npos : url.find_first_of("/?#", scheme_end + 3);
    std::string_view path = begin == url.npos ? std::string_view() : url.substr(begin);
    path = path.substr(0, path.find_first_of("?#"));
    return path.empty() ? "/" : path;
}

namespace {

EndpointKey digest_of(std::string_view url)
{
    base::Sha256 origin = base::sha256(origin_of(url)), path = base::sha256(path_of(url));
    std::uint64_t key = 0;
    for (int place = 7; place >= 0; --place) key = key << 8 | origin[static_cast<std::size_t>(place)];
    constexpr std::uint64_t path_mask = paths_apart - 1;
    return static_cast<EndpointKey>((key & ~path_mask) | (path[0] & path_mask));
}

}  // namespace

// Two digests cost more than the rest of a callback's row, and the same few URLs come again and again.
EndpointKey endpoint_of(std::string_view url)
{
    struct Known {
        std::string url;
        EndpointKey key{};
    };
    thread_local std::array<Known, 64> remembered;
    Known& known = remembered[std::hash<std::string_view>{}(url) % remembered.size()];
    if (known.url.empty() || known.url != url) known = {std::string(url), digest_of(url)};
    return known.key;
}

}  // namespace tidings::store
