// SPDX-License-Identifier: Apache-2.0
// What is decided of a message between its submission and the store.
#pragma once

#include "http/request.hpp"
#include "message/message_json.hpp"
#include "store/records.hpp"

namespace tidings::api {

// Sets the sender: the source that the application named, else the default of its account, else none. Numbers
// stand as digits, without the +.
void set_sender(store::NewMessage& message, const store::Account& account);

// The Python SDK is known by its User-Agent, which all six SDKs share, together with the space that only it
// writes after a colon.
message::EchoDates echo_dates_for(const http::Request& request);

}  // namespace tidings::api
