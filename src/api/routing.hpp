// SPDX-License-Identifier: Apache-2.0
// What applications and operators are told of routes.
#pragma once

#include "message/route.hpp"

#include <string>
#include <vector>

namespace tidings::api {

// Each appends a JSON array: the routes that fit, in the order in which they are tried, and all routes with
// why they fit or not.
void append_candidates(std::string& out, const message::Routing& routing);
void append_fits(std::string& out, const std::vector<message::Route>& routes,
                 const message::RouteQuery& query);

}  // namespace tidings::api
