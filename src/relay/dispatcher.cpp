// SPDX-License-Identifier: Apache-2.0
#include "relay/dispatcher.hpp"

#include "relay/until_stored.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace tidings::relay {

namespace {

constexpr auto look_period = std::chrono::milliseconds(10);  // while the links change

}  // namespace

Dispatcher::Dispatcher(store::Store& store, base::Clock& clock, const Ways& ways)
    : store_(store), clock_(clock), ways_(ways)
{
}

asio::awaitable<void> Dispatcher::run()
{
    for (;;) {
        auto take = [this] { return store_.take_due(batch_max); };
        std::vector<store::Outbound> batch = co_await until_stored(clock_, take);
        dispatching_ = true;
        co_await dispatch(std::move(batch));
        dispatching_ = false;
        ++dispatches_;
    }
}

asio::awaitable<void> Dispatcher::until_dispatched()
{
    std::uint64_t present = dispatches_;
    while (dispatching_ && dispatches_ == present) co_await clock_.wait_until(clock_.steady() + look_period);
}

// First what is to be told, so that a report of 102 comes before what the next link makes of the message.
// Every link's batch is one hand-over, and none waits for a link.
asio::awaitable<void> Dispatcher::dispatch(std::vector<store::Outbound> batch)
{
    std::map<store::LinkKey, std::vector<store::Outbound>> by_link;
    std::vector<store::Change> changes;
    Ways::Scene scene = ways_.scene();
    for (store::Outbound& message : batch) {
        // All by the same scene, so that one batch sees the same links and routes, and looks at them once.
        Decision decision = decide(message, scene);
        if (!decision.step.empty()) {
            store::Change& step = changes.emplace_back();
            step.key = message.key;
            step.at = clock_.now();
            step.why = std::move(decision.step);
            step.is_only_step = true;
        }
        if (decision.code) {
            store::Change& change = changes.emplace_back();
            change.key = message.key;
            change.code = *decision.code;
            change.at = clock_.now();
            if (decision.link) change.link = *decision.link;
            change.why = std::move(decision.why);
        }
        if (decision.link) by_link[*decision.link].push_back(std::move(message));
    }
    if (!changes.empty()) {
        auto record = [this, &changes] { return store_.record(changes); };
        // On disk a message is due until it is handed over; a crash between the two repeats the decision, and
        // a second report of 102 is refused by the life cycle.
        co_await until_stored(clock_, record);
    }
    for (auto& [link, messages] : by_link) {
        auto hand_over = [this, link = link, &messages = messages] {
            return store_.hand_over(link, messages);
        };
        co_await until_stored(clock_, hand_over);
    }
}

// A message that another link has refused before is told as rerouted; for its application that is news. One
// of which a carrier has some parts goes nowhere else, as long as its link is there.
Dispatcher::Decision Dispatcher::decide(const store::Outbound& message, const Ways::Scene& scene) const
{
    Decision decision;
    if (message.taken &&
        std::ranges::find(*scene.links, message.taken->link, &Fleet::Member::key) != scene.links->end()) {
        decision.link = message.taken->link;
        return decision;
    }
    message::LinkChoice choice = ways_.choose(message, scene);
    if (!choice.chosen) {
        decision.code = choice.refusal;
        decision.why = ways_.why_none(message, scene);
        return decision;
    }
    decision.link = (*scene.links)[choice.chosen->link].key;
    if (choice.relieved) {
        const Fleet::Member& relieved = (*scene.links)[choice.relieved->link];
        decision.step =
            fmt::format("by {}, since carrier {} keeps answering {}",
                        (*scene.links)[choice.chosen->link].name, relieved.name, relieved.fitness->strain());
    }
    if (!message.refused_by.empty()) decision.code = message::Code::rerouting;
    return decision;
}

}  // namespace tidings::relay
