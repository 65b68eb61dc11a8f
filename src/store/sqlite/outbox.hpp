// SPDX-License-Identifier: Apache-2.0
// What is due goes from the commit to its taker in memory. On disk it stands in a queue, an index in the
// order of seq; the disk is read only when memory was full, and after a start.
//
// Each account has lanes of its own, one for each priority, so that nobody waits behind what another account
// has queued: whoever takes gets one item of each account in turn, and of the higher priorities more. A lane
// whose items found no room in memory is behind: what is new in it is not kept in memory, and when that is
// empty it is filled from disk, from the lane's cursor on, until it has caught up.
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

// One coroutine takes at a time, and one pushes what is not on disk. `lane_of(item)` gives an item's LaneKey.
template <class Item>
class Outbox {
public:
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
                LaneKey key = lane_of(item.item);
                Lane& lane = lanes_[key];
                if (item.seq <= lane.cursor) continue;  // read from disk already
                if (!has_room(lane, 1)) lane.behind = true;
                if (lane.behind) continue;  // this one and the next will be read from disk
                lane.cursor = item.seq;
                put(key, lane, std::move(item.item));
            }
        }
        signal_.notify();
    }

    // Takes out of `items` those for which there is no room, or which would overtake: all of a lane or none.
    std::vector<Item> without_room(std::vector<Item>& items)
    {
        std::lock_guard lock(mutex_);
        std::map<LaneKey, std::size_t> counts;
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
                LaneKey key = lane_of(item);
                put(key, lanes_[key], std::move(item));
            }
        }
        signal_.notify();
    }

    // Something was put on disk in these lanes that is not in memory.
    void fall_behind(const std::vector<LaneKey>& lanes)
    {
        {
            std::lock_guard lock(mutex_);
            for (const LaneKey& lane : lanes) lanes_[lane].behind = true;
        }
        signal_.notify();
    }

    // What is in memory, oldest first within each lane; empty: nothing there.
    std::vector<Item> take_from_memory(std::size_t limit)
    {
        std::lock_guard lock(mutex_);
        std::vector<Item> taken;
        while (size_ > 0 && taken.size() < limit) taken.push_back(next());
        return taken;
    }

    // What is in memory.
    template <class Use>
    void for_each(Use use) const
    {
        std::lock_guard lock(mutex_);
        for (const auto& [_, lane] : lanes_)
            for (const Item& item : lane.items) use(item);
    }

    std::vector<LaneKey> lanes() const
    {
        std::lock_guard lock(mutex_);
        std::vector<LaneKey> keys;
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
        return std::ranges::any_of(lanes_, [](const auto& entry) { return entry.second.is_hungry(); });
    }
    // Of the lanes that are behind and have nothing in memory `max` at most, each time those that follow.
    std::vector<LaneKey> hungry(std::size_t max)
    {
        std::lock_guard lock(mutex_);
        std::vector<LaneKey> keys;
        auto lane = lanes_.upper_bound(last_hungry_);
        for (std::size_t looked = 0; looked < lanes_.size() && keys.size() < max; ++looked, ++lane) {
            if (lane == lanes_.end()) lane = lanes_.begin();
            if (lane->second.is_hungry()) keys.push_back(lane->first);
        }
        if (!keys.empty()) last_hungry_ = keys.back();
        return keys;
    }

    // The highest seq that came into memory. What is on disk up to here was taken or is going to be.
    std::int64_t cursor(const LaneKey& lane) const
    {
        std::lock_guard lock(mutex_);
        auto found = lanes_.find(lane);
        return found == lanes_.end() ? 0 : found->second.cursor;
    }

    // After the commit in which these were read, all that is on disk in the lane after its cursor or the
    // first part of it; on the writer's thread.
    enum class Rest { none, more };
    void read_from_disk(const LaneKey& key, std::vector<Queued<Item>> items, Rest rest)
    {
        std::lock_guard lock(mutex_);
        Lane& lane = lanes_[key];
        for (Queued<Item>& item : items) {
            lane.cursor = item.seq;
            put(key, lane, std::move(item.item));
        }
        if (rest == Rest::none) lane.behind = false;
    }

    base::Signal& signal() { return signal_; }

private:
    struct Lane {
        std::deque<Item> items;
        std::int64_t cursor = 0;
        bool behind = false;

        bool is_hungry() const { return behind && items.empty(); }
    };

    bool has_room(const Lane& lane, std::size_t count) const
    {
        return size_ + count <= memory_max_ || lane.items.size() + count <= lane_min_;
    }

    void put(const LaneKey& key, Lane& lane, Item item)
    {
        if (lane.items.empty()) rounds_[key.priority].push_back(&lane);
        lane.items.push_back(std::move(item));
        ++size_;
    }

    Item next()
    {
        auto waits = [this](message::Priority priority) { return !rounds_[priority].empty(); };
        std::deque<Lane*>& round = rounds_[turns_.next(waits)];
        Lane& lane = *round.front();
        round.pop_front();
        Item item = std::move(lane.items.front());
        lane.items.pop_front();
        --size_;
        if (!lane.items.empty()) round.push_back(&lane);
        return item;
    }

    const std::size_t memory_max_;
    const std::size_t lane_min_;
    mutable std::mutex mutex_;
    std::map<LaneKey, Lane> lanes_;
    std::map<message::Priority, std::deque<Lane*>> rounds_;  // the lanes with items, in their turn
    message::Turns turns_;
    LaneKey last_hungry_{};
    std::size_t size_ = 0;
    base::Signal signal_;
};

}  // namespace tidings::store
