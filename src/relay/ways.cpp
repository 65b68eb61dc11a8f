// SPDX-License-Identifier: Apache-2.0
#include "relay/ways.hpp"

#include <algorithm>

namespace tidings::relay {

namespace {

using message::LinkView;

message::RouteQuery query_of(const store::Outbound& message, const store::Settings& settings)
{
    message::RouteQuery query;
    query.destination = message.destination;
    query.source = message.sender;
    query.account = settings.accounts.at(message.key.account).id;
    query.format = message.format;
    return query;
}

// The links as this message sees them, marked where they have refused it before.
std::vector<LinkView> views_for(const store::Outbound& message, const Ways::Scene& scene)
{
    std::vector<LinkView> views = scene.views;
    for (std::size_t i = 0; i < views.size(); ++i) {
        store::LinkKey key = (*scene.links)[i].key;
        views[i].has_refused = std::ranges::find(message.refused_by, key) != message.refused_by.end();
    }
    return views;
}

}  // namespace

Ways::Scene Ways::scene() const
{
    Scene scene{store_.settings(), fleet_.members(), {}};
    for (const Fleet::Member& link : *scene.links)
        scene.views.push_back({.name = link.name,
                               .formats = link.formats,
                               .by_route_only = link.by_route_only,
                               .is_fit = link.fitness->fit(),
                               .has_refused = false,
                               .charset = link.charset,
                               .is_strained = link.fitness->is_strained()});
    return scene;
}

message::LinkChoice Ways::choose(const store::Outbound& message, const Scene& scene) const
{
    message::RouteQuery query = query_of(message, *scene.settings);
    const auto& routes = *scene.settings->routes;
    // Spares the copy of all views for nearly every message.
    if (message.refused_by.empty())  // as good as always
        return message::choose_link(routes, scene.views, query, clock_.random());
    return message::choose_link(routes, views_for(message, scene), query, clock_.random());
}

std::string Ways::why_none(const store::Outbound& message, const Scene& scene) const
{
    message::RouteQuery query = query_of(message, *scene.settings);
    return message::why_no_way(*scene.settings->routes, views_for(message, scene), query);
}

bool Ways::has_other(const store::Outbound& message, store::LinkKey link) const
{
    Scene now = scene();
    message::LinkChoice choice = choose(message, now);
    auto is_other = [&](const message::LinkChoice::Way& way) { return (*now.links)[way.link].key != link; };
    return std::ranges::any_of(choice.ways, is_other);
}

}  // namespace tidings::relay
