// SPDX-License-Identifier: Apache-2.0
// What the writer's thread keeps in memory of what is on disk, so that it finds there what it looks for
// without indexes that would cost each message a write at a random place. All of it is a hint: an entry may
// outlive a commit that failed, and two keys may share a hash. Whoever finds something by it asks the table.
#pragma once

#include "store/memory/taken.hpp"
#include "store/sqlite/familiar_senders.hpp"
#include "store/sqlite/limits.hpp"
#include "store/sqlite/opt_out_hints.hpp"
#include "store/sqlite/parked_counts.hpp"
#include "store/sqlite/pool_use.hpp"
#include "store/sqlite/recent.hpp"
#include "store/sqlite/sent_keys.hpp"

namespace tidings::store::sqlite {

// Used by the writer's thread only, but for `taken`.
struct Hints {
    explicit Hints(const Limits& limits)
        : recent(limits.recent),
          taken(taken_max),
          pool_use(limits.queued + limits.recent),
          sent(limits.sent),
          familiar(limits.familiar),
          opt_outs(limits.opt_outs)
    {
    }

    static constexpr std::size_t taken_max = 50'000;  // more than all links have in hand

    Recent recent;
    Taken taken;  // safe from every thread
    PoolUse pool_use;
    SentKeys sent;
    FamiliarSenders familiar;
    OptOutHints opt_outs;
    bool has_threads = false;  // some threads are found on disk only
    ParkedCounts parked;
};

}  // namespace tidings::store::sqlite
