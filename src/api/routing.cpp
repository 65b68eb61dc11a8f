// SPDX-License-Identifier: Apache-2.0
// Routes as answers show them: those that a message may take, in the order in which they would be tried, and
// for operators all of them, each with the reason why it fits or does not.
#include "api/routing.hpp"

#include "api/operation.hpp"

#include "wire/json_text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace tidings::api {

using message::LinkChoice;
using message::LinkView;
using message::LinkViews;
using message::Route;

std::vector<LinkView> views_of(const std::vector<store::LinkStatus>& statuses)
{
    std::vector<const store::LinkStatus*> configured;
    for (const store::LinkStatus& status : statuses)
        // A link that is leaving still tells how it does, and carries no new messages.
        if (status.place) configured.push_back(&status);
    std::ranges::sort(configured, {}, [](const store::LinkStatus* status) { return *status->place; });
    std::vector<LinkView> views;
    for (const store::LinkStatus* status : configured)
        views.push_back({.name = status->name,
                         .formats = status->formats,
                         .by_route_only = status->by_route_only,
                         .is_fit = status->is_fit,
                         .has_refused = false,
                         .charset = status->charset});
    return views;
}

void append_candidates(std::string& out, const LinkChoice& choice)
{
    std::vector<const Route*> routes;
    for (const LinkChoice::Way& way : choice.ways)
        if (way.route) routes.push_back(way.route);
    wire::append_list(out, routes, [](std::string& list, const Route* route) {
        wire::JsonObject entry(list);
        entry.text("route", route->name);
        entry.text("link", route->link);
    });
}

void append_fits(std::string& out, const std::vector<Route>& routes, LinkViews links,
                 const message::RouteQuery& query)
{
    wire::append_list(out, routes, [&](std::string& list, const Route& route) {
        message::RouteFit fit = message::fit(route, query);
        std::string why(message::explain(fit));
        if (fit == message::RouteFit::fits)
            if (std::string fault = fault_of(route, links, query); !fault.empty()) why += ", but " + fault;
        wire::JsonObject entry(list);
        entry.text("route", route.name);
        entry.text("link", route.link);
        entry.text("why", why);
    });
}

std::string warning_of(const Route& route, LinkViews links)
{
    if (find_link(links, route.link)) return {};
    return fmt::format("link {} is not configured, so that nothing leaves by it", route.link);
}

}  // namespace tidings::api
