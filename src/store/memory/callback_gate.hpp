// SPDX-License-Identifier: Apache-2.0
// How many callbacks may be out at once, that is taken and not yet recorded. What is beyond stays on disk.
//
// A lane has a limit: an endpoint that is slow or dead neither fills memory nor is it asked for again and
// again. Accounts share callbacks_out_max, whatever the number of their lanes. An account that has taken half
// of its share gets one at a time for each lane, so that thousands of endpoints that never answer leave room
// for others, its own included.
#pragma once

#include "base/fair_share.hpp"
#include "store/records.hpp"

#include <algorithm>
#include <map>
#include <optional>

namespace tidings::store {

class CallbackGate {
public:
    // However full memory is, an account may have in it what so many full lanes have at least.
    static constexpr std::size_t lanes_with_room = 3;

    std::size_t limit(const CallbackLane& lane) const { return entry(lane).limit; }
    // The first of a lane may always leave; more than that only while its account has half of its share left.
    bool has_room(const CallbackLane& lane) const
    {
        Entry now = entry(lane);
        if (now.out >= now.limit) return false;
        return now.out == 0 || 2 * accounts_.held(lane.account) < accounts_.free();
    }
    bool has_room(AccountKey account) const { return accounts_.has_room(account); }
    bool is_idle(const CallbackLane& lane) const { return entry(lane).out == 0; }
    void took(const CallbackLane& lane)
    {
        ++entries_[lane].out;
        accounts_.take(lane.account);
    }

    void gave_back(const CallbackLane& lane, std::size_t count)
    {
        Entry& entry = entries_[lane];
        count = std::min(entry.out, count);
        entry.out -= count;
        if (count > 0) accounts_.give_back(lane.account, count);
        forget_if_usual(lane);
    }
    // `until` is when a lane that is shut may be opened again; nobody here does that.
    void set_limit(const CallbackLane& lane, std::size_t limit, std::optional<base::Time> until = {})
    {
        entries_[lane].limit = limit;
        entries_[lane].until = until;
        forget_if_usual(lane);
    }
    std::optional<base::Time> left_alone_until(const CallbackLane& lane) const { return entry(lane).until; }

private:
    struct Entry {
        std::size_t limit = callbacks_out_first;
        std::size_t out = 0;
        std::optional<base::Time> until{};
    };

    Entry entry(const CallbackLane& lane) const
    {
        auto found = entries_.find(lane);
        return found == entries_.end() ? Entry{} : found->second;
    }
    void forget_if_usual(const CallbackLane& lane)
    {
        const Entry& entry = entries_[lane];
        if (entry.out == 0 && entry.limit == callbacks_out_first) entries_.erase(lane);
    }

    std::map<CallbackLane, Entry> entries_;
    base::FairShare<AccountKey> accounts_{callbacks_out_max};
};

}  // namespace tidings::store
