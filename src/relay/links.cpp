// SPDX-License-Identifier: Apache-2.0
#include "relay/links.hpp"

#include "base/log.hpp"
#include "base/spawn.hpp"
#include "relay/until_stored.hpp"

#include <algorithm>

namespace tidings::relay {

using namespace std::chrono_literals;

namespace {

constexpr auto finish_period = 10ms;  // at which the end of a link that leaves is looked for

}  // namespace

Links::Links(std::vector<asio::io_context*> contexts, Fleet& fleet, const Surroundings& surroundings,
             Dispatcher& dispatcher, LinkMaker make)
    : contexts_(std::move(contexts)),
      fleet_(fleet),
      surroundings_(surroundings),
      store_(surroundings.store),
      clock_(surroundings.clock),
      dispatcher_(dispatcher),
      make_(std::move(make))
{
}

asio::awaitable<void> Links::start(std::vector<LinkSettings> links)
{
    wanted_ = co_await look_up(std::move(links));
    tell_fleet();
    co_await tell_of_loopless();
    // Last, when the store has their keys and the fleet knows them: a loop tells at once how it does, and the
    // fleet's part of that with it.
    make_loops(Started::first);
}

// Along with the links that there still are, so that nothing that waits for one of them becomes due while it
// takes.
asio::awaitable<std::vector<Links::Wanted>> Links::look_up(std::vector<LinkSettings> links)
{
    std::vector<std::string> names;
    for (const LinkSettings& link : links) names.push_back(link.loop.name);
    for (const auto& running : running_) names.push_back(running->loop->name());
    std::vector<store::LinkKey> keys = co_await store_.open_links(std::move(names));

    std::vector<Wanted> wanted;
    for (std::size_t i = 0; i < links.size(); ++i) {
        auto learnt = co_await store_.receipt_form(keys[i]);
        wanted.emplace_back(std::move(links[i]), keys[i], learnt);
    }
    co_return wanted;
}

// What waits for a link that is neither wanted nor still there becomes due again.
asio::awaitable<void> Links::open_queues()
{
    auto open = [this] {
        std::vector<std::string> names;
        for (const Wanted& wanted : wanted_) names.push_back(wanted.name());
        for (const Running* going : going_) names.push_back(going->loop->name());
        return store_.open_links(std::move(names));
    };
    co_await until_stored(clock_, open);
}

asio::awaitable<void> Links::change(std::vector<LinkSettings> links, base::Moment until,
                                    std::string restarted)
{
    auto look_up = [this, &links] { return this->look_up(links); };
    std::vector<Wanted> wanted = co_await until_stored(clock_, look_up);
    if (stopping_) co_return;
    // Nothing has changed until here: while the store does not answer, the links go on as they are.
    std::vector<Wanted> before = std::exchange(wanted_, std::move(wanted));
    part_from(until, restarted);
    co_await forget_failed(std::move(before));
    co_await tell_of_loopless();
    if (!stopping_) make_loops(Started::again);
    while (replacing_ > 0) co_await replaced_.wait();
}

// Lets those go that are not wanted as they are, each by itself: one whose carrier is silent holds up nobody
// else. The fleet forgets them first, so that nothing more is dispatched to one that is no more.
void Links::part_from(base::Moment until, const std::string& restarted)
{
    auto stays = [this, &restarted](const std::unique_ptr<Running>& running) {
        if (running->loop->has_given_up() || running->loop->name() == restarted) return false;
        return std::ranges::find(wanted_, running->settings, &Wanted::settings) != wanted_.end();
    };
    auto [goes, end] = std::ranges::stable_partition(running_, stays);
    for (auto each = goes; each != end; ++each) going_.push_back(each->get());
    leaving_.insert(leaving_.end(), std::make_move_iterator(goes), std::make_move_iterator(end));
    running_.erase(goes, end);
    tell_fleet();
    replacing_ = going_.size();
    for (Running* going : going_)
        base::spawn(contexts_.front()->get_executor(), replace(going, until), &loop_ended);
}

// The link is out of the fleet, but a dispatch that began before may still put messages into its queue. Only
// after that is nothing meant for it any more, and its successor may take over.
asio::awaitable<void> Links::replace(Running* leaving, base::Moment until)
{
    co_await leaving->loop->leave(until);
    co_await dispatcher_.until_dispatched();
    // Its queue and its port are free from here on, which is all that a successor has to wait for. What is in
    // doubt is brought to its end beside it.
    std::erase(going_, leaving);
    if (!stopping_) make_loops(Started::again);
    base::spawn(contexts_.front()->get_executor(), finish(leaving->loop.get()), &loop_ended);
    if (!stopping_) co_await open_queues();
    --replacing_;
    replaced_.notify();
}

// What is in doubt takes in_doubt_wait_s. Meanwhile the successor works: the two share the link's name, and
// whatever receipts come for the one's messages find them in the store.
asio::awaitable<void> Links::finish(LinkLoop* loop)
{
    for (bool is_done = false; !is_done;) {
        if (!is_coming(loop->key())) co_await hand_on(*loop);
        is_done = co_await loop->give_up();
        if (!is_done) co_await clock_.wait_until(clock_.steady() + finish_period);
    }
    co_await loop->finish();
    bool is_wanted = std::ranges::find(wanted_, loop->key(), &Wanted::key) != wanted_.end();
    if (!is_wanted) co_await store_.forget_link_status(loop->key());
    auto is_it = [loop](const std::unique_ptr<Running>& each) { return each->loop.get() == loop; };
    if (!stopping_) std::erase_if(leaving_, is_it);  // what stops looks at all of them
}

// What a carrier has a part of goes on with the link's successor, and only if there is none another way.
asio::awaitable<void> Links::hand_on(LinkLoop& loop)
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
bool Links::is_coming(store::LinkKey key) const
{
    auto wanted = std::ranges::find(wanted_, key, &Wanted::key);
    return wanted != wanted_.end() && !wanted->failed && !find(key) && !stopping_;
}

// Makes a loop for each link that is wanted and has none, unless it has to wait until another one has left.
void Links::make_loops(Started when)
{
    std::vector<LinkLoop*> made;
    for (Wanted& wanted : wanted_) {
        if (find(wanted.key) || wanted.failed || must_wait(wanted)) continue;
        auto loop = make(wanted, when);
        wanted.failed = !loop;
        if (!loop) continue;
        made.push_back(loop.get());
        auto running = std::make_unique<Running>(wanted.settings, std::move(loop));
        running_.push_back(std::move(running));
    }
    tell_fleet();  // before they tell what it says of them
    for (LinkLoop* loop : made) loop->start();
}

// nullptr: it cannot be made, which prevents a start, but stops nothing that runs.
std::unique_ptr<LinkLoop> Links::make(const Wanted& wanted, Started when)
{
    // In turn over the threads, so that links share the cores evenly.
    asio::io_context& context = *contexts_[++last_context_ % contexts_.size()];
    auto make_link = [&](asio::any_io_executor executor, LinkEvents events) {
        return make_(wanted.settings, {std::move(executor), clock_, wanted.learnt, std::move(events)});
    };
    try {
        return std::make_unique<LinkLoop>(context, wanted.settings.loop, wanted.key, surroundings_,
                                          make_link);
    } catch (const std::exception& error) {
        if (when == Started::first) throw;
        base::log_error("link {} cannot be made: {}; its messages wait until it is corrected", wanted.name(),
                        error.what());
        return nullptr;
    }
}

// One loop at a time takes from a link's queue, and listens on a port.
bool Links::must_wait(const Wanted& wanted) const
{
    return std::ranges::any_of(going_, [&wanted](const Running* going) {
        return going->loop->key() == wanted.key || exclude_each_other(going->settings, wanted.settings);
    });
}

LinkLoop* Links::find(store::LinkKey key) const
{
    auto found = std::ranges::find(running_, key, [](const auto& running) { return running->loop->key(); });
    return found == running_.end() ? nullptr : (*found)->loop.get();
}

void Links::tell_fleet()
{
    Fleet::Members members;
    for (const Wanted& wanted : wanted_) {
        members.push_back({.name = wanted.name(),
                           .key = wanted.key,
                           .formats = formats_of(wanted.settings),
                           .by_route_only = wanted.settings.loop.by_route_only,
                           .fitness = std::make_shared<Fitness>(),
                           .charset = charset_of(wanted.settings)});
        if (const LinkLoop* loop = find(wanted.key)) members.back().fitness = loop->fitness();
    }
    fleet_.set(std::move(members));
}

// A link that has no loop, perhaps because none can be made, does not tell by itself that it is configured.
asio::awaitable<void> Links::tell_of_loopless()
{
    std::vector<store::LinkStatus> statuses;
    for (const Wanted& wanted : wanted_) {
        auto is_going = [&wanted](const Running* going) { return going->loop->key() == wanted.key; };
        if (find(wanted.key) || std::ranges::any_of(going_, is_going)) continue;
        store::LinkStatus& status = statuses.emplace_back();
        status.link = wanted.key;
        status.name = wanted.name();
        fleet_.describe(status);
    }
    for (const store::LinkStatus& status : statuses) co_await store_.set_link_status(status);
}

// The statuses of links that never got a loop are forgotten here. Those of others are when their loop has
// finished.
asio::awaitable<void> Links::forget_failed(std::vector<Wanted> before)
{
    for (const Wanted& old : before) {
        bool is_wanted = std::ranges::find(wanted_, old.key, &Wanted::key) != wanted_.end();
        if (old.failed && !is_wanted) co_await store_.forget_link_status(old.key);
    }
}

void Links::stop_sending()
{
    stopping_ = true;
    for (const auto* all : {&running_, &leaving_})
        for (const auto& each : *all) each->loop->stop_sending();
}

asio::awaitable<bool> Links::is_idle()
{
    std::vector<LinkLoop*> loops;
    for (const auto* all : {&running_, &leaving_})
        for (const auto& each : *all) loops.push_back(each->loop.get());
    bool is_idle = true;
    for (LinkLoop* loop : loops) {
        bool loop_is_idle = co_await loop->is_idle();
        is_idle = is_idle && loop_is_idle;
    }
    co_return is_idle;
}

void Links::close()
{
    for (const auto* all : {&running_, &leaving_})
        for (const auto& each : *all) each->loop->close();
}

bool Links::are_closed() const
{
    auto is_closed = [](const auto& each) { return each->loop->is_closed(); };
    return std::ranges::all_of(running_, is_closed) && std::ranges::all_of(leaving_, is_closed);
}

}  // namespace tidings::relay
