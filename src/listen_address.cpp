// SPDX-License-Identifier: Apache-2.0
#include "listen_address.hpp"

#include <fmt/format.h>
#include <boost/asio/ip/address.hpp>

#include <charconv>
#include <stdexcept>

namespace tidings {

ListenAddress ListenAddress::parse(const std::string& text)
{
    auto colon = text.rfind(':');
    ListenAddress listen;
    const char* end = text.data() + text.size();
    bool good = colon != text.npos && colon > 0;
    if (good) {
        auto [stop, error] = std::from_chars(text.data() + colon + 1, end, listen.port);
        good = error == std::errc() && stop == end && colon + 1 < text.size();
    }
    if (!good) throw std::runtime_error(fmt::format("{} is no address to listen on: write HOST:PORT", text));
    listen.host = text.substr(0, colon);
    if (listen.host.starts_with('[') && listen.host.ends_with(']'))
        listen.host = listen.host.substr(1, listen.host.size() - 2);
    boost::system::error_code error;
    auto address = boost::asio::ip::make_address(listen.host, error);
    listen.loopback = listen.host == "localhost" || (!error && address.is_loopback());
    return listen;
}

}  // namespace tidings
