// SPDX-License-Identifier: Apache-2.0
// What accounts that look for duplicates sent lately. Keys are hashes: a table with an index on them would
// cost each message a write at a random place. So the table grows at its right edge, in the order of sending,
// and the newest keys are found in memory; only those that leave memory before their time are indexed, in
// batches.
//
// Entries in memory are hints, as in recent.hpp: whoever finds one compares the row.
#pragma once

#include "message/duplicate.hpp"
#include "store/records.hpp"
#include "store/sqlite/connection.hpp"

#include <deque>
#include <optional>
#include <unordered_map>

namespace tidings::store {

// Used by the writer's thread only.
class SentKeys {
public:
    explicit SentKeys(std::size_t keys_max) : keys_max_(keys_max) {}

    void open(Connection& database);  // before anything else

    struct Sent {
        base::Uuid message;
        base::Time at{};
    };
    // The last that was sent with this key.
    std::optional<Sent> find(Connection& database, const message::DuplicateKey& key) const;
    void add(Connection& database, const message::DuplicateKey& key, const Sent& sent);

    // Writes to the index what is too much for memory; once that is committed, `evicted` of them may go.
    std::size_t evict(Connection& database);
    void evicted(std::size_t count);

    // Ends the oldest of those that were sent by `time`, `limit` at most. True: there may be more.
    bool end(Connection& database, base::Time time, std::size_t limit) const;

private:
    std::size_t batch() const { return keys_max_ / 500 + 1; }  // leave memory at a time, at least
    std::optional<Sent> find_in_memory(Connection& database, const message::DuplicateKey& key) const;

    struct Entry {
        std::int64_t seq;
        std::uint64_t hash;
    };
    const std::size_t keys_max_;
    std::int64_t last_seq_ = 0;  // ascends, whatever is rolled back or ended
    bool has_indexed_ = false;   // some are found on disk only
    std::deque<Entry> order_;
    std::unordered_map<std::uint64_t, std::int64_t> newest_;  // hash → seq
};

}  // namespace tidings::store
