// SPDX-License-Identifier: Apache-2.0
// Receipts find their message by (link, carrier id), replies by (number, handset). Both keys are random, and
// an index on them would cost more than everything else about a message. So the newest messages are found in
// memory; only what leaves memory unfinished is written to the tables carrier_ids and threads, in sorted
// batches.
//
// Entries are hints: two keys may share a hash, and an entry may outlive a commit that failed. Whoever finds
// a message here compares its row.
//
// A carrier may give every message the same id. So those with one id are a chain from the newest to the older
// ones: adding and forgetting touch its ends, and a search ends after the newest few. So are those of one
// thread.
#pragma once

#include "store/memory/key_hash.hpp"
#include "store/records.hpp"

#include <deque>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace tidings::store::sqlite {

// Messages with one carrier's id that are looked at: ids come round again after weeks, so that two may be
// right. A carrier that has the same for more of them tells nothing by it.
constexpr std::size_t same_id_max = 8;

// Used by the writer's thread only.
class Recent {
public:
    explicit Recent(std::size_t messages_max) : messages_max_(messages_max) {}

    std::size_t batch() const { return messages_max_ / 400 + 1; }  // leave memory at a time, at least

    void add(LinkKey link, const MessageKey& key, const std::vector<std::string_view>& carrier_ids,
             std::string_view number, std::string_view handset);
    // The newest same_id_max of those that may have this carrier id, the newest first, and the one that may
    // be the last sent from number to handset.
    std::vector<MessageKey> by_carrier_id(LinkKey link, std::string_view carrier_id) const;
    std::optional<MessageKey> by_thread(std::string_view number, std::string_view handset) const;
    // The newest same_id_max of those that may have been sent from number to handset, the newest first.
    std::vector<MessageKey> of_thread(std::string_view number, std::string_view handset) const;

    // Those that are too many, oldest first; none while they are less than a batch. They are still found here
    // until forget_oldest().
    std::vector<MessageKey> surplus() const;
    void forget_oldest(std::size_t count);

private:
    // One that was added, counted from the first.
    using Place = std::uint64_t;
    static constexpr Place nowhere = static_cast<Place>(-1);
    struct Id {
        std::uint64_t hash = 0;
        Place before = nowhere;  // the one before it with the same hash, which may be forgotten
    };
    struct Entry {
        MessageKey key;
        std::uint64_t thread = 0;
        Place before = nowhere;  // the one before it in its thread, which may be forgotten
        std::vector<Id> ids;     // no two with the same hash
    };

    void add_id(Entry& entry, Place place, std::uint64_t hash);
    const Entry* at(Place place) const;  // nullptr: forgotten, or nowhere

    const std::size_t messages_max_;
    std::deque<Entry> order_;
    Place first_ = 0;                                   // in order_
    std::unordered_map<std::uint64_t, Place> ids_;      // the newest with each hash
    std::unordered_map<std::uint64_t, Place> threads_;  // the same
};

}  // namespace tidings::store::sqlite
