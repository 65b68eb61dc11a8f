// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/recent.hpp"

#include "store/sqlite/key_hash.hpp"

#include <algorithm>

namespace tidings::store {

std::uint64_t thread_hash(std::string_view number, std::string_view handset)
{
    return key_hash(std::hash<std::string_view>{}(number), handset);
}

void Recent::add(LinkKey link, const MessageKey& key, const std::vector<std::string_view>& carrier_ids,
                 std::string_view number, std::string_view handset)
{
    Entry& entry = order_.emplace_back();
    entry.key = key;
    entry.thread = thread_hash(number, handset);
    threads_[entry.thread] = key;
    for (std::string_view id : carrier_ids) {
        entry.ids.push_back(key_hash(link, id));
        ids_.emplace(entry.ids.back(), key);
    }
}

std::vector<MessageKey> Recent::by_carrier_id(LinkKey link, std::string_view carrier_id) const
{
    std::vector<MessageKey> found;
    auto [from, to] = ids_.equal_range(key_hash(link, carrier_id));
    for (; from != to; ++from) found.push_back(from->second);
    return found;
}

std::optional<MessageKey> Recent::by_thread(std::string_view number, std::string_view handset) const
{
    auto found = threads_.find(thread_hash(number, handset));
    if (found == threads_.end()) return {};
    return found->second;
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
    for (; count > 0; --count) {
        Entry& entry = order_.front();
        for (std::uint64_t hash : entry.ids) {
            auto [from, to] = ids_.equal_range(hash);
            auto own = std::find_if(from, to, [&](const auto& pair) { return pair.second == entry.key; });
            if (own != to) ids_.erase(own);
        }
        auto thread = threads_.find(entry.thread);
        if (thread != threads_.end() && thread->second == entry.key) threads_.erase(thread);
        order_.pop_front();
    }
}

}  // namespace tidings::store
