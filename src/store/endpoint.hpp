// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "store/records.hpp"

#include <string>
#include <string_view>

namespace tidings::store {

// "https://example.com:443": scheme, host and port of an HTTP URL in one form, without user and password.
std::string origin_of(std::string_view url);
EndpointKey endpoint_of(std::string_view url);

}  // namespace tidings::store
