// SPDX-License-Identifier: Apache-2.0
// Which callbacks are direct: they went from the commit that made them to their lane in memory, and their
// rows stand in no index of what is due. Usually a callback is told at the first try, a moment later, and
// then nothing was written to that index, nor taken out of it again.
//
// An index would tell the next start where they are. In its place stands one time on disk, before which none
// of them was made: ids of events ascend with time, so that the start looks at those after it. It is written
// by the commit that makes an older one, and by a later commit once it has moved on.
#pragma once

#include "store/records.hpp"

#include <mutex>
#include <optional>
#include <set>
#include <vector>

namespace tidings::store {

class DirectCallbacks {
public:
    // Within the present transaction; on the writer's thread.
    void add(const CallbackKey& key);
    bool remove(const CallbackKey& key);  // false: it was not among them
    void committed() { changes_.clear(); }
    void rolled_back();

    // When the oldest of them was made; nothing: there are none.
    std::optional<base::Time> since() const;
    // Of this account, those behind `after`, the newest first; of one webhook, where that is given. Safe from
    // every thread; what is not committed yet is among them.
    std::vector<CallbackKey> behind(const CallbackKey& after, const std::optional<base::Uuid>& webhook,
                                    std::size_t max) const;

private:
    // By the time of their events: the first is the oldest.
    struct ByEvent {
        bool operator()(const CallbackKey& a, const CallbackKey& b) const
        {
            return std::tie(a.id, a.account, a.webhook) < std::tie(b.id, b.account, b.webhook);
        }
    };
    struct Change {
        CallbackKey key;
        bool is_added = false;
    };

    mutable std::mutex mutex_;
    std::set<CallbackKey, ByEvent> keys_;  // under mutex_
    std::vector<Change> changes_;          // of the present transaction
};

}  // namespace tidings::store
