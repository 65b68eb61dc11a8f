// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "http/request.hpp"
#include "wire/message_json.hpp"

namespace tidings::api {

// The Python SDK is known by its User-Agent, which all six SDKs share, together with the space that only it
// writes after a colon.
wire::EchoDates echo_dates_for(const http::Request& request);

}  // namespace tidings::api
