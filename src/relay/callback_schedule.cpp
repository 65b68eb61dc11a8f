// SPDX-License-Identifier: Apache-2.0
#include "relay/callback_schedule.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace tidings::relay {

static_assert(EndpointHealth::out_first == store::callbacks_out_first);

namespace {

// What callbacks are kept in order by: all that tell of one message, its reports and the replies to it, go
// one after the other.
base::Uuid message_of(const store::Callback& callback)
{
    if (callback.report) return callback.report->message;
    return callback.reply->message.value_or(callback.key.id);
}

// Takes out what is over.
template <class Key>
std::vector<Key> take_over(std::multimap<base::Moment, Key>& pauses, base::Moment now)
{
    std::vector<Key> over;
    auto end = pauses.upper_bound(now);
    for (auto pause = pauses.begin(); pause != end; ++pause) over.push_back(pause->second);
    pauses.erase(pauses.begin(), end);
    return over;
}

bool is_same_path(const store::Callback& a, const store::Callback& b)
{
    return a.key.webhook == b.key.webhook && store::path_of(a.url) == store::path_of(b.url);
}

}  // namespace

void CallbackSchedule::add(store::Callback callback, base::Moment now)
{
    if (lanes_.size() >= sweep_at_) forget_idle(now);
    Lane& lane = lane_of(callback);
    lane.used_at = now;
    // It was taken before the store heard that this lane is left alone. Waiting here it would take a place of
    // callbacks_out_max for as long as the pause lasts.
    if (left_alone_until(lane)) {
        tell(lane);
        return given_back_.push_back(std::move(callback));
    }
    lane.waiting.push_back(std::move(callback));
    line_up(lane);
}

// Lanes and origins are nodes of maps, which do not move, so that they may point at each other.
CallbackSchedule::Lane& CallbackSchedule::lane_of(const store::Callback& callback)
{
    store::CallbackLane key = store::lane_of(callback);
    auto [found, is_new] = lanes_.try_emplace(key);
    Lane& lane = found->second;
    if (!is_new) return lane;
    OriginOf of{key.account, store::origin_of(key.endpoint)};
    Origin& origin = origins_.try_emplace(of).first->second;
    origin.key = of;
    origin.lanes.push_back(&lane);
    lane.key = key;
    lane.origin = &origin;
    return lane;
}

// Until the later of its two pauses ends.
std::optional<base::Moment> CallbackSchedule::left_alone_until(const Lane& lane)
{
    return std::max(lane.origin->connecting.left_alone_until(), lane.health.recovery().left_alone_until());
}

// How many callbacks of the lane may be out of the store. While it is only being tried whether the origin can
// be connected to, each of its paths may lend one callback to that, so that the tries are of different paths.
std::size_t CallbackSchedule::out_max(const Lane& lane)
{
    if (left_alone_until(lane)) return 0;
    std::size_t of_path = lane.health.out_max();
    return lane.origin->connecting.is_trying() ? std::min<std::size_t>(of_path, 1) : of_path;
}

// Whether a request may be made of what waits in the lane, which is then its first.
bool CallbackSchedule::may_begin(Lane& lane)
{
    if (lane.busy.size() >= std::min(lane.health.requests_max(), out_max(lane))) return false;
    if (!lane.health.recovery().has_room() || !lane.origin->connecting.has_room()) return false;
    if (!put_first_what_may_begin(lane)) return false;
    if (lane.origin->requests.has_room(lane.key.endpoint)) return true;
    // Remembered, so that the next request of this origin that ends looks at all its lanes.
    lane.origin->is_full = true;
    return false;
}

// Skips what tells of a message that has a callback on its way: it waits behind that one, so that a receiver
// hears of a message in order. And after a pause each try is of another path, where there is one: several
// tries of one path, which may be broken by itself, would say little about the receiver.
bool CallbackSchedule::put_first_what_may_begin(Lane& lane)
{
    while (!lane.waiting.empty()) {
        auto busy = lane.busy.find(message_of(lane.waiting.front()));
        if (busy == lane.busy.end()) break;
        busy->second.behind.push_back(std::move(lane.waiting.front()));
        lane.waiting.pop_front();
    }
    if (lane.waiting.empty() || !lane.health.recovery().is_trying()) return !lane.waiting.empty();
    auto is_other = [&lane](const store::Callback& callback) {
        return !lane.busy.contains(message_of(callback)) &&
               std::ranges::none_of(
                   lane.busy, [&](const auto& busy) { return is_same_path(busy.second.callback, callback); });
    };
    auto other = std::ranges::find_if(lane.waiting, is_other);
    if (other == lane.waiting.end()) return false;
    std::rotate(lane.waiting.begin(), other, std::next(other));
    return true;
}

Place CallbackSchedule::place_for(const Lane& lane)
{
    return lane.health.is_slow() ? Place::slow : Place::quick;
}

// A new one, and a slow one that does answer, with one request each: they are not behind those that never do.
bool CallbackSchedule::may_use_reserve(const Lane& lane)
{
    return place_for(lane) == Place::slow && lane.health.is_hopeful() && lane.busy.empty();
}

void CallbackSchedule::line_up(Lane& lane)
{
    bool& is_in_line = place_for(lane) == Place::slow ? lane.is_in_slow : lane.is_in_quick;
    bool wants_reserve = may_use_reserve(lane) && !lane.is_among_hopeful;
    if ((is_in_line && !wants_reserve) || !may_begin(lane)) return;
    if (wants_reserve) hopeful_[lane.key.account].push_back(lane.key);
    lane.is_among_hopeful |= wants_reserve;
    if (is_in_line) return;
    is_in_line = true;
    (place_for(lane) == Place::slow ? slow_ : quick_).push(lane.key.account, &lane);
}

// One call begins one request, and a lane that could begin another goes to the end of the line: so lanes of
// an account, and accounts, take turns at single requests.
CallbackSchedule::Request* CallbackSchedule::next(base::Moment now)
{
    if (Lane* lane = next_in_line(now)) {
        // Requests are nodes of a map in their lane, so that the pointer stays good until ended().
        Request& request = begin(*lane, place_for(*lane), now);
        line_up(*lane);
        return &request;
    }
    // The lane may stand in the other line, too. It stays there, and when its turn comes nothing is found to
    // begin.
    if (Lane* lane = next_hopeful(now)) return &begin(*lane, Place::reserved, now);
    return nullptr;
}

CallbackSchedule::Lane* CallbackSchedule::next_in_line(base::Moment now)
{
    for (auto [line, place] : {std::pair(&quick_, Place::quick), {&slow_, Place::slow}}) {
        auto may = [&, place = place](store::AccountKey account) {
            return slots_.has_room(account, place, now);
        };
        while (auto lane = line->take_if(may)) {
            (place == Place::slow ? (*lane)->is_in_slow : (*lane)->is_in_quick) = false;
            // Since it came into line its receiver may have failed, or what waited in it may have been given
            // back.
            if (!may_begin(**lane)) continue;
            if (slots_.has_room((*lane)->key.account, place_for(**lane), now)) return *lane;
            line_up(**lane);
        }
    }
    return nullptr;
}

// The newest first: of an account that makes up ever new endpoints the one that was meant is tried at once,
// too.
CallbackSchedule::Lane* CallbackSchedule::next_hopeful(base::Moment now)
{
    for (auto account = hopeful_.begin(); account != hopeful_.end();) {
        auto& [key, stack] = *account;
        while (!stack.empty() && slots_.has_room(key, Place::reserved, now)) {
            auto found = lanes_.find(stack.back());
            stack.pop_back();
            if (found == lanes_.end()) continue;
            Lane& lane = found->second;
            lane.is_among_hopeful = false;
            if (may_use_reserve(lane) && may_begin(lane)) return &lane;
        }
        account = stack.empty() ? hopeful_.erase(account) : std::next(account);
    }
    return nullptr;
}

CallbackSchedule::Request& CallbackSchedule::begin(Lane& lane, Place place, base::Moment now)
{
    base::Uuid message = message_of(lane.waiting.front());
    auto [busy, is_first] = lane.busy.try_emplace(message);
    assert(is_first);
    Request& request = busy->second;
    request.callback = std::move(lane.waiting.front());
    lane.waiting.pop_front();
    request.lane = &lane;
    request.place = place;
    request.path_round = lane.health.begun();
    request.origin_round = lane.origin->connecting.begun();
    lane.origin->requests.take(lane.key.endpoint);
    slots_.take(lane.key.account, place, now);
    ++on_their_way_;
    return request;
}

void CallbackSchedule::ended(Request& request, const RequestEnd& end, base::Moment now)
{
    Lane& lane = *request.lane;
    Origin& origin = *lane.origin;
    bool was_usual = origin.connecting.is_usual();
    // Before anything is given back: what may begin next depends on what has just been learnt.
    note(lane, request, end, now);
    slots_.give_back(lane.key.account, request.place);
    origin.requests.give_back(lane.key.endpoint);
    --on_their_way_;
    auto busy = lane.busy.extract(message_of(request.callback));
    for (auto& behind = busy.mapped().behind; !behind.empty(); behind.pop_back())
        lane.waiting.push_front(std::move(behind.back()));
    lane.used_at = now;
    tell(lane);
    line_up(lane);
    bool was_full = std::exchange(origin.is_full, false);
    // Usually nothing changes for the other lanes, and an origin may have many of them.
    if (was_full || !was_usual || !origin.connecting.is_usual()) go_on(origin);
}

// Something changed for the whole origin: its lanes may have more requests now, or have to do with fewer.
void CallbackSchedule::go_on(Origin& origin)
{
    for (Lane* lane : origin.lanes) {
        tell(*lane);
        line_up(*lane);
    }
}

void CallbackSchedule::note(Lane& lane, const Request& request, const RequestEnd& end, base::Moment now)
{
    using Kind = RequestEnd::Kind;
    Recovery& connecting = lane.origin->connecting;
    switch (end.kind) {
    case Kind::answered:
        connecting.went_well();
        lane.health.answered(end.took);
        break;
    case Kind::trouble:
        connecting.went_well();
        lane.health.failed(request.path_round, end.took, now, end.asked);
        break;
    case Kind::disconnected:
        connecting.failed(request.origin_round, now, {});
        lane.health.not_reached(request.path_round, end.took);
        break;
    case Kind::untold:
        connecting.told_nothing(request.origin_round);
        lane.health.told_nothing(request.path_round);
        break;
    }
    if (end.kind == Kind::trouble || end.kind == Kind::disconnected) plan_pause_ends(lane);
}

void CallbackSchedule::plan_pause_ends(const Lane& lane)
{
    if (auto until = lane.health.recovery().left_alone_until()) path_pauses_.emplace(*until, lane.key);
    if (auto until = lane.origin->connecting.left_alone_until())
        origin_pauses_.emplace(*until, lane.origin->key);
}

void CallbackSchedule::end_pauses(base::Moment now)
{
    auto is_over = [now](std::optional<base::Moment> until) { return until && *until <= now; };
    for (const store::CallbackLane& key : take_over(path_pauses_, now)) {
        // By key, and with a look at the pause itself: the lane may be forgotten by now, or have begun a
        // longer pause.
        auto lane = lanes_.find(key);
        if (lane == lanes_.end() || !is_over(lane->second.health.recovery().left_alone_until())) continue;
        lane->second.health.pause_ended();
        tell(lane->second);
    }
    for (const OriginOf& key : take_over(origin_pauses_, now)) {
        auto origin = origins_.find(key);
        if (origin == origins_.end() || !is_over(origin->second.connecting.left_alone_until())) continue;
        origin->second.connecting.pause_ended();
        go_on(origin->second);
    }
}

bool CallbackSchedule::waits_for_time() const
{
    return !path_pauses_.empty() || !origin_pauses_.empty() || !hopeful_.empty();
}

// How many of the lane's callbacks the store may give us from now on.
void CallbackSchedule::tell(Lane& lane)
{
    std::size_t most = out_max(lane);
    std::optional<base::Moment> until = left_alone_until(lane);
    // The store is told of changes alone: this is asked with each callback.
    if (most == lane.told_max && until == lane.told_until) return;
    lane.told_max = most;
    lane.told_until = until;
    limits_.push_back({lane.key, most, until});
    if (most == 0) give_back_waiting(lane);
}

void CallbackSchedule::give_back_waiting(Lane& lane)
{
    auto give_back = [this](std::deque<store::Callback>& callbacks) {
        std::ranges::move(callbacks, std::back_inserter(given_back_));
        callbacks.clear();
    };
    give_back(lane.waiting);
    for (auto& [_, busy] : lane.busy) give_back(busy.behind);
}

std::vector<store::Callback> CallbackSchedule::given_back() { return std::exchange(given_back_, {}); }

std::vector<CallbackSchedule::Limit> CallbackSchedule::limits() { return std::exchange(limits_, {}); }

// What somebody still waits for, or is on its way, stays; so the number of lanes may grow beyond lanes_max.
void CallbackSchedule::forget_idle(base::Moment now)
{
    std::erase_if(lanes_, [&](const auto& entry) {
        const Lane& lane = entry.second;
        bool is_idle = lane.busy.empty() && lane.waiting.empty() && !lane.is_in_slow && !lane.is_in_quick;
        // What is known of a receiver in trouble is worth keeping a while: a forgotten lane would be trusted
        // as a new one.
        bool is_usual = lane.health.recovery().is_usual() && lane.origin->connecting.is_usual();
        if (!is_idle || (!is_usual && now - lane.used_at < remembered)) return false;
        if (lane.told_max != store::callbacks_out_first)
            limits_.push_back({lane.key, store::callbacks_out_first, {}});
        std::erase(lane.origin->lanes, &lane);
        if (lane.origin->lanes.empty()) origins_.erase(lane.origin->key);
        return true;
    });
    sweep_at_ = std::max(lanes_max, 2 * lanes_.size());
}

}  // namespace tidings::relay
