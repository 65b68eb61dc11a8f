// SPDX-License-Identifier: Apache-2.0
// What is due goes from the commit to its taker in memory. On disk it stands in a queue, an index in the
// order of seq; the disk is read only when memory was full, and after a start.
//
// Each account has lanes of its own, one for each priority, so that nobody waits behind what another account
// has queued: whoever takes gets one item of each account in turn, and of the higher priorities more. A lane
// whose items found no room in memory is behind: what is new in it is not kept in memory, and when that is
// empty it is filled from disk, from the lane's cursor on, until it has caught up.
//
// A gate may close lanes for a while. Nothing is taken from a closed one, and it keeps little in memory.
#pragma once

#include "base/signal.hpp"
#include "message/priority.hpp"
#include "store/settings.hpp"

#include <algorithm>
#include <deque>
#include <map>
#include <mutex>
#include <vector>

namespace tidings::store {

template <class Item>
struct Queued {
    std::int64_t seq = 0;
    Item item;
};

struct LaneKey {
    message::Priority priority{};
    AccountKey account{};
    auto operator<=>(const LaneKey&) const = default;
};

// All is open.
struct NoGate {
    static constexpr std::size_t limit(const LaneKey&) { return static_cast<std::size_t>(-1); }
    static constexpr bool has_room(const LaneKey&) { return true; }
    static constexpr void took(const LaneKey&) {}
};

// One coroutine takes at a time, and one pushes what is not on disk. `lane_of(item)` gives the key of an
// item's lane.
template <class Item, class Gate = NoGate>
class Outbox {
public:
    using Key = decltype(lane_of(std::declval<const Item&>()));

    // However full memory is, each lane may have a hundredth of it.
    explicit Outbox(std::size_t memory_max)
        : memory_max_(memory_max), lane_min_(std::max<std::size_t>(1, memory_max / 100))
    {
    }
    Outbox(const Outbox&) = delete;
    Outbox& operator=(const Outbox&) = delete;

    // After the commit that put them on disk, in the order of seq and after read_from_disk() of the same
    // commit; on the writer's thread.
    void push_all(std::vector<Queued<Item>> items)
    {
        {
            std::lock_guard lock(mutex_);
            for (Queued<Item>& item : items) {
                Key key = lane_of(item.item);
                auto& entry = *lanes_.try_emplace(key).first;
                Lane& lane = entry.second;
                if (item.seq <= lane.cursor) continue;  // read from disk already
                if (!has_room(lane, 1) || lane.items.size() >= useful(key)) lane.behind = true;
                if (lane.behind) continue;  // this one and the next will be read from disk
                lane.cursor = item.seq;
                put(entry, std::move(item));
            }
        }
        signal_.notify();
    }

    // Takes out of `items` those for which there is no room, or which would overtake: all of a lane or none.
    std::vector<Item> without_room(std::vector<Item>& items)
    {
        std::lock_guard lock(mutex_);
        std::map<Key, std::size_t> counts;
        for (const Item& item : items) ++counts[lane_of(item)];
        std::size_t planned = 0;
        std::erase_if(counts, [&](const auto& entry) {
            const Lane& lane = lanes_[entry.first];
            if (lane.behind || !has_room(lane, entry.second + planned)) return true;
            planned += entry.second;
            return false;
        });
        auto staying = std::stable_partition(
            items.begin(), items.end(), [&](const Item& item) { return counts.contains(lane_of(item)); });
        std::vector<Item> out(std::make_move_iterator(staying), std::make_move_iterator(items.end()));
        items.erase(staying, items.end());
        return out;
    }

    // Puts items into memory that stand in no queue on disk, and for which there was room.
    void push_unqueued(std::vector<Item> items)
    {
        {
            std::lock_guard lock(mutex_);
            for (Item& item : items) {
                Key key = lane_of(item);
                put(*lanes_.try_emplace(key).first, {0, std::move(item)});
            }
        }
        signal_.notify();
    }

    // Something was put on disk in these lanes that is not in memory.
    void fall_behind(const std::vector<Key>& lanes)
    {
        {
            std::lock_guard lock(mutex_);
            for (const Key& lane : lanes) lanes_[lane].behind = true;
        }
        signal_.notify();
    }

    // What is in memory, oldest first within each lane; empty: nothing there.
    std::vector<Item> take_from_memory(std::size_t limit)
    {
        std::lock_guard lock(mutex_);
        std::vector<Item> taken;
        while (taken.size() < limit && take_next(taken)) {
        }
        return taken;
    }

    // What is in memory.
    template <class Use>
    void for_each(Use use) const
    {
        std::lock_guard lock(mutex_);
        for (const auto& [_, lane] : lanes_)
            for (const Queued<Item>& item : lane.items) use(item.item);
    }

    std::vector<Key> lanes() const
    {
        std::lock_guard lock(mutex_);
        std::vector<Key> keys;
        for (const auto& [key, _] : lanes_) keys.push_back(key);
        return keys;
    }

    // Those of which some are only on disk.
    std::vector<LaneKey> behind() const
    {
        std::lock_guard lock(mutex_);
        std::vector<LaneKey> keys;
        for (const auto& [key, lane] : lanes_)
            if (lane.behind) keys.push_back(key);
        return keys;
    }

    bool is_hungry() const
    {
        std::lock_guard lock(mutex_);
        return std::ranges::any_of(lanes_, [this](const Entry& entry) { return is_hungry(entry); });
    }
    // Of the lanes that are behind and have nothing in memory `max` at most, each time those that follow.
    std::vector<Key> hungry(std::size_t max)
    {
        std::lock_guard lock(mutex_);
        std::vector<Key> keys;
        auto lane = lanes_.upper_bound(last_hungry_);
        for (std::size_t looked = 0; looked < lanes_.size() && keys.size() < max; ++looked, ++lane) {
            if (lane == lanes_.end()) lane = lanes_.begin();
            if (is_hungry(*lane)) keys.push_back(lane->first);
        }
        if (!keys.empty()) last_hungry_ = keys.back();
        return keys;
    }

    // The highest seq that came into memory. What is on disk up to here was taken or is going to be.
    std::int64_t cursor(const Key& lane) const
    {
        std::lock_guard lock(mutex_);
        auto found = lanes_.find(lane);
        return found == lanes_.end() ? 0 : found->second.cursor;
    }

    // After the commit in which these were read, all that is on disk in the lane after its cursor or the
    // first part of it; on the writer's thread.
    enum class Rest { none, more };
    void read_from_disk(const Key& key, std::vector<Queued<Item>> items, Rest rest)
    {
        std::lock_guard lock(mutex_);
        Entry& entry = *lanes_.try_emplace(key).first;
        Lane& lane = entry.second;
        for (Queued<Item>& item : items) {
            lane.cursor = item.seq;
            put(entry, std::move(item));
        }
        if (rest == Rest::none) lane.behind = false;
    }

    // How many of a lane are of use in memory at once.
    std::size_t limit(const Key& lane) const
    {
        std::lock_guard lock(mutex_);
        return gate_.limit(lane);
    }

    // Lets `change` move the gate for the lanes that stand together with those of `first`, which is the first
    // of them. A lane that is shut altogether gives its memory to the others; one in which nothing is left is
    // forgotten.
    template <class Change>
    void adjust(const Key& first, Change change)
    {
        {
            std::lock_guard lock(mutex_);
            change(gate_);
            auto entry = lanes_.lower_bound(first);
            while (entry != lanes_.end() && Gate::are_together(entry->first, first)) {
                Lane& lane = entry->second;
                if (gate_.limit(first) == 0) forget_items(lane);
                if (!lane.items.empty()) wait_in_round(*entry);
                bool is_idle = lane.items.empty() && !lane.behind && !lane.in_round;
                entry = is_idle && gate_.is_idle(first) ? lanes_.erase(entry) : std::next(entry);
            }
        }
        signal_.notify();
    }

    base::Signal& signal() { return signal_; }

private:
    struct Lane {
        std::deque<Queued<Item>> items;
        std::int64_t cursor = 0;
        bool behind = false;
        bool in_round = false;
    };
    using Entry = std::pair<const Key, Lane>;

    bool is_hungry(const Entry& entry) const
    {
        return entry.second.behind && entry.second.items.empty() && gate_.has_room(entry.first);
    }

    bool has_room(const Lane& lane, std::size_t count) const
    {
        return size_ + count <= memory_max_ || lane.items.size() + count <= lane_min_;
    }

    // How many of a lane memory is to hold: none of one that is shut.
    std::size_t useful(const Key& key) const
    {
        std::size_t limit = gate_.limit(key);
        return limit == 0 ? 0 : std::max(lane_min_, limit);
    }

    void put(Entry& entry, Queued<Item> item)
    {
        entry.second.items.push_back(std::move(item));
        ++size_;
        wait_in_round(entry);
    }

    void wait_in_round(Entry& entry)
    {
        if (entry.second.in_round || !gate_.has_room(entry.first)) return;
        rounds_[entry.first.priority].push_back(&entry);
        entry.second.in_round = true;
    }

    // What was in memory is read from disk again.
    void forget_items(Lane& lane)
    {
        if (lane.items.empty()) return;
        lane.cursor = lane.items.front().seq - 1;
        lane.behind = true;
        size_ -= lane.items.size();
        lane.items = {};
    }

    bool take_next(std::vector<Item>& taken)
    {
        auto waits = [this](message::Priority priority) { return !rounds_[priority].empty(); };
        while (std::ranges::any_of(rounds_, [](const auto& round) { return !round.second.empty(); })) {
            std::deque<Entry*>& round = rounds_[turns_.next(waits)];
            Entry& entry = *round.front();
            round.pop_front();
            Lane& lane = entry.second;
            lane.in_round = false;
            if (lane.items.empty() || !gate_.has_room(entry.first)) continue;
            taken.push_back(std::move(lane.items.front().item));
            lane.items.pop_front();
            --size_;
            gate_.took(entry.first);
            if (!lane.items.empty()) wait_in_round(entry);
            return true;
        }
        return false;
    }

    const std::size_t memory_max_;
    const std::size_t lane_min_;
    mutable std::mutex mutex_;
    std::map<Key, Lane> lanes_;
    std::map<message::Priority, std::deque<Entry*>> rounds_;  // the lanes with items, in their turn
    message::Turns turns_;
    Gate gate_;
    Key last_hungry_{};
    std::size_t size_ = 0;
    base::Signal signal_;
};

}  // namespace tidings::store
