// SPDX-License-Identifier: Apache-2.0
#include "relay/outbound.hpp"

#include "relay/until_stored.hpp"

#include <map>

namespace tidings::relay {

Outbound::Outbound(store::Store& store, base::Clock& clock, std::vector<store::LinkKey> links)
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
    std::vector<store::Change> unroutable;
    for (store::Outbound& message : batch) {
        if (auto link = route(message)) {
            by_link[*link].push_back(std::move(message));
        } else {
            store::Change& change = unroutable.emplace_back();
            change.key = message.key;
            change.code = message::Code::no_route;
            change.at = clock_.now();
        }
    }
    if (!unroutable.empty()) {
        auto record = [this, &unroutable] { return store_.record(unroutable); };
        co_await until_stored(clock_, record);
    }
    for (auto& [link, messages] : by_link) {
        auto hand_over = [this, link = link, &messages = messages] {
            return store_.hand_over(link, messages);
        };
        co_await until_stored(clock_, hand_over);
    }
}

std::optional<store::LinkKey> Outbound::route(const store::Outbound& message) const
{
    if (message.format != message::Format::sms || links_.empty()) return {};
    return links_.front();
}

}  // namespace tidings::relay
