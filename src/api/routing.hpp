// SPDX-License-Identifier: Apache-2.0
// What applications and operators are told of routes.
#pragma once

#include "message/choose_link.hpp"
#include "store/records.hpp"

#include <string>
#include <vector>

namespace tidings::api {

// The configured links as a message would see them, in the order of the configuration; what the links last
// told, a second ago at most. They look into `statuses`.
std::vector<message::LinkView> views_of(const std::vector<store::LinkStatus>& statuses);

// Each appends a JSON array: the routes whose links may carry the message, in the order in which they are
// tried, and all routes with why they fit or not.
void append_candidates(std::string& out, const message::LinkChoice& choice);
void append_fits(std::string& out, const std::vector<message::Route>& routes, message::LinkViews links,
                 const message::RouteQuery& query);

// That nothing can leave by it, as a clause; empty: its link is configured.
std::string warning_of(const message::Route& route, message::LinkViews links);

}  // namespace tidings::api
