// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/recent.hpp"

#include "store/memory/key_hash.hpp"

#include <algorithm>
#include <utility>

namespace tidings::store::sqlite {

void Recent::add(LinkKey link, const MessageKey& key, const std::vector<std::string_view>& carrier_ids,
                 std::string_view number, std::string_view handset)
{
    // Places are counted from the first message that ever came, so that a place stays the same while entries
    // leave at the front, and one below first_ is known to be gone.
    Place place = first_ + order_.size();
    Entry& entry = order_.emplace_back();
    entry.key = key;
    entry.thread = thread_hash(number, handset);
    auto [newest, is_first] = threads_.try_emplace(entry.thread, place);
    if (!is_first) entry.before = std::exchange(newest->second, place);
    for (std::string_view id : carrier_ids) add_id(entry, place, key_hash(link, id));
}

void Recent::add_id(Entry& entry, Place place, std::uint64_t hash)
{
    auto [newest, is_first] = ids_.try_emplace(hash, place);
    if (is_first) {
        entry.ids.push_back({hash, nowhere});
    } else if (newest->second != place) {  // else another part of it has the same id
        entry.ids.push_back({hash, newest->second});
        newest->second = place;
    }
}

const Recent::Entry* Recent::at(Place place) const
{
    return place == nowhere || place < first_ ? nullptr : &order_[place - first_];
}

std::vector<MessageKey> Recent::by_carrier_id(LinkKey link, std::string_view carrier_id) const
{
    std::vector<MessageKey> found;
    std::uint64_t hash = key_hash(link, carrier_id);
    auto newest = ids_.find(hash);
    if (newest == ids_.end()) return found;
    for (const Entry* entry = at(newest->second); entry && found.size() < same_id_max;) {
        found.push_back(entry->key);
        entry = at(std::ranges::find(entry->ids, hash, &Id::hash)->before);
    }
    return found;
}

std::optional<MessageKey> Recent::by_thread(std::string_view number, std::string_view handset) const
{
    auto found = threads_.find(thread_hash(number, handset));
    if (found == threads_.end()) return {};
    return at(found->second)->key;
}

// A message that was sent again is there more than once.
std::vector<MessageKey> Recent::of_thread(std::string_view number, std::string_view handset) const
{
    std::vector<MessageKey> found;
    auto newest = threads_.find(thread_hash(number, handset));
    if (newest == threads_.end()) return found;
    for (const Entry* entry = at(newest->second); entry && found.size() < same_id_max;
         entry = at(entry->before))
        if (std::ranges::find(found, entry->key) == found.end()) found.push_back(entry->key);
    return found;
}

std::vector<MessageKey> Recent::surplus() const
{
    std::vector<MessageKey> keys;
    if (order_.size() < messages_max_ + batch()) return keys;
    for (std::size_t i = 0; i < order_.size() - messages_max_; ++i) keys.push_back(order_[i].key);
    return keys;
}

void Recent::forget_oldest(std::size_t count)
{
    // The oldest is at the end of each chain that it is in. Where it is also the newest, nothing is left of
    // the chain; where not, the one behind it names a place that is forgotten, which ends a search.
    for (; count > 0; --count, ++first_) {
        Entry& entry = order_.front();
        for (const Id& id : entry.ids) {
            auto newest = ids_.find(id.hash);
            if (newest->second == first_) ids_.erase(newest);
        }
        auto thread = threads_.find(entry.thread);
        if (thread != threads_.end() && thread->second == first_) threads_.erase(thread);
        order_.pop_front();
    }
}

}  // namespace tidings::store::sqlite
