// SPDX-License-Identifier: Apache-2.0
// Receipts find their message by (link, carrier id), replies by (number, handset). Both keys are random, and
// an index on them would cost more than everything else about a message. So the newest messages are found in
// memory; only what leaves memory unfinished is written to the tables carrier_ids and threads, in sorted
// batches.
//
// Entries are hints: two keys may share a hash, and an entry may outlive a commit that failed. Whoever finds
// a message here compares its row.
#pragma once

#include "store/records.hpp"

#include <deque>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace tidings::store {

std::uint64_t thread_hash(std::string_view number, std::string_view handset);

// Used by the writer's thread only.
class Recent {
public:
    explicit Recent(std::size_t messages_max) : messages_max_(messages_max) {}

    std::size_t batch() const { return messages_max_ / 400 + 1; }  // leave memory at a time, at least

    void add(LinkKey link, const MessageKey& key, const std::vector<std::string_view>& carrier_ids,
             std::string_view number, std::string_view handset);
    // Those that may have this carrier id, and the one that may be the last sent from number to handset.
    std::vector<MessageKey> by_carrier_id(LinkKey link, std::string_view carrier_id) const;
    std::optional<MessageKey> by_thread(std::string_view number, std::string_view handset) const;

    // Those that are too many, oldest first; none while they are less than a batch. They are still found here
    // until forget_oldest().
    std::vector<MessageKey> surplus() const;
    void forget_oldest(std::size_t count);

private:
    const std::size_t messages_max_;
    struct Entry {
        MessageKey key;
        std::uint64_t thread = 0;
        std::vector<std::uint64_t> ids;
    };
    std::deque<Entry> order_;
    std::unordered_multimap<std::uint64_t, MessageKey> ids_;
    std::unordered_map<std::uint64_t, MessageKey> threads_;
};

}  // namespace tidings::store
