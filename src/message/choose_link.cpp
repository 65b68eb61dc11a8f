// SPDX-License-Identifier: Apache-2.0
#include "message/choose_link.hpp"

#include "text/address.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace tidings::message {

namespace {

bool can_name(const LinkView& link, std::string_view source)
{
    return text::has_letters(link.charset, source);
}

void add_way(LinkChoice& choice, LinkViews links, LinkChoice::Way way, const RouteQuery& query)
{
    const LinkView& link = links[way.link];
    if (!link.formats.has(query.format) || link.has_refused) return;
    if (can_name(link, query.source))
        choice.ways.push_back(way);
    else
        choice.lacks_letters = true;
}

void add_every_link(LinkChoice& choice, LinkViews links, const RouteQuery& query)
{
    for (std::size_t i = 0; i < links.size(); ++i)
        if (!links[i].by_route_only) add_way(choice, links, {.link = i, .route = nullptr}, query);
}

void add_links_of(LinkChoice& choice, const Routing& routing, LinkViews links, const RouteQuery& query)
{
    for (const Route* route : routing.routes)
        if (const LinkView* link = find_link(links, route->link))
            add_way(choice, links, {static_cast<std::size_t>(link - links.data()), route}, query);
}

// The highest bit, since the low ones decide between routes.
bool relieves(std::uint64_t draw) { return draw >> 63 != 0; }

void share(LinkChoice& choice, LinkViews links, std::uint64_t draw)
{
    if (!choice.chosen || !links[choice.chosen->link].is_strained || !relieves(draw)) return;
    auto can_help = [links](const LinkChoice::Way& way) {
        return links[way.link].is_fit && !links[way.link].is_strained;
    };
    auto helper = std::ranges::find_if(choice.ways, can_help);
    if (helper == choice.ways.end()) return;
    choice.relieved = choice.chosen;
    choice.chosen = *helper;
}

bool is_carried(LinkViews links, Format format)
{
    return std::ranges::any_of(links, [format](const LinkView& link) { return link.formats.has(format); });
}

}  // namespace

const LinkView* find_link(LinkViews links, std::string_view name)
{
    auto found = std::ranges::find(links, name, &LinkView::name);
    return found == links.end() ? nullptr : &*found;
}

LinkChoice choose_link(std::span<const Route> routes, LinkViews links, const RouteQuery& query,
                       std::uint64_t draw)
{
    LinkChoice choice;
    if (!is_carried(links, query.format)) return choice;
    if (routes.empty()) {
        add_every_link(choice, links, query);
    } else {
        Routing routing = find_routes(routes, query, draw);
        choice.refusal = routing.refusal;
        add_links_of(choice, routing, links, query);
    }
    auto is_fit = [links](const LinkChoice::Way& way) { return links[way.link].is_fit; };
    auto fit = std::ranges::find_if(choice.ways, is_fit);
    if (!choice.ways.empty()) choice.chosen = fit == choice.ways.end() ? choice.ways.front() : *fit;
    share(choice, links, draw);
    if (std::ranges::any_of(links, &LinkView::has_refused)) choice.refusal = Code::rejected_by_carrier;
    return choice;
}

std::string fault_of(const Route& route, LinkViews links, const RouteQuery& query)
{
    const LinkView* link = find_link(links, route.link);
    if (!link) return fmt::format("link {} is not configured", route.link);
    if (!link->formats.has(query.format))
        return fmt::format("link {} does not carry {}", route.link, name(query.format));
    if (!can_name(*link, query.source))
        return fmt::format("link {} has not the letters of {}", route.link, query.source);
    return {};
}

std::string why_no_way(std::span<const Route> routes, LinkViews links, const RouteQuery& query)
{
    if (std::ranges::any_of(links, &LinkView::has_refused)) return "every link that may carry it refused it";
    if (!is_carried(links, query.format)) return fmt::format("no link carries {}", name(query.format));
    for (const Route& route : routes) {
        if (fit(route, query) != RouteFit::fits) continue;
        if (std::string fault = fault_of(route, links, query); !fault.empty())
            return fmt::format("route {} leads nowhere: {}", route.name, fault);
    }
    if (choose_link(routes, links, query, 0).lacks_letters)
        return fmt::format("no link has the letters of {}", query.source);
    return routes.empty() ? "every link wants routes, and there are none" : "no route fits";
}

}  // namespace tidings::message
