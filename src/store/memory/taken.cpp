// SPDX-License-Identifier: Apache-2.0
#include "store/memory/taken.hpp"

#include "store/memory/key_hash.hpp"

namespace tidings::store {

void Taken::add(const std::vector<Outbound>& messages)
{
    std::lock_guard lock(mutex_);
    for (const Outbound& message : messages) {
        Entry& entry = order_.emplace_back(thread_hash(message.sender, message.destination), message.key);
        newest_[entry.thread] = entry.key;
        if (order_.size() <= messages_max_) continue;
        auto oldest = newest_.find(order_.front().thread);
        if (oldest != newest_.end() && oldest->second == order_.front().key) newest_.erase(oldest);
        order_.pop_front();
    }
}

std::optional<MessageKey> Taken::find(std::string_view number, std::string_view handset) const
{
    std::lock_guard lock(mutex_);
    auto found = newest_.find(thread_hash(number, handset));
    if (found == newest_.end()) return {};
    return found->second;
}

}  // namespace tidings::store
