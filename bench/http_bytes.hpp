// SPDX-License-Identifier: Apache-2.0
// As much of HTTP/1.1 as the bench has to understand, so that it takes little of the machine that it shares
// with the gateway: where a head ends, and how long the body behind it is.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace tidings::bench {

// A request or an answer, as it stands at the front of what was read.
struct Framing {
    std::size_t head = 0;  // with its empty line
    std::size_t body = 0;
};

// Nothing while the head is not there yet. Throws for one without Content-Length: neither the gateway nor its
// client sends any.
std::optional<Framing> framing_of(std::string_view bytes);

}  // namespace tidings::bench
