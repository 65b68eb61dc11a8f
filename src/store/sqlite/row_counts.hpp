// SPDX-License-Identifier: Apache-2.0
// How many rows there are of what only the world outside makes grow. Asking the tables would read them all.
// So they are counted once, at the start, and from then on as they change. Of messages and callbacks, which
// all that happens writes several times, whoever changes the queue of a row says so; a trigger would double
// what the statement costs. Of the others triggers of the writer's connection call back with each row that
// comes or goes, whichever statement it was. What a transaction counted is dropped when that fails.
#pragma once

#include "store/sqlite/rows.hpp"
#include "store/store.hpp"

#include <map>
#include <mutex>

namespace tidings::store::sqlite {

// Used by the writer's thread only, but for totals().
class RowCounts {
public:
    // Of each kind apart: messages and callbacks by their queue, all others by their link.
    enum class Kind : std::int64_t {
        messages = 0,
        callbacks = 1,
        parked_receipts = 2,
        unmatched_receipts = 3,  // must follow: the triggers add `unmatched`
        reply_parts = 4,
        seen_inbound = 5,
        unmatched_replies = 6,
        // These are no rows, but what the limits made us drop.
        dropped_receipts = 7,
        dropped_parts = 8,
        dropped_replies = 9,
    };

    void open(Connection& database);   // once: counts what is there
    void watch(Connection& database);  // each connection that writes

    void add(Kind kind, std::int64_t which, std::int64_t change);
    // A message's row went from one queue to another; nothing: it stands, or stood, in none.
    void moved(std::optional<Queue> from, std::optional<Queue> to);
    // Within the present transaction.
    std::int64_t of(Kind kind, LinkKey link) const { return of(kind, static_cast<std::int64_t>(link)); }
    std::vector<LinkKey> links_with(Kind kind) const;

    void committed();
    void rolled_back();
    Store::Counts totals() const;  // as of the last commit; safe from every thread

private:
    using Counted = std::pair<Kind, std::int64_t>;
    std::int64_t of(Kind kind, std::int64_t which) const;
    std::uint64_t sum(Kind kind) const;

    std::map<Counted, std::int64_t> counts_;   // few: queues and links
    std::map<Counted, std::int64_t> changes_;  // of the present transaction, which counts_ has already
    mutable std::mutex totals_mutex_;
    Store::Counts totals_;
};

}  // namespace tidings::store::sqlite
