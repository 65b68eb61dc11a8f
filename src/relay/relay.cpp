// SPDX-License-Identifier: Apache-2.0
#include "relay/relay.hpp"

#include "relay/until_stored.hpp"

#include <boost/asio/co_spawn.hpp>

namespace tidings::relay {

using namespace std::chrono_literals;

namespace {

constexpr auto release_period = 100ms;  // how late a scheduled message may be
constexpr auto idle_period = 10ms;      // while stopping

}  // namespace

Relay::Relay(std::vector<asio::io_context*> contexts, store::Store& store, http::Client& client,
             base::Clock& clock, DefaultBodies bodies)
    : contexts_(std::move(contexts)),
      store_(store),
      clock_(clock),
      outbound_(store, clock, fleet_),
      callbacks_(contexts_.front()->get_executor(), store, client, clock, std::move(bodies))
{
}

Relay::~Relay() = default;

asio::awaitable<void> Relay::start(std::vector<LinkSettings> links)
{
    co_await set_links(std::move(links));
    asio::io_context& first = *contexts_.front();
    asio::co_spawn(first, outbound_.run(), &loop_ended);
    asio::co_spawn(first, callbacks_.run_taking(), &loop_ended);
    asio::co_spawn(first, callbacks_.run_recording(), &loop_ended);
    asio::co_spawn(first, callbacks_.run_trying_again(), &loop_ended);
    asio::co_spawn(first, release(), &loop_ended);
}

// Makes those that are not there yet. A link keeps its key as long as it keeps its name, and what waits for
// it waits on even if it cannot be made.
asio::awaitable<void> Relay::set_links(std::vector<LinkSettings> links)
{
    std::vector<std::string> names;
    for (const LinkSettings& link : links) names.push_back(link.smpp.name);
    std::vector<store::LinkKey> keys = co_await store_.open_links(std::move(names));

    std::vector<std::optional<message::IdForm>> learnt;
    for (store::LinkKey key : keys) {
        auto form = co_await store_.receipt_form(key);
        learnt.push_back(form);
    }

    Carriers there = std::exchange(carriers_, {});
    Fleet::Members members;
    for (std::size_t i = 0; i < links.size(); ++i) {
        const LinkSettings& link = links[i];
        members.push_back({link.smpp.name, keys[i], link.by_route_only, std::make_shared<Fitness>()});
        auto same = std::ranges::find(there, keys[i], &Carrier::key);
        if (same != there.end()) {
            carriers_.push_back(std::move(*same));
            there.erase(same);
        } else {
            auto carrier = make(link, keys[i], learnt[i]);
            if (!carrier) continue;
            carriers_.push_back(std::move(carrier));
            carriers_.back()->start();
        }
        members.back().fitness = carriers_.back()->fitness();
    }
    fleet_.set(std::move(members));
    started_ = true;
}

// nullptr: it cannot be made, which prevents a start, but stops nothing that runs.
std::unique_ptr<Carrier> Relay::make(const LinkSettings& link, store::LinkKey key,
                                     std::optional<message::IdForm> learnt)
{
    asio::io_context& context = *contexts_[++last_context_ % contexts_.size()];
    try {
        return std::make_unique<Carrier>(context, link, key, learnt, fleet_, store_, clock_);
    } catch (const std::exception& error) {
        if (!started_) throw;
        base::log_error("link {} cannot be made: {}; its messages wait until it is corrected", link.smpp.name,
                        error.what());
        return nullptr;
    }
}

asio::awaitable<void> Relay::change_links(std::vector<LinkSettings> links, base::Moment until)
{
    co_await outbound_.pause();
    auto stays = [&links](const std::unique_ptr<Carrier>& carrier) {
        return std::ranges::find(links, carrier->settings()) != links.end();
    };
    auto [goes, end] = std::ranges::stable_partition(carriers_, stays);
    Carriers going(std::make_move_iterator(goes), std::make_move_iterator(end));
    carriers_.erase(goes, end);
    for (auto& carrier : going) {
        co_await carrier->leave(until);
        asio::co_spawn(*contexts_.front(), finish(carrier.get()), &loop_ended);
        leaving_.push_back(std::move(carrier));
    }
    auto set = [this, &links] { return set_links(links); };
    co_await until_stored(clock_, set);
    outbound_.resume();
}

asio::awaitable<void> Relay::finish(Carrier* carrier)
{
    co_await carrier->finish();
    bool is_configured = std::ranges::find(carriers_, carrier->key(), &Carrier::key) != carriers_.end();
    if (!is_configured) co_await store_.forget_link_status(carrier->key());
    std::erase_if(leaving_, [carrier](const auto& each) { return each.get() == carrier; });
}

asio::awaitable<void> Relay::release()
{
    while (!stopping_) {
        auto release = [this] { return store_.release(clock_.now()); };
        bool more = co_await until_stored(clock_, release);
        if (!more) co_await clock_.wait_until(clock_.steady() + release_period);
    }
}

asio::awaitable<bool> Relay::receive(std::string_view link, store::Inbound inbound)
{
    auto found = std::ranges::find(carriers_, link, [](const auto& it) { return it->settings().smpp.name; });
    if (found == carriers_.end()) co_return false;
    std::vector<store::Inbound> items;
    items.push_back(std::move(inbound));
    co_await store_.add_inbound((*found)->key(), std::move(items));
    co_return true;
}

asio::awaitable<void> Relay::stop(base::Moment until)
{
    stopping_ = true;
    store_.stop_waiting();
    callbacks_.stop();
    for (auto& carrier : carriers_) carrier->stop_sending();
    for (bool busy = true; busy && clock_.steady() < until;) {
        busy = !callbacks_.idle();
        for (auto& carrier : carriers_) {
            bool is_idle = co_await carrier->is_idle();
            busy |= !is_idle;
        }
        if (busy) co_await clock_.wait_until(clock_.steady() + idle_period);
    }
    for (auto& carrier : carriers_) carrier->unbind();
    auto is_unbound = [](const auto& carrier) { return carrier->unbound(); };
    while (!std::ranges::all_of(carriers_, is_unbound) && clock_.steady() < until)
        co_await clock_.wait_until(clock_.steady() + idle_period);
}

}  // namespace tidings::relay
