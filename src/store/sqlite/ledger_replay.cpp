// SPDX-License-Identifier: Apache-2.0
// What is to be told again, as a scan finds it, a batch at a time. What of it is told, and to whom, is
// decided in rules/replay.
#include "store/sqlite/ledger.hpp"

#include "store/rules/replay.hpp"
#include "store/sqlite/conditions.hpp"

namespace tidings::store::sqlite {

using rules::EventRow;

namespace {

// Of one account, behind `after`.
std::vector<CallbackRow> dead_letters(Connection& database, const CallbackKey& after, std::size_t limit)
{
    static const Statement behind(
        "SELECT * FROM callbacks INDEXED BY callbacks_dead WHERE {} AND account = ? "
        "AND (id, webhook) > (?, ?) ORDER BY id, webhook LIMIT ?",
        in(Queue::dead));
    std::vector<CallbackRow> dead;
    Rows rows = database.query(behind, after.account, after.id, after.webhook, limit);
    while (rows.next()) dead.push_back(read_callback(rows));
    return dead;
}

// An event has a row for each receiver, and pending ones are read as well. To leave them out here would mean
// to read on past them, with no bound; so they are left out afterwards (ReplayBetween).
std::vector<CallbackRow> callbacks_between(Connection& database, const ReplayRange& range, std::size_t limit)
{
    std::vector<CallbackRow> found;
    Rows rows =
        database.query("SELECT * FROM callbacks WHERE account = ? AND id >= ? AND id < ? ORDER BY id LIMIT ?",
                       range.account, range.from, range.to, limit);
    while (rows.next()) found.push_back(read_callback(rows));
    return found;
}

void add_reports_between(Connection& database, const ReplayRange& range, rules::FoundEvents& found)
{
    Rows rows = database.query(
        "SELECT id, message, code, changed_at, created_at FROM reports "
        "WHERE account = ? AND id >= ? AND id < ? ORDER BY id LIMIT ?",
        range.account, range.from, range.to, found.limit);
    while (rows.next())
        found.unconfirmed.push_back({.key = {range.account, rows.uuid(0)},
                                     .message = rows.uuid(1),
                                     .code = rows.as<message::Code>(2),
                                     .changed_at = rows.time(3),
                                     .created_at = rows.time(4)});
}

void add_replies_between(Connection& database, const ReplayRange& range, rules::FoundEvents& found)
{
    Rows rows = database.query(
        "SELECT id, message, received_at FROM replies WHERE account = ? AND id >= ? AND id < ? "
        "ORDER BY id LIMIT ?",
        range.account, range.from, range.to, found.limit);
    while (rows.next()) {
        EventRow& row = found.unconfirmed.emplace_back();
        row.key = {range.account, rows.uuid(0)};
        if (!rows.is_null(1)) row.message = rows.uuid(1);
        row.changed_at = row.created_at = rows.time(2);
    }
}

}  // namespace

Replayed<CallbackKey> Ledger::replay_dead(Connection& database, const CallbackKey& after,
                                          const std::optional<base::Uuid>& webhook)
{
    Replayed<CallbackKey> replayed;
    std::vector<CallbackRow> dead = dead_letters(database, after, batch_max);
    if (dead.size() == batch_max) replayed.next = dead.back().key;
    // After `next` was taken: a batch without any of this webhook is not the last one.
    if (webhook) std::erase_if(dead, [&](const CallbackRow& row) { return row.key.webhook != *webhook; });
    rules::ReplayDead item(std::move(dead));
    carry_out(database, item);
    replayed.callbacks = item.result;
    return replayed;
}

Replayed<base::Uuid> Ledger::replay_between(Connection& database, const ReplayRange& range)
{
    rules::FoundEvents found{
        .callbacks = callbacks_between(database, range, batch_max), .unconfirmed = {}, .limit = batch_max};
    add_reports_between(database, range, found);
    add_replies_between(database, range, found);
    rules::ReplayBetween item(std::move(found), range.webhook);
    carry_out(database, item);
    return {item.result, item.next};
}

}  // namespace tidings::store::sqlite
