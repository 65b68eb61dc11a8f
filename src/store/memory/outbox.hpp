// SPDX-License-Identifier: Apache-2.0
// What is due goes from the commit to its taker in memory. On disk it stands in a queue, an index in the
// order of seq; the disk is read only when memory was full, and after a start.
//
// Each account has lanes of its own, one for each priority, so that nobody waits behind what another account
// has queued: whoever takes gets one item of each account in turn, and of the higher priorities more. In a
// lane items are taken in the order of seq. Its cursor is the highest seq that came into memory:
//
//     taken   | in memory | on disk only: `beyond` so many
//     ------------------- ^ cursor ------------------------> seq
//
// A lane whose items found no room in memory is behind: what is new in it is not kept in memory either, since
// it would overtake. A lane that is behind is hungry while memory has room for as much of it as one read
// brings, or has nothing of it: its taker has it read from disk, from the cursor on, until it has caught up.
// So a backlog that memory can hold comes to be there, instead of passing by the disk for as long as the load
// lasts.
//
// A gate may close lanes for a while, or all of an account. Nothing is taken from a closed one, and it keeps
// little in memory.
//
// An item may be direct (Queued): it came to memory without standing in the queue on disk. Should memory have
// no place for it any more it is displaced, and must be put into that queue before its lane is read again.
#pragma once

#include "base/rounds.hpp"
#include "base/wakeup.hpp"
#include "message/priority.hpp"
#include "store/queued.hpp"
#include "store/records.hpp"

#include <algorithm>
#include <deque>
#include <map>
#include <mutex>
#include <set>
#include <vector>

namespace tidings::store {

struct LaneKey {
    message::Priority priority{};
    AccountKey account{};
    auto operator<=>(const LaneKey&) const = default;
};
inline LaneKey lane_of(const Outbound& message) { return {message.priority, message.key.account}; }

// All is open.
struct NoGate {
    static constexpr std::size_t lanes_with_room = 1'000;  // of an account, far more than there are
    static constexpr std::size_t limit(const LaneKey&) { return static_cast<std::size_t>(-1); }
    static constexpr bool has_room(const LaneKey&) { return true; }
    static constexpr bool has_room(AccountKey) { return true; }
    static constexpr void took(const LaneKey&) {}
};

// One coroutine takes at a time, and one pushes what is not on disk. `lane_of(item)` gives the key of an
// item's lane.
template <class Item, class Gate = NoGate>
class Outbox {
public:
    using Key = decltype(lane_of(std::declval<const Item&>()));

    // However full memory is, each lane may have a hundredth of it, and an account what the gate's
    // lanes_with_room may have.
    explicit Outbox(std::size_t memory_max)
        : memory_max_(memory_max),
          lane_min_(std::max<std::size_t>(1, memory_max / 100)),
          read_ahead_(std::clamp<std::size_t>(memory_max / 4, 1, read_ahead_most))
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
                if (item.seq <= lane.cursor) {  // read from disk already
                    if (item.is_direct) put_in_order(entry, std::move(item));
                    continue;
                }
                // For a direct one there was room when it became that.
                bool has_place = item.is_direct || has_room(entry, 1);
                if (!has_place || lane.items.size() >= useful(key)) lane.behind = true;
                note_hunger(entry);
                if (lane.behind) {  // this one and the next will be read from disk
                    ++lane.beyond;
                    if (item.is_direct) displaced_.push_back(std::move(item.item));
                    continue;
                }
                lane.cursor = item.seq;
                put(entry, std::move(item));
            }
        }
        wakeup_.notify();
    }

    // Takes out of `items` those for which there is no room, or which would overtake: all of a lane or none.
    std::vector<Item> without_room(std::vector<Item>& items)
    {
        std::lock_guard lock(mutex_);
        std::map<Key, std::size_t> counts;
        for (const Item& item : items) ++counts[lane_of(item)];
        drop_without_room(counts);
        auto staying = std::stable_partition(
            items.begin(), items.end(), [&](const Item& item) { return counts.contains(lane_of(item)); });
        std::vector<Item> out(std::make_move_iterator(staying), std::make_move_iterator(items.end()));
        items.erase(staying, items.end());
        return out;
    }

    // Leaves those lanes in `counts` that have room in memory for so many more.
    void keep_with_room(std::map<Key, std::size_t>& counts)
    {
        std::lock_guard lock(mutex_);
        drop_without_room(counts);
    }

    // Direct items that have no place in memory any more. They go into the queue on disk, at their seq; or
    // back, if the commit that put them there failed.
    std::vector<Item> take_displaced()
    {
        std::lock_guard lock(mutex_);
        return std::exchange(displaced_, {});
    }
    void give_back_displaced(std::vector<Item> items)
    {
        std::lock_guard lock(mutex_);
        std::ranges::move(items, std::back_inserter(displaced_));
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
        wakeup_.notify();
    }

    // Something was put on disk that is not in memory; for each item its lane.
    void fall_behind(const std::vector<Key>& lanes)
    {
        {
            std::lock_guard lock(mutex_);
            for (const Key& key : lanes) {
                Entry& entry = *lanes_.try_emplace(key).first;
                entry.second.behind = true;
                ++entry.second.beyond;
                note_hunger(entry);
            }
        }
        wakeup_.notify();
    }
    // What was on disk when the process began: so many in this lane.
    void open(const Key& key, std::uint64_t count)
    {
        std::lock_guard lock(mutex_);
        Entry& entry = *lanes_.try_emplace(key).first;
        entry.second.behind = true;
        entry.second.beyond = count;
        note_hunger(entry);
    }
    // So many left the lane on disk and never came into memory: they expired, or went into another queue.
    void lost(const Key& key, std::uint64_t count)
    {
        std::lock_guard lock(mutex_);
        Lane& lane = lanes_[key];
        lane.beyond -= std::min(lane.beyond, count);
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

    // What of a lane is on disk only: so many, behind its cursor. They were counted as they came and went.
    struct Backlog {
        Key lane;
        std::int64_t cursor = 0;
        std::uint64_t count = 0;
    };
    std::vector<Backlog> backlogs() const
    {
        std::lock_guard lock(mutex_);
        std::vector<Backlog> backlogs;
        for (const auto& [key, lane] : lanes_)
            if (lane.beyond > 0) backlogs.push_back({key, lane.cursor, lane.beyond});
        return backlogs;
    }

    bool is_hungry() const
    {
        std::lock_guard lock(mutex_);
        return std::ranges::any_of(hungry_, [this](const Key& key) { return may_eat(key); });
    }
    // Some of the lanes that are to be read from disk, `max` at most. Each call goes on behind those that the
    // call before gave, so that all have their turn.
    std::vector<Key> hungry(std::size_t max)
    {
        std::lock_guard lock(mutex_);
        std::vector<Key> keys;
        auto key = hungry_.upper_bound(last_hungry_);
        for (std::size_t looked = 0; looked < hungry_.size() && keys.size() < max; ++looked, ++key) {
            if (key == hungry_.end()) key = hungry_.begin();
            if (may_eat(*key)) keys.push_back(*key);
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
        lane.beyond -= std::min<std::uint64_t>(lane.beyond, items.size());
        for (Queued<Item>& item : items) {
            lane.cursor = item.seq;
            put(entry, std::move(item));
        }
        if (rest == Rest::none) {
            lane.behind = false;
            lane.beyond = 0;
        }
        note_hunger(entry);
    }

    // A lane's taker is given no more than this many before it has dealt with some of them: to have many more
    // in memory is of no use.
    std::size_t limit(const Key& lane) const
    {
        std::lock_guard lock(mutex_);
        return gate_.limit(lane);
    }

    template <class Look>
    auto look(Look look) const
    {
        std::lock_guard lock(mutex_);
        return look(gate_);
    }

    // Lets `change` open or close the gate for a lane. A lane that is shut altogether gives its memory to the
    // others, and is read from disk again when it is opened. One in which nothing is left is forgotten.
    template <class Change>
    void adjust(const Key& key, Change change)
    {
        {
            std::lock_guard lock(mutex_);
            change(gate_);
            if (auto entry = lanes_.find(key); entry != lanes_.end()) {
                Lane& lane = entry->second;
                if (gate_.limit(key) == 0) forget_items(*entry);
                if (!lane.items.empty()) wait_in_round(*entry);
                note_hunger(*entry);
                bool is_idle = lane.items.empty() && !lane.behind && !lane.in_round;
                if (is_idle && gate_.is_idle(key)) lanes_.erase(entry);
            }
        }
        wakeup_.notify();
    }

    base::Wakeup& wakeup() { return wakeup_; }

private:
    struct Lane {
        std::deque<Queued<Item>> items;
        std::int64_t cursor = 0;
        std::uint64_t beyond = 0;  // on disk behind the cursor
        bool behind = false;
        bool in_round = false;
    };
    using Entry = std::pair<const Key, Lane>;

    // Remembers whether the lane is behind, has little in memory, and is open. To be called whenever one of
    // these may have changed: however many lanes are shut, nobody looks at them.
    void note_hunger(const Entry& entry)
    {
        const auto& [key, lane] = entry;
        bool has_little = lane.items.empty() || lane.items.size() + read_ahead_ <= useful(key);
        if (lane.behind && has_little && gate_.limit(key) > 0)
            hungry_.insert(key);
        else
            hungry_.erase(key);
    }
    bool may_eat(const Key& hungry) const
    {
        const Entry& lane = *lanes_.find(hungry);
        if (!lane.second.items.empty()) return size_ + read_ahead_ <= memory_max_;
        return gate_.has_room(hungry) && gate_.has_room(hungry.account) && has_room(lane, 1);
    }

    bool has_room(const Entry& entry, std::size_t count) const
    {
        if (size_ + count <= memory_max_) return true;
        auto held = held_.find(entry.first.account);
        return entry.second.items.size() + count <= lane_min_ &&
               (held == held_.end() || held->second + count <= Gate::lanes_with_room * lane_min_);
    }

    // How many of a lane memory is to hold: none of one that is shut, else some times what may be taken of
    // it.
    std::size_t useful(const Key& key) const
    {
        std::size_t limit = gate_.limit(key);
        return limit == 0 ? 0 : std::max(lane_min_, std::min(limit, memory_max_) * useful_times);
    }

    void drop_without_room(std::map<Key, std::size_t>& counts)
    {
        std::size_t planned = 0;
        std::erase_if(counts, [&](const auto& count) {
            const Entry& lane = *lanes_.try_emplace(count.first).first;
            bool is_useful = lane.second.items.size() + count.second <= useful(count.first);
            if (lane.second.behind || !is_useful || !has_room(lane, count.second + planned)) return true;
            planned += count.second;
            return false;
        });
    }

    void put(Entry& entry, Queued<Item> item) { put_at(entry, entry.second.items.end(), std::move(item)); }
    // A direct one whose followers came from disk before it.
    void put_in_order(Entry& entry, Queued<Item> item)
    {
        auto place = std::ranges::upper_bound(entry.second.items, item.seq, {}, &Queued<Item>::seq);
        put_at(entry, place, std::move(item));
    }
    void put_at(Entry& entry, std::deque<Queued<Item>>::iterator place, Queued<Item> item)
    {
        entry.second.items.insert(place, std::move(item));
        ++size_;
        ++held_[entry.first.account];
        note_hunger(entry);
        wait_in_round(entry);
    }

    void wait_in_round(Entry& entry)
    {
        if (entry.second.in_round || !gate_.has_room(entry.first)) return;
        rounds_[entry.first.priority].push(entry.first.account, &entry);
        entry.second.in_round = true;
    }

    // What was in memory is read from disk again; what was direct goes there first.
    void forget_items(Entry& entry)
    {
        Lane& lane = entry.second;
        if (lane.items.empty()) return;
        lane.cursor = lane.items.front().seq - 1;
        lane.behind = true;
        lane.beyond += lane.items.size();
        left_memory(entry.first.account, lane.items.size());
        for (Queued<Item>& item : lane.items)
            if (item.is_direct) displaced_.push_back(std::move(item.item));
        lane.items = {};
    }

    void left_memory(AccountKey account, std::size_t count)
    {
        size_ -= count;
        auto held = held_.find(account);
        if ((held->second -= count) == 0) held_.erase(held);
    }

    bool take_next(std::vector<Item>& taken)
    {
        auto may = [this](AccountKey account) { return gate_.has_room(account); };
        auto waits = [&](message::Priority priority) { return rounds_[priority].any(may); };
        while (std::ranges::any_of(rounds_, [&](const auto& round) { return round.second.any(may); })) {
            Entry& entry = **rounds_[turns_.next(waits)].take_if(may);
            Lane& lane = entry.second;
            lane.in_round = false;
            if (lane.items.empty() || !gate_.has_room(entry.first)) continue;
            taken.push_back(std::move(lane.items.front().item));
            lane.items.pop_front();
            left_memory(entry.first.account, 1);
            gate_.took(entry.first);
            note_hunger(entry);
            if (!lane.items.empty()) wait_in_round(entry);
            return true;
        }
        return false;
    }

    static constexpr std::size_t read_ahead_most = 2'000;  // what one read of a lane brings
    static constexpr std::size_t useful_times = 4;

    const std::size_t memory_max_;
    const std::size_t lane_min_;
    const std::size_t read_ahead_;
    mutable std::mutex mutex_;
    std::map<Key, Lane> lanes_;
    std::map<message::Priority, base::Rounds<AccountKey, Entry*>> rounds_;  // the lanes with items
    std::map<AccountKey, std::size_t> held_;                                // items in memory
    std::set<Key> hungry_;                                                  // see note_hunger
    std::vector<Item> displaced_;
    message::Turns turns_;
    Gate gate_;
    Key last_hungry_{};
    std::size_t size_ = 0;
    base::Wakeup wakeup_;
};

}  // namespace tidings::store
