// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/lives.hpp"

#include "store/rules/callbacks.hpp"
#include "store/rules/life.hpp"
#include "store/sqlite/carrier_rows.hpp"
#include "store/sqlite/conditions.hpp"
#include "store/sqlite/reply_rows.hpp"
#include "store/sqlite/rows.hpp"

namespace tidings::store::sqlite {

namespace {

// With what finds it: its parts' ids, and the thread that ends in it.
void end_message(Connection& database, const MessageRow& row)
{
    for (const PartRow& part : row.parts)
        database.run("DELETE FROM carrier_ids WHERE link = ? AND carrier_id = ? AND message = ?", row.link,
                     part.part.carrier_id, row.key.id);
    database.run("DELETE FROM threads WHERE number = ? AND handset = ? AND message = ?", row.sender,
                 message::digits_of(row.destination), row.key.id);
    database.run("DELETE FROM messages WHERE account = ? AND id = ?", row.key.account, row.key.id);
}

}  // namespace

void Lives::keep_sent_keys_for(std::chrono::seconds window)
{
    if (longest_window_) longest_window_ = std::max(*longest_window_, window);
    round_.longest_window = std::max(round_.longest_window, window);
}

bool Lives::end(Connection& database, const Settings& settings, base::Time now)
{
    if (ended_at_ && clock_.steady() - *ended_at_ < period) return false;
    if (!round_.accounts_are_done) {
        round_.accounts_are_done = end_of_accounts(database, settings, now);
        return true;
    }
    if (!round_.lanes_are_done) {
        round_.lanes_are_done = bury_overdue(database, now);
        return true;
    }
    std::int64_t gone = 0;
    using Kind = RowCounts::Kind;
    for (Kind kind : {Kind::unmatched_receipts, Kind::unmatched_replies})
        for (LinkKey link : row_counts_.links_with(kind))
            gone += forget_unmatched(database, kind, link, now - rules::life);
    if (gone > 0) return true;
    longest_window_ = round_.longest_window;
    round_ = {};
    ended_at_ = clock_.steady();
    return false;
}

// True: all accounts are done.
bool Lives::end_of_accounts(Connection& database, const Settings& settings, base::Time now)
{
    const auto& accounts = settings.accounts;
    auto next = accounts.upper_bound(round_.account);
    for (std::size_t looked_at = 0; looked_at < looked_at_max; ++looked_at, ++next) {
        if (next == accounts.end()) return true;
        if (end_of_account(database, next->first, now - rules::life))
            return false;  // there may be more of it
        round_.account = next->first;
        round_.message.reset();
        round_.longest_window = std::max(round_.longest_window, next->second.duplicate_window);
    }
    return false;
}

// True: it did something, and there may be more.
bool Lives::end_of_account(Connection& database, AccountKey account, base::Time before)
{
    if (end_messages(database, account, before)) return true;
    base::Uuid id = base::Uuid::first_at(before);
    auto gone = database.run(
        "DELETE FROM reports WHERE account = ?1 AND id IN (SELECT id FROM reports WHERE account = ?1 "
        "AND id < ?2 ORDER BY id LIMIT ?3)",
        account, id, batch_max);
    gone += end_callbacks(database, account, id);
    gone += database.run(
        "DELETE FROM callback_attempts WHERE account = ?1 AND (id, webhook, number) IN "
        "(SELECT id, webhook, number FROM callback_attempts WHERE account = ?1 AND id < ?2 "
        "ORDER BY id LIMIT ?3)",
        account, id, batch_max);
    gone += end_replies(database, account, id, batch_max);
    return gone > 0;
}

std::int64_t Lives::end_callbacks(Connection& database, AccountKey account, const base::Uuid& before)
{
    std::vector<CallbackKey> old;
    {
        Rows rows = database.query(
            "SELECT id, webhook FROM callbacks WHERE account = ? AND id < ? ORDER BY id LIMIT ?", account,
            before, batch_max);
        while (rows.next()) old.push_back({account, rows.uuid(0), rows.uuid(1)});
    }
    for (const CallbackKey& key : old) callbacks_.forget(database, key);
    return static_cast<std::int64_t>(old.size());
}

// A message scheduled far ahead lives from that time on, and is passed over: the round remembers how far it
// looked. True: there may be more.
bool Lives::end_messages(Connection& database, AccountKey account, base::Time before)
{
    std::vector<MessageRow> old;
    {
        Rows rows = database.query(
            "SELECT * FROM messages WHERE account = ? AND id > ? AND id < ? ORDER BY id LIMIT ?", account,
            round_.message.value_or(base::Uuid{}), base::Uuid::first_at(before), batch_max);
        while (rows.next()) old.push_back(read_message(rows));
    }
    for (const MessageRow& row : old)
        if (scheduled_in(row.extra).value_or(base::Time{}) < before) {
            row_counts_.moved(row.queue, {});
            end_message(database, row);
        }
    if (!old.empty()) round_.message = old.back().key.id;
    return old.size() == batch_max;
}

// Overdue ones are at the heads of their lanes: one that was tried, or taken, stands behind what came
// meanwhile, and goes after that. Looks at some lanes, each time at those that follow. True: all were looked
// at.
bool Lives::bury_overdue(Connection& database, base::Time now)
{
    std::vector<CallbackLane> lanes = callback_lanes(database, round_.lane, looked_at_max);
    for (const CallbackLane& lane : lanes) {
        if (bury_overdue(database, lane, now) == batch_max) return false;  // there is more in this one
        round_.lane = lane;
    }
    return lanes.size() < looked_at_max;
}

std::size_t Lives::bury_overdue(Connection& database, const CallbackLane& lane, base::Time now)
{
    static const Statement oldest(
        "SELECT * FROM callbacks WHERE {} AND endpoint = ? AND account = ? ORDER BY seq LIMIT ?",
        in(Queue::due));
    std::vector<CallbackRow> heads;
    {
        Rows rows = database.query(oldest, lane.endpoint, lane.account, batch_max);
        while (rows.next()) {
            CallbackRow row = read_callback(rows);
            if (!rules::is_overdue(row, now)) break;
            heads.push_back(std::move(row));
        }
    }
    std::size_t count = heads.size();
    rules::Bury item(std::move(heads));
    if (count > 0) carry_out_(database, item);
    return count;
}

std::int64_t Lives::forget_unmatched(Connection& database, RowCounts::Kind kind, LinkKey link,
                                     base::Time before)
{
    static const Statement forget_receipts(
        "DELETE FROM parked_receipts WHERE key IN (SELECT key FROM parked_receipts WHERE {} AND link = ? "
        "AND arrived_at < ? ORDER BY arrived_at LIMIT ?)",
        is_given_up);
    if (kind == RowCounts::Kind::unmatched_receipts)
        return database.run(forget_receipts, link, before, batch_max);
    return database.run(
        "DELETE FROM unmatched_replies WHERE key IN (SELECT key FROM unmatched_replies WHERE link = ? "
        "AND received_at < ? ORDER BY received_at LIMIT ?)",
        link, before, batch_max);
}

}  // namespace tidings::store::sqlite
