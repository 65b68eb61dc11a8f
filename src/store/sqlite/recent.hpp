// SPDX-License-Identifier: Apache-2.0
// Receipts find their message by (link, carrier id), replies by (number, handset). Both keys are random, and an index on
// them would cost more than everything else about a message. So the newest messages are found in memory; only what
// leaves memory unfinished is written to the tables carrier_ids and threads, in sorted batches.
//
// Entries are hints: two keys may share a hash, and an entry may outlive a commit that failed. Whoever finds a message
// here compares its row.
#pragma once

#include "store/records.hpp"

#include <deque>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace tidings::store {

// Used by the writer's thread only.
class Recent {
public:
    static constexpr std::size_t messages_max = 200'000;  // about 50 MiB
    static constexpr std::size_t batch = 500;             // leave memory at a time

    void add(LinkKey link, const MessageKey& key, const std::vector<std::string_view>& carrier_ids,
             std::string_view number, std::string_view handset);
    // Those that may have this carrier id, or were sent from number to handset last.
    std::vector<MessageKey> by_carrier_id(LinkKey link, std::string_view carrier_id) const;
    std::optional<MessageKey> by_thread(std::string_view number, std::string_view handset) const;

    bool full() const { return order_.size() >= messages_max + batch; }
    // The oldest, in their order; they are still found here until forget().
    std::vector<MessageKey> oldest() const;
    void forget_oldest();

private:
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
