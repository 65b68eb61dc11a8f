// SPDX-License-Identifier: Apache-2.0
#include "relay/ways.hpp"

#include <algorithm>

namespace tidings::relay {

Ways::Open Ways::open_to(const store::Outbound& message, const Choice& choice) const
{
    Open open = by_routes(message, choice);
    std::erase_if(open.links, [&](const Fleet::Member* link) {
        return std::ranges::find(message.refused_by, link->key) != message.refused_by.end();
    });
    if (!message.refused_by.empty()) open.refusal = message::Code::rejected_by_carrier;
    return open;
}

bool Ways::has_other(const store::Outbound& message, store::LinkKey link) const
{
    Choice now = choice();
    Open open = open_to(message, now);
    return std::ranges::any_of(open.links, [link](const Fleet::Member* each) { return each->key != link; });
}

Ways::Open Ways::by_routes(const store::Outbound& message, const Choice& choice) const
{
    Open open{{}, message::Code::no_route};
    if (message.format != message::Format::sms) return open;
    const std::vector<message::Route>& routes = *choice.settings->routes;
    if (routes.empty()) {
        for (const Fleet::Member& link : *choice.links)
            if (!link.by_route_only) open.links.push_back(&link);
        return open;
    }
    message::RouteQuery query;
    query.destination = message.destination;
    query.source = message.sender;
    query.account = choice.settings->accounts.at(message.key.account).id;
    query.format = message.format;
    message::Routing routing = message::find_routes(routes, query, clock_.random());
    open.refusal = routing.refusal;
    for (const message::Route* route : routing.routes) {
        auto link = std::ranges::find(*choice.links, route->link, &Fleet::Member::name);
        if (link != choice.links->end()) open.links.push_back(&*link);
    }
    return open;
}

}  // namespace tidings::relay
