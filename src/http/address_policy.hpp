// SPDX-License-Identifier: Apache-2.0
// Which addresses the HTTP client may connect to. URLs come from applications, so by default only addresses
// of the public internet are allowed: nothing of this machine, of private networks or of special purpose (RFC
// 6890 and the IANA registries). IPv6 addresses that carry an IPv4 address (mapped, compatible, NAT64, 6to4)
// are judged by that one.
#pragma once

#include "base/error.hpp"

#include <boost/asio/ip/address.hpp>

#include <span>
#include <string_view>
#include <vector>

namespace tidings::http {

struct Network {
    boost::asio::ip::address address;
    unsigned prefix = 0;  // bits

    bool holds(const boost::asio::ip::address& other) const;

    // "10.0.0.0/8", "fd00::/8", "192.168.1.7". Fails with std::errc::invalid_argument.
    static base::Result<Network> parse(std::string_view text);
};

struct AddressPolicy {
    std::vector<Network> allowed;  // over and above the public internet
    bool allow_loopback = false;   // 127.0.0.0/8 and ::1

    bool allows(const boost::asio::ip::address& address) const;
};

}  // namespace tidings::http
