// SPDX-License-Identifier: Apache-2.0
// Writes the rows of callbacks, and knows while it does how many stand in which queue, and which of them are
// direct (memory/direct_callbacks.hpp). Whatever changes where a callback stands goes through here: there are
// three of them for each message, too many for triggers that count.
#pragma once

#include "store/memory/direct_callbacks.hpp"
#include "store/rules/effects.hpp"
#include "store/sqlite/callback_rows.hpp"
#include "store/sqlite/row_counts.hpp"

namespace tidings::store::sqlite {

class CallbackWriter {
public:
    explicit CallbackWriter(RowCounts& row_counts) : row_counts_(row_counts) {}

    // Before rows are counted.
    void open(Connection& database);

    void write(Connection& database, const rules::CallbackWrite& write);
    void forget(Connection& database, const CallbackKey& key);
    // Of one that is direct: it stands in its lane on disk from now on.
    void make_due(Connection& database, const CallbackKey& key);

    void before_commit(Connection& database);
    void committed() { direct_.committed(); }
    void rolled_back();

    const DirectCallbacks& direct() const { return direct_; }

private:
    // By how much the time on disk may lag behind: so much more the next start looks through.
    static constexpr std::chrono::seconds note_step{1};

    void came(const CallbackKey& key, Queue queue);
    bool went(Connection& database, const CallbackKey& key);
    void count(Queue queue, std::int64_t change);

    RowCounts& row_counts_;
    DirectCallbacks direct_;
    std::optional<base::Time> noted_since_;  // on disk: direct ones were made then or later
};

}  // namespace tidings::store::sqlite
