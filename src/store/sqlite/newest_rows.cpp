// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/newest_rows.hpp"

#include <algorithm>

namespace tidings::store::sqlite {

void NewestRows::add_older(std::int64_t seq, std::uint64_t hash)
{
    last_seq_ = std::max(last_seq_, seq);
    order_.push_front({seq, hash});
    newest_.try_emplace(hash, seq);  // one that came before is newer
}

std::int64_t NewestRows::add(std::uint64_t hash)
{
    order_.push_back({++last_seq_, hash});
    newest_[hash] = last_seq_;
    return last_seq_;
}

std::optional<std::int64_t> NewestRows::find(std::uint64_t hash) const
{
    auto found = newest_.find(hash);
    if (found == newest_.end()) return {};
    return found->second;
}

std::optional<NewestRows::Surplus> NewestRows::surplus() const
{
    // Nothing until a batch has gathered: in the index neighbouring keys then share the pages that are
    // written.
    if (order_.size() < rows_max_ + batch()) return {};
    std::size_t count = order_.size() - rows_max_;
    return Surplus{count, order_.front().seq, order_[count - 1].seq};
}

void NewestRows::forget_oldest(std::size_t count)
{
    // The oldest entries go. Their hash goes with them only if it still leads to them: a newer row with the
    // same hash may have taken it over.
    for (; count > 0; --count) {
        const Entry& entry = order_.front();
        auto found = newest_.find(entry.hash);
        if (found != newest_.end() && found->second == entry.seq) newest_.erase(found);
        order_.pop_front();
    }
}

}  // namespace tidings::store::sqlite
