// SPDX-License-Identifier: Apache-2.0
// What accounts that look for duplicates sent lately, in the order of sending.
#pragma once

#include "message/duplicate.hpp"
#include "store/records.hpp"
#include "store/sqlite/connection.hpp"
#include "store/sqlite/newest_rows.hpp"

#include <optional>

namespace tidings::store::sqlite {

// Used by the writer's thread only.
class SentKeys {
public:
    explicit SentKeys(std::size_t keys_max) : newest_(keys_max) {}

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
    void evicted(std::size_t count) { newest_.forget_oldest(count); }

    // Ends the oldest of those that were sent by `time`, `limit` at most. True: there may be more.
    bool end(Connection& database, base::Time time, std::size_t limit) const;

private:
    std::optional<Sent> find_in_memory(Connection& database, const message::DuplicateKey& key) const;

    NewestRows newest_;
    bool has_indexed_ = false;  // some are found on disk only
};

}  // namespace tidings::store::sqlite
