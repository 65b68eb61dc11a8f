// SPDX-License-Identifier: Apache-2.0
#include "endpoint.hpp"

#include <boost/asio/ip/address.hpp>
#include <fmt/format.h>

#include <charconv>
#include <stdexcept>

namespace tidings {

Endpoint Endpoint::parse(const std::string& text)
{
    auto colon = text.rfind(':');
    Endpoint endpoint;
    const char* end = text.data() + text.size();
    bool good = colon != text.npos && colon > 0;
    if (good) {
        auto [stop, error] = std::from_chars(text.data() + colon + 1, end, endpoint.port);
        good = error == std::errc() && stop == end && colon + 1 < text.size();
    }
    if (!good) throw std::runtime_error(fmt::format("{} is no address to listen on: write HOST:PORT", text));
    endpoint.host = text.substr(0, colon);
    if (endpoint.host.starts_with('[') && endpoint.host.ends_with(']'))
        endpoint.host = endpoint.host.substr(1, endpoint.host.size() - 2);
    boost::system::error_code error;
    auto address = boost::asio::ip::make_address(endpoint.host, error);
    endpoint.loopback = endpoint.host == "localhost" || (!error && address.is_loopback());
    return endpoint;
}

}  // namespace tidings
