// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/pool_use.hpp"

#include "store/sqlite/recent.hpp"

namespace tidings::store::sqlite {

void PoolUse::add(std::string_view number, std::string_view handset, base::Time at)
{
    Use use{thread_hash(number, handset), at};
    order_.push_back(use);
    last_[use.pair] = at;
    while (order_.size() > uses_max_) {
        auto found = last_.find(order_.front().pair);
        // The pair may have been used again since: then the newer use stays.
        if (found != last_.end() && found->second == order_.front().at) last_.erase(found);
        order_.pop_front();
    }
}

std::optional<base::Time> PoolUse::last(std::string_view number, std::string_view handset) const
{
    auto found = last_.find(thread_hash(number, handset));
    if (found == last_.end()) return {};
    return found->second;
}

}  // namespace tidings::store::sqlite
