// SPDX-License-Identifier: Apache-2.0
#include "relay/outbound.hpp"

#include "relay/until_stored.hpp"

#include <algorithm>
#include <map>

namespace tidings::relay {

Outbound::Outbound(store::Store& store, base::Clock& clock, std::vector<NamedLink> links)
    : store_(store), clock_(clock), links_(std::move(links))
{
}

asio::awaitable<void> Outbound::run()
{
    for (;;) {
        auto take = [this] { return store_.take_due(batch_max); };
        std::vector<store::Outbound> batch = co_await until_stored(clock_, take);
        co_await dispatch(std::move(batch));
    }
}

asio::awaitable<void> Outbound::dispatch(std::vector<store::Outbound> batch)
{
    std::map<store::LinkKey, std::vector<store::Outbound>> by_link;
    std::vector<store::Change> changes;
    auto settings = store_.settings();
    for (store::Outbound& message : batch) {
        Decision decision = decide(message, *settings);
        if (decision.code) {
            store::Change& change = changes.emplace_back();
            change.key = message.key;
            change.code = *decision.code;
            change.at = clock_.now();
            if (decision.link) change.link = *decision.link;
        }
        if (decision.link) by_link[*decision.link].push_back(std::move(message));
    }
    if (!changes.empty()) {
        auto record = [this, &changes] { return store_.record(changes); };
        co_await until_stored(clock_, record);
    }
    for (auto& [link, messages] : by_link) {
        auto hand_over = [this, link = link, &messages = messages] {
            return store_.hand_over(link, messages);
        };
        co_await until_stored(clock_, hand_over);
    }
}

Outbound::Decision Outbound::decide(const store::Outbound& message, const store::Settings& settings) const
{
    message::Code refusal = message::Code::no_route;
    std::vector<const NamedLink*> links = candidates(message, settings, refusal);
    std::erase_if(links, [&](const NamedLink* link) {
        return std::ranges::find(message.refused_by, link->key) != message.refused_by.end();
    });
    bool was_refused = !message.refused_by.empty();
    Decision decision;
    if (links.empty()) {
        decision.code = was_refused ? message::Code::rejected_by_carrier : refusal;
        return decision;
    }
    auto up = std::ranges::find_if(links, [](const NamedLink* link) { return link->is_up->load(); });
    decision.link = up == links.end() ? links.front()->key : (*up)->key;
    if (was_refused) decision.code = message::Code::rerouting;
    return decision;
}

// In the order in which they are to be tried. `refusal` is what becomes of the message when there are none.
std::vector<const NamedLink*> Outbound::candidates(const store::Outbound& message,
                                                   const store::Settings& settings,
                                                   message::Code& refusal) const
{
    std::vector<const NamedLink*> found;
    if (message.format != message::Format::sms) return found;
    if (settings.routes.empty()) {
        for (const NamedLink& link : links_)
            if (!link.by_route_only) found.push_back(&link);
        return found;
    }
    message::RouteQuery query;
    query.destination = message.destination;
    query.source = message.sender;
    query.account = settings.accounts.at(message.key.account).id;
    query.format = message.format;
    message::Routing routing = message::find_routes(settings.routes, query, clock_.random());
    refusal = routing.refusal;
    for (const message::Route* route : routing.routes) {
        auto link = std::ranges::find(links_, route->link, &NamedLink::name);
        if (link != links_.end()) found.push_back(&*link);
    }
    return found;
}

}  // namespace tidings::relay
