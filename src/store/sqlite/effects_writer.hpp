// SPDX-License-Identifier: Apache-2.0
// Writes what a batch decided, in its transaction: table by table, in the order in which it was decided.
#pragma once

#include "store/rules/batch.hpp"
#include "store/sqlite/callback_writer.hpp"
#include "store/sqlite/hints.hpp"
#include "store/sqlite/link_room.hpp"

namespace tidings::store::sqlite {

class EffectsWriter {
public:
    EffectsWriter(Hints& hints, RowCounts& row_counts, LinkRoom& room, CallbackWriter& callbacks)
        : hints_(hints), row_counts_(row_counts), room_(room), callbacks_(callbacks)
    {
    }

    // The rows of `facts` that are marked, and all of `effects`. Leaves to the caller what is to happen after
    // the commit: what is due, what of memory changes with it, and `log`.
    void write(Connection& database, rules::Facts& facts, rules::Effects& effects);

private:
    void write_message(Connection& database, rules::MessageRow& row);
    void remember(Connection& database, const rules::Effects& effects);

    // carrier_writer.cpp
    void write_of_carriers(Connection& database, rules::Facts& facts, rules::Effects& effects);
    void write_parked(Connection& database, const rules::ParkedReceipt& parked);
    void park(Connection& database, const rules::ParkedReceipt& parked);
    void unpark(Connection& database, const rules::ParkedReceipt& parked);
    void give_up(Connection& database, const rules::ParkedReceipt& parked);
    void insert_seen(Connection& database, const rules::SeenInbound& seen);
    void write_reply_parts(Connection& database, const rules::ReplyName& name, rules::ReplyParts& parts);
    void insert_reply_part(Connection& database, const rules::ReplyName& name, std::uint8_t sequence,
                           const rules::ReplyParts::Part& part);
    void insert_unmatched(Connection& database, const rules::UnmatchedInbound& unmatched);

    Hints& hints_;
    RowCounts& row_counts_;
    LinkRoom& room_;
    CallbackWriter& callbacks_;
};

// Receipts and replies find it from now on.
void note_submitted(Recent& recent, const rules::MessageRow& row);

}  // namespace tidings::store::sqlite
