// SPDX-License-Identifier: Apache-2.0
// Which routes may carry a message, in the order in which they are tried: by priority, then the longer
// prefix of the destination, then by lot. Of those that are equal one is drawn by weight, so that over many
// messages each gets its share; the others follow it in their order, for when the link of the first is down.
#include "message/route.hpp"

#include <algorithm>
#include <cstdlib>
#include <tuple>

namespace tidings::message {

namespace {

// The smaller comes first.
auto rank(const Route* route)
{
    return std::tuple(route->priority, -static_cast<std::int64_t>(route->destination_prefix.size()));
}

using Place = std::vector<const Route*>::iterator;

// Puts one of the routes first, each as often as its weight says.
void draw_first(Place begin, Place end, std::uint64_t draw)
{
    std::uint64_t total = 0;
    for (Place it = begin; it != end; ++it) total += static_cast<std::uint64_t>((*it)->weight);
    draw %= total;
    Place drawn = begin;
    while (draw >= static_cast<std::uint64_t>((*drawn)->weight)) {
        draw -= static_cast<std::uint64_t>((*drawn)->weight);
        ++drawn;
    }
    std::rotate(begin, drawn, drawn + 1);
}

}  // namespace

RouteFit fit(const Route& route, const RouteQuery& query)
{
    if (route.format && route.format != query.format) return RouteFit::other_format;
    if (!route.account.empty() && route.account != query.account) return RouteFit::other_account;
    if (!query.destination.starts_with(route.destination_prefix)) return RouteFit::other_destination;
    if (!route.sources.empty() && std::ranges::find(route.sources, query.source) == route.sources.end())
        return RouteFit::other_source;
    return RouteFit::fits;
}

std::string_view explain(RouteFit fit)
{
    switch (fit) {
    case RouteFit::fits: return "fits";
    case RouteFit::other_format: return "is for another format";
    case RouteFit::other_account: return "is for another account";
    case RouteFit::other_destination: return "is for other destinations";
    case RouteFit::other_source: return "does not carry this source";
    }
    std::abort();
}

Routing find_routes(std::span<const Route> routes, const RouteQuery& query, std::uint64_t draw)
{
    Routing found;
    for (const Route& route : routes) {
        // A route that fits but for the source makes 333 of what would be 332, since the customer can do
        // something about it.
        RouteFit how = fit(route, query);
        if (how == RouteFit::fits) found.routes.push_back(&route);
        if (how == RouteFit::other_source) found.refusal = Code::source_unsupported;
    }
    std::ranges::stable_sort(found.routes, {}, rank);
    for (Place begin = found.routes.begin(); begin != found.routes.end();) {
        Place end = std::find_if(begin, found.routes.end(),
                                 [&](const Route* route) { return rank(route) != rank(*begin); });
        draw_first(begin, end, draw);
        begin = end;
    }
    return found;
}

}  // namespace tidings::message
