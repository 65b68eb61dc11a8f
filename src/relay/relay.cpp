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
      ways_(store, fleet_, clock),
      dispatcher_(store, clock, ways_),
      callbacks_(contexts_.front()->get_executor(), store, client, clock, std::move(bodies))
{
}

Relay::~Relay() = default;

asio::awaitable<void> Relay::start(std::vector<LinkSettings> links)
{
    wanted_ = co_await look_up(std::move(links));
    make_links(Started::first);
    asio::io_context& first = *contexts_.front();
    asio::co_spawn(first, dispatcher_.run(), &loop_ended);
    asio::co_spawn(first, callbacks_.run_taking(), &loop_ended);
    asio::co_spawn(first, callbacks_.run_recording(), &loop_ended);
    asio::co_spawn(first, callbacks_.run_trying_again(), &loop_ended);
    asio::co_spawn(first, release(), &loop_ended);
}

// Along with the links that there still are, so that nothing that waits for one of them becomes due while it
// takes.
asio::awaitable<std::vector<Relay::Wanted>> Relay::look_up(std::vector<LinkSettings> links)
{
    std::vector<std::string> names;
    for (const LinkSettings& link : links) names.push_back(link.smpp.name);
    for (const auto& loop : loops_) names.push_back(loop->settings().smpp.name);
    std::vector<store::LinkKey> keys = co_await store_.open_links(std::move(names));

    std::vector<Wanted> wanted;
    for (std::size_t i = 0; i < links.size(); ++i) {
        auto learnt = co_await store_.receipt_form(keys[i]);
        wanted.emplace_back(std::move(links[i]), keys[i], learnt);
    }
    co_return wanted;
}

// What waits for a link that is neither wanted nor still there becomes due again.
asio::awaitable<void> Relay::open_queues()
{
    auto open = [this] {
        std::vector<std::string> names;
        for (const Wanted& wanted : wanted_) names.push_back(wanted.settings.smpp.name);
        for (const LinkLoop* loop : going_) names.push_back(loop->settings().smpp.name);
        return store_.open_links(std::move(names));
    };
    co_await until_stored(clock_, open);
}

asio::awaitable<void> Relay::change_links(std::vector<LinkSettings> links, base::Moment until)
{
    auto look_up = [this, &links] { return this->look_up(links); };
    std::vector<Wanted> wanted = co_await until_stored(clock_, look_up);
    if (stopping_) co_return;
    wanted_ = std::move(wanted);
    part_from(until);
    make_links(Started::again);
    while (replacing_ > 0) co_await replaced_.wait();
}

// Lets those go that are not wanted as they are, each by itself.
void Relay::part_from(base::Moment until)
{
    auto stays = [this](const std::unique_ptr<LinkLoop>& loop) {
        return std::ranges::find(wanted_, loop->settings(), &Wanted::settings) != wanted_.end();
    };
    auto [goes, end] = std::ranges::stable_partition(loops_, stays);
    for (auto loop = goes; loop != end; ++loop) going_.push_back(loop->get());
    leaving_.insert(leaving_.end(), std::make_move_iterator(goes), std::make_move_iterator(end));
    loops_.erase(goes, end);
    tell_fleet();
    replacing_ = going_.size();
    for (LinkLoop* loop : going_) asio::co_spawn(*contexts_.front(), replace(loop, until), &loop_ended);
}

// What is being dispatched may still be meant for it; then nothing is any more.
asio::awaitable<void> Relay::replace(LinkLoop* loop, base::Moment until)
{
    co_await loop->leave(until);
    co_await dispatcher_.until_dispatched();
    std::erase(going_, loop);
    if (!stopping_) make_links(Started::again);
    asio::co_spawn(*contexts_.front(), finish(loop), &loop_ended);
    if (!stopping_) co_await open_queues();
    --replacing_;
    replaced_.notify();
}

asio::awaitable<void> Relay::finish(LinkLoop* loop)
{
    for (bool is_done = false; !is_done;) {
        if (!is_coming(loop->key())) co_await hand_on(*loop);
        is_done = co_await loop->give_up();
        if (!is_done) co_await clock_.wait_until(clock_.steady() + idle_period);
    }
    co_await loop->finish();
    bool is_wanted = std::ranges::find(wanted_, loop->key(), &Wanted::key) != wanted_.end();
    if (!is_wanted) co_await store_.forget_link_status(loop->key());
    // What stops looks at all of them.
    if (!stopping_) std::erase_if(leaving_, [loop](const auto& each) { return each.get() == loop; });
}

// What a carrier has a part of goes on with the link's successor, and only if there is none another way.
asio::awaitable<void> Relay::hand_on(LinkLoop& loop)
{
    std::vector<Begun> begun = co_await loop.take_begun();
    if (begun.empty()) co_return;
    if (LinkLoop* successor = find(loop.key())) co_return successor->adopt(std::move(begun));
    std::vector<store::MessageKey> keys;
    for (const Begun& each : begun) keys.push_back(each.message.key);
    auto put_back = [this, &keys] { return store_.put_back(keys, clock_.now()); };
    co_await until_stored(clock_, put_back);
}

// It is wanted, and made as soon as others have left.
bool Relay::is_coming(store::LinkKey key) const
{
    auto wanted = std::ranges::find(wanted_, key, &Wanted::key);
    return wanted != wanted_.end() && !wanted->failed && !find(key) && !stopping_;
}

// Those that are not there and need not wait for somebody who leaves.
void Relay::make_links(Started when)
{
    for (Wanted& wanted : wanted_) {
        if (find(wanted.key) || wanted.failed || must_wait(wanted)) continue;
        auto loop = make(wanted, when);
        wanted.failed = !loop;
        if (!loop) continue;
        loops_.push_back(std::move(loop));
        loops_.back()->start();
    }
    tell_fleet();
}

// nullptr: it cannot be made, which prevents a start, but stops nothing that runs.
std::unique_ptr<LinkLoop> Relay::make(const Wanted& wanted, Started when)
{
    asio::io_context& context = *contexts_[++last_context_ % contexts_.size()];
    Surroundings surroundings{fleet_, ways_, store_, clock_};
    try {
        return std::make_unique<LinkLoop>(context, wanted.settings, wanted.key, wanted.learnt, surroundings);
    } catch (const std::exception& error) {
        if (when == Started::first) throw;
        base::log_error("link {} cannot be made: {}; its messages wait until it is corrected",
                        wanted.settings.smpp.name, error.what());
        return nullptr;
    }
}

// One loop at a time takes from a link's queue, and listens on a port.
bool Relay::must_wait(const Wanted& wanted) const
{
    return std::ranges::any_of(going_, [&wanted](const LinkLoop* loop) {
        const smpp::ClientOptions &theirs = loop->settings().smpp, &ours = wanted.settings.smpp;
        bool has_port = !ours.outbind_host.empty() && !theirs.outbind_host.empty() &&
                        ours.outbind_port == theirs.outbind_port;
        return loop->key() == wanted.key || has_port;
    });
}

LinkLoop* Relay::find(store::LinkKey key) const
{
    auto found = std::ranges::find(loops_, key, &LinkLoop::key);
    return found == loops_.end() ? nullptr : found->get();
}

void Relay::tell_fleet()
{
    Fleet::Members members;
    for (const Wanted& wanted : wanted_) {
        const LinkSettings& link = wanted.settings;
        members.push_back({link.smpp.name, wanted.key, link.by_route_only, std::make_shared<Fitness>()});
        if (const LinkLoop* loop = find(wanted.key)) members.back().fitness = loop->fitness();
    }
    fleet_.set(std::move(members));
}

std::vector<LinkLoop*> Relay::all() const
{
    std::vector<LinkLoop*> all;
    for (const Loops* loops : {&loops_, &leaving_})
        for (const auto& loop : *loops) all.push_back(loop.get());
    return all;
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
    auto found = std::ranges::find(wanted_, link, [](const Wanted& it) { return it.settings.smpp.name; });
    if (found == wanted_.end()) co_return false;
    std::vector<store::Inbound> items;
    items.push_back(std::move(inbound));
    co_await store_.add_inbound(found->key, std::move(items));
    co_return true;
}

asio::awaitable<void> Relay::stop(base::Moment until)
{
    stopping_ = true;
    store_.stop_waiting();
    callbacks_.stop();
    const std::vector<LinkLoop*> loops = all();
    for (LinkLoop* loop : loops) loop->stop_sending();
    for (bool busy = true; busy && clock_.steady() < until;) {
        busy = !callbacks_.idle() && store_.writable();
        for (LinkLoop* loop : loops) {
            bool is_idle = co_await loop->is_idle();
            busy |= !is_idle;
        }
        if (busy) co_await clock_.wait_until(clock_.steady() + idle_period);
    }
    for (LinkLoop* loop : loops) loop->unbind();
    auto is_unbound = [](const LinkLoop* loop) { return loop->unbound(); };
    while (!std::ranges::all_of(loops, is_unbound) && clock_.steady() < until)
        co_await clock_.wait_until(clock_.steady() + idle_period);
}

}  // namespace tidings::relay
