// SPDX-License-Identifier: Apache-2.0
// A link that must not send anything twice marks what it is about to submit. What was marked when the process
// ended is held; see rules/held.hpp.
#include "store/sqlite/ledger.hpp"

#include "base/log.hpp"
#include "store/rules/doubts.hpp"
#include "store/sqlite/conditions.hpp"

namespace tidings::store::sqlite {

void Ledger::mark(Connection& database, const MessageKey& key, LinkKey link)
{
    static const Statement set(
        // A mark is the link in the row of a message that stands in line and was never submitted. That needs
        // no column of its own, and messages_marked, a partial index with this condition, finds the few that
        // have it.
        "UPDATE messages SET link = ? WHERE account = ? AND id = ? AND {} AND submitted_at IS NULL",
        stands_in_line);
    database.run(set, link, key.account, key.id);
}

// Holds what an earlier process was submitting when it ended. Each of these is in doubt as well, so that a
// receipt which comes later can still tell what became of it.
void Ledger::hold_marked(Connection& database)
{
    std::vector<MessageKey> keys;
    {
        static const Statement marked(
            "SELECT account, id FROM messages WHERE {} AND link > 0 AND submitted_at IS NULL",
            stands_in_line);
        Rows rows = database.query(marked);
        while (rows.next()) keys.push_back({rows.as<AccountKey>(0), rows.uuid(1)});
    }
    if (keys.empty()) return;
    // Before the first job, so that no transaction of the writer is open.
    database.execute("BEGIN IMMEDIATE");
    for (const MessageKey& key : keys) {
        auto row = load_message(database, key);
        hold(database, *row, clock_.now(), "the gateway ended while it was being submitted");
        row_counts_.moved(row->stored_queue, row->queue);
        save_message(database, *row);
        rules::AddDoubts doubts(row->link, {{key, row->sender, message::digits_of(row->destination)}});
        carry_out(database, doubts);
    }
    database.execute("COMMIT");
    committed();
    base::log_warning(
        "{} messages were being submitted when the gateway ended; they are held: see `tidings "
        "message held`",
        keys.size());
}

}  // namespace tidings::store::sqlite
