// SPDX-License-Identifier: Apache-2.0
// Messages that wait for the operator. Some match a pattern that their account is screened with. And a link
// that must not send anything twice marks what it is about to submit; what is in doubt there is held, and so
// is what was marked when the process ended.
#include "store/sqlite/ledger.hpp"

#include "base/log.hpp"

#include <fmt/format.h>

namespace tidings::store::sqlite {

using message::Code;

void Ledger::mark(Connection& database, const MessageKey& key, LinkKey link)
{
    database.run(
        "UPDATE messages SET link = ? WHERE account = ? AND id = ? AND queue >= 0 AND submitted_at IS NULL",
        link, key.account, key.id);
}

// What an earlier process was submitting. A receipt may still tell what became of it.
void Ledger::hold_marked(Connection& database)
{
    std::vector<MessageKey> keys;
    {
        Rows rows = database.query(
            "SELECT account, id FROM messages WHERE queue >= 0 AND link > 0 AND submitted_at IS NULL");
        while (rows.next()) keys.push_back({rows.as<AccountKey>(0), rows.uuid(1)});
    }
    if (keys.empty()) return;
    database.execute("BEGIN IMMEDIATE");
    for (const MessageKey& key : keys) {
        auto row = load_message(database, key);
        hold(database, *row, clock_.now(), "the gateway ended while it was being submitted");
        save_message(database, *row);
        add_doubt(database, row->link, {key, row->sender, message::digits_of(row->destination)});
    }
    database.execute("COMMIT");
    committed();
    base::log_warning(
        "{} messages were being submitted when the gateway ended; they are held: see `tidings "
        "message held`",
        keys.size());
}

void Ledger::hold(Connection& database, MessageRow& row, base::Time at, std::string why)
{
    auto status = row.progress.status;
    if (status != message::Status::scheduled && status != message::Status::enroute) return;
    row.queue = Queue::held;
    row.seq = at.time_since_epoch().count();
    if (!advance(database, row, Code::held, at, why)) add_step(row, {at, Code::none, "held: " + why});
}

base::Result<void> Ledger::decide_held(Connection& database, const MessageKey& key, Decision decision)
{
    auto row = load_message(database, key);
    if (!row) return base::errc::not_found;
    if (row->queue != Queue::held) return base::errc::not_held;
    base::Time now = clock_.now();
    if (decision == Decision::drop) {
        advance(database, *row, Code::dropped, now, "dropped by the operator");
    } else {
        add_step(*row, {now, Code::none, "released by the operator"});
        if (row->link == LinkKey{}) {
            meet_rules(database, *row, now, Screening::done);
        } else {
            row->link = {};
            make_due(*row);
        }
    }
    save_message(database, *row);
    return {};
}

}  // namespace tidings::store::sqlite
