// SPDX-License-Identifier: Apache-2.0
#include "relay/outbound.hpp"

#include "relay/until_stored.hpp"

#include <algorithm>
#include <map>

namespace tidings::relay {

Outbound::Outbound(store::Store& store, base::Clock& clock, const Fleet& fleet)
    : store_(store), clock_(clock), fleet_(fleet)
{
}

asio::awaitable<void> Outbound::run()
{
    for (;;) {
        auto take = [this] { return store_.take_due(batch_max); };
        std::vector<store::Outbound> batch = co_await until_stored(clock_, take);
        while (paused_) co_await resumed_.wait();
        dispatching_ = true;
        co_await dispatch(std::move(batch));
        dispatching_ = false;
        dispatched_.notify();
    }
}

asio::awaitable<void> Outbound::pause()
{
    paused_ = true;
    while (dispatching_) co_await dispatched_.wait();
}

void Outbound::resume()
{
    paused_ = false;
    resumed_.notify();
}

asio::awaitable<void> Outbound::dispatch(std::vector<store::Outbound> batch)
{
    std::map<store::LinkKey, std::vector<store::Outbound>> by_link;
    std::vector<store::Change> changes;
    Choice choice{store_.settings(), fleet_.members()};
    for (store::Outbound& message : batch) {
        Decision decision = decide(message, choice);
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

Outbound::Decision Outbound::decide(const store::Outbound& message, const Choice& choice) const
{
    message::Code refusal = message::Code::no_route;
    std::vector<const Fleet::Member*> links = candidates(message, choice, refusal);
    std::erase_if(links, [&](const Fleet::Member* link) {
        return std::ranges::find(message.refused_by, link->key) != message.refused_by.end();
    });
    bool was_refused = !message.refused_by.empty();
    Decision decision;
    if (links.empty()) {
        decision.code = was_refused ? message::Code::rejected_by_carrier : refusal;
        return decision;
    }
    auto fit = std::ranges::find_if(links, [](const Fleet::Member* link) { return link->fitness->fit(); });
    decision.link = fit == links.end() ? links.front()->key : (*fit)->key;
    if (was_refused) decision.code = message::Code::rerouting;
    return decision;
}

// In the order in which they are to be tried. `refusal` is what becomes of the message when there are none.
std::vector<const Fleet::Member*> Outbound::candidates(const store::Outbound& message, const Choice& choice,
                                                       message::Code& refusal) const
{
    std::vector<const Fleet::Member*> found;
    if (message.format != message::Format::sms) return found;
    const std::vector<message::Route>& routes = choice.settings->routes;
    if (routes.empty()) {
        for (const Fleet::Member& link : *choice.links)
            if (!link.by_route_only) found.push_back(&link);
        return found;
    }
    message::RouteQuery query;
    query.destination = message.destination;
    query.source = message.sender;
    query.account = choice.settings->accounts.at(message.key.account).id;
    query.format = message.format;
    message::Routing routing = message::find_routes(routes, query, clock_.random());
    refusal = routing.refusal;
    for (const message::Route* route : routing.routes) {
        auto link = std::ranges::find(*choice.links, route->link, &Fleet::Member::name);
        if (link != choice.links->end()) found.push_back(&*link);
    }
    return found;
}

}  // namespace tidings::relay
