// SPDX-License-Identifier: Apache-2.0
// What is due goes from the commit to its taker in memory. On disk it stands in a queue, an index in the
// order of seq; the disk is read only when memory was full, and after a start. Then the taker is behind: new
// items are not kept in memory, and when that is empty it is filled from disk, from the cursor on, until the
// taker has caught up.
#pragma once

#include "base/signal.hpp"

#include <deque>
#include <mutex>
#include <vector>

namespace tidings::store {

template <class Item>
struct Queued {
    std::int64_t seq = 0;
    Item item;
};

// One coroutine takes at a time.
template <class Item>
class Outbox {
public:
    explicit Outbox(std::size_t memory_max) : memory_max_(memory_max) {}
    Outbox(const Outbox&) = delete;
    Outbox& operator=(const Outbox&) = delete;

    // After the commit that put them on disk, in the order of seq and after read_from_disk() of the same
    // commit; on the writer's thread.
    void push_all(std::vector<Queued<Item>> items)
    {
        {
            std::lock_guard lock(mutex_);
            for (Queued<Item>& item : items) {
                if (item.seq <= cursor_) continue;  // read from disk already
                if (memory_.size() >= memory_max_) behind_ = true;
                if (behind_) break;  // this one and the next will be read from disk
                put(std::move(item));
            }
        }
        signal_.notify();
    }

    // Puts items into memory that stand in no queue on disk. False, and nothing done: there is no room, or
    // the taker is behind and they would overtake.
    bool try_push_all(std::vector<Item>& items)
    {
        {
            std::lock_guard lock(mutex_);
            if (behind_ || memory_.size() + items.size() > memory_max_) return false;
            for (Item& item : items) memory_.push_back(std::move(item));
        }
        signal_.notify();
        return true;
    }

    // Something was put on disk that is not in memory.
    void fall_behind()
    {
        {
            std::lock_guard lock(mutex_);
            behind_ = true;
        }
        signal_.notify();
    }

    // What is in memory, oldest first; empty: nothing there.
    std::vector<Item> take_from_memory(std::size_t limit)
    {
        std::lock_guard lock(mutex_);
        std::vector<Item> taken;
        for (; !memory_.empty() && taken.size() < limit; memory_.pop_front())
            taken.push_back(std::move(memory_.front()));
        return taken;
    }

    // What is in memory.
    template <class Use>
    void for_each(Use use) const
    {
        std::lock_guard lock(mutex_);
        for (const Item& item : memory_) use(item);
    }

    bool behind() const
    {
        std::lock_guard lock(mutex_);
        return behind_;
    }
    // The highest seq that came into memory. What is on disk up to here was taken or is going to be.
    std::int64_t cursor() const
    {
        std::lock_guard lock(mutex_);
        return cursor_;
    }

    // After the commit in which these were read, all that is on disk after the cursor or its first part; on
    // the writer's thread.
    enum class Rest { none, more };
    void read_from_disk(std::vector<Queued<Item>> items, Rest rest)
    {
        std::lock_guard lock(mutex_);
        for (Queued<Item>& item : items) put(std::move(item));
        if (rest == Rest::none) behind_ = false;
    }

    base::Signal& signal() { return signal_; }

private:
    void put(Queued<Item> item)
    {
        cursor_ = item.seq;
        memory_.push_back(std::move(item.item));
    }

    const std::size_t memory_max_;
    mutable std::mutex mutex_;
    std::deque<Item> memory_;
    std::int64_t cursor_ = 0;
    bool behind_ = true;  // until the disk was read once
    base::Signal signal_;
};

}  // namespace tidings::store
