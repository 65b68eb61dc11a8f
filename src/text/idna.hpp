// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tidings::text {

// "host" or "host:port" of a URL as it is looked up and sent: "bücher.example:80" becomes
// "xn--bcher-kva.example:80". Nothing: a host that has characters beyond ASCII and is no valid name. What is
// ASCII comes back as it is, and is not judged.
std::optional<std::string> ascii_host_and_port(std::string_view host_and_port);

}  // namespace tidings::text
