// SPDX-License-Identifier: Apache-2.0
#include "store/memory/direct_callbacks.hpp"

#include <ranges>

namespace tidings::store {

void DirectCallbacks::add(const CallbackKey& key)
{
    std::lock_guard lock(mutex_);
    keys_.insert(keys_.end(), key);  // nearly always the newest
    changes_.push_back({key, true});
}

bool DirectCallbacks::remove(const CallbackKey& key)
{
    std::lock_guard lock(mutex_);
    if (keys_.erase(key) == 0) return false;
    changes_.push_back({key, false});
    return true;
}

void DirectCallbacks::rolled_back()
{
    std::lock_guard lock(mutex_);
    for (const Change& change : std::views::reverse(changes_)) {
        if (change.is_added)
            keys_.erase(change.key);
        else
            keys_.insert(change.key);
    }
    changes_.clear();
}

std::optional<base::Time> DirectCallbacks::since() const
{
    std::lock_guard lock(mutex_);
    if (keys_.empty()) return {};
    return keys_.begin()->id.time();
}

std::vector<CallbackKey> DirectCallbacks::behind(const CallbackKey& after,
                                                 const std::optional<base::Uuid>& webhook,
                                                 std::size_t max) const
{
    std::vector<CallbackKey> found;
    std::lock_guard lock(mutex_);
    for (const CallbackKey& key : std::views::reverse(keys_)) {
        if (found.size() == max) break;
        if (key.account != after.account || key >= after || (webhook && key.webhook != *webhook)) continue;
        found.push_back(key);
    }
    return found;
}

}  // namespace tidings::store
