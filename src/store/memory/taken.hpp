// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "store/records.hpp"

#include <deque>
#include <mutex>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace tidings::store {

// Which messages were taken last, by (number, handset): a handset can answer before the store knows that its
// message was submitted, and the reply must find the message all the same. Entries are hints: two threads may
// share a hash, and a message may have ended since. Whoever finds one looks at its row. Safe from every
// thread.
class Taken {
public:
    explicit Taken(std::size_t messages_max) : messages_max_(messages_max) {}

    void add(const std::vector<Outbound>& messages);
    // The last that was taken from this number to this handset.
    std::optional<MessageKey> find(std::string_view number, std::string_view handset) const;

private:
    struct Entry {
        std::uint64_t thread = 0;
        MessageKey key;
    };

    const std::size_t messages_max_;
    mutable std::mutex mutex_;
    std::deque<Entry> order_;
    std::unordered_map<std::uint64_t, MessageKey> newest_;
};

}  // namespace tidings::store
