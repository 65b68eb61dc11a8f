// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "http/client.hpp"
#include "store/records.hpp"

#include <string_view>

namespace tidings::relay {

// What the application is sent.
http::ClientRequest request_of(const store::Callback& callback, std::string_view vendor_id);

}  // namespace tidings::relay
