// SPDX-License-Identifier: Apache-2.0
#include "api/routing.hpp"

#include "api/operation.hpp"

#include "wire/json_text.hpp"

namespace tidings::api {

using message::Route;

void append_candidates(std::string& out, const message::Routing& routing)
{
    append_list(out, routing.routes, [](std::string& list, const Route* route) {
        wire::JsonObject entry(list);
        entry.text("route", route->name);
        entry.text("link", route->link);
    });
}

void append_fits(std::string& out, const std::vector<Route>& routes, const message::RouteQuery& query)
{
    append_list(out, routes, [&](std::string& list, const Route& route) {
        wire::JsonObject entry(list);
        entry.text("route", route.name);
        entry.text("link", route.link);
        entry.text("why", message::explain(message::fit(route, query)));
    });
}

}  // namespace tidings::api
