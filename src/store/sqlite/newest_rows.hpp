// SPDX-License-Identifier: Apache-2.0
// A table whose rows are looked for by a random key. An index on that would cost each row a write at a random
// place. So the table grows at its right edge, with an ascending seq, and its newest rows are found in
// memory, by a hash of their key; only those that leave memory are indexed, in batches.
//
// Entries are hints: two keys may share a hash, and an entry may outlive a commit that failed. Whoever finds
// a row here compares its key.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <unordered_map>

namespace tidings::store::sqlite {

// The hints of one table. Used by the writer's thread only.
class NewestRows {
public:
    explicit NewestRows(std::size_t rows_max) : rows_max_(rows_max) {}

    // Before anything else: all that the last run had in memory, or more, from the newest row to the oldest.
    // What is indexed as well does no harm here.
    std::size_t read_max() const { return rows_max_ + 2 * batch(); }
    void add_older(std::int64_t seq, std::uint64_t hash);

    std::int64_t add(std::uint64_t hash);  // the seq of the new row
    std::optional<std::int64_t> find(std::uint64_t hash) const;

    // Rows that are too many for memory, all from the one seq to the other.
    struct Surplus {
        std::size_t count = 0;
        std::int64_t first = 0, last = 0;
    };
    std::optional<Surplus> surplus() const;  // nothing while they are less than a batch
    void forget_oldest(std::size_t count);

private:
    std::size_t batch() const { return rows_max_ / 500 + 1; }  // leave memory at a time, at least

    struct Entry {
        std::int64_t seq;
        std::uint64_t hash;
    };
    const std::size_t rows_max_;
    std::int64_t last_seq_ = 0;  // ascends, whatever is rolled back or ended
    std::deque<Entry> order_;
    std::unordered_map<std::uint64_t, std::int64_t> newest_;  // hash → seq
};

}  // namespace tidings::store::sqlite
