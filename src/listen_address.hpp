// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

namespace tidings {

// Where to listen, as it is written in flags and configuration: HOST:PORT, [::1]:8080, port 0 for any free
// one.
struct ListenAddress {
    std::string host;
    std::uint16_t port = 0;
    bool loopback = false;  // reachable from this machine only

    static ListenAddress parse(const std::string& text);  // throws a sentence for the operator
};

}  // namespace tidings
