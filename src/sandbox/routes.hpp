// SPDX-License-Identifier: Apache-2.0
// The HTTP face of the sandbox. Numbers have a + before or not; answers show it.
//
//     GET  /sandbox/handsets/{number}/messages   oldest first:
//                                                {"messages":[{"from","to","content","received_at"}…]}
//     POST /sandbox/handsets/{number}/messages   {"to","content"}: a message from that handset; 202. With
//                                                "attachments" it is an MMS: see letter.hpp
//     PUT  /sandbox/handsets/{number}            how it behaves from now on: see behaviour.hpp
//     GET  /sandbox/carrier                      how the carrier behaves to everybody: see conduct.hpp
//     PUT  /sandbox/carrier                      how it does from now on
#pragma once

#include "http/router.hpp"
#include "sandbox/smsc.hpp"

#include <functional>
#include <optional>

namespace tidings::sandbox {

// What is answered to somebody who may not use the sandbox; nothing for those who may. Has the headers only.
using Guard = std::function<std::optional<http::Response>(const http::Request& head)>;

// Handlers run on any thread and do their work on the executor of `smsc`, which must outlive the router and
// run as long as requests come. An empty guard lets everybody in.
void add_operations(http::Router& router, Smsc& smsc, Guard guard);

}  // namespace tidings::sandbox
