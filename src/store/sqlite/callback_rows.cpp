// SPDX-License-Identifier: Apache-2.0
// A callback has one row for its whole life, whose queue tells how it is: due in a lane, waiting for a time,
// told, or dead. What is told or dead stays as the log. Attempts that failed have rows of their own, the
// newest attempts_kept of them, since most callbacks have none. When a callback is told again the attempt
// that delivered it gets such a row, too, so that the log shows each round, and the numbers go on:
// attempts_before counts those of the rounds before. How they are written is in callback_writer.cpp.
#include "store/sqlite/callback_rows.hpp"

#include "store/sqlite/conditions.hpp"

namespace tidings::store::sqlite {

namespace {

enum Column {
    account,
    id,
    webhook,
    message,
    code,
    changed_at,
    created_at,
    since,
    attempts,
    endpoint,
    queue,
    seq,
    took_ms,
    status,
    answer,
    attempts_before,
    url
};

}  // namespace

CallbackRow read_callback(const Rows& rows)
{
    CallbackRow row;
    row.key = {rows.as<AccountKey>(Column::account), rows.uuid(Column::id), rows.uuid(Column::webhook)};
    if (!rows.is_null(Column::message)) row.message = rows.uuid(Column::message);
    row.code = rows.as<message::Code>(Column::code);
    row.changed_at = rows.time(Column::changed_at);
    row.created_at = rows.time(Column::created_at);
    row.since = rows.time(Column::since);
    row.attempts = static_cast<int>(rows.integer(Column::attempts));
    row.endpoint = rows.as<EndpointKey>(Column::endpoint);
    row.queue = rows.as<Queue>(Column::queue);
    row.seq = rows.integer(Column::seq);
    return row;
}

std::vector<CallbackLane> callback_lanes(Connection& database, const std::optional<CallbackLane>& after,
                                         std::size_t max)
{
    // Skips from lane to lane: each query is for the first row behind the lane before, however much waits in
    // that.
    // Served by callbacks_due, whose columns are endpoint, account and seq.
    static const Statement first(
        "SELECT endpoint, account FROM callbacks WHERE {} ORDER BY endpoint, account LIMIT 1",
        in(Queue::due));
    static const Statement behind(
        "SELECT endpoint, account FROM callbacks WHERE {} AND (endpoint, account) > (?, ?) "
        "ORDER BY endpoint, account LIMIT 1",
        in(Queue::due));
    std::vector<CallbackLane> lanes;
    std::optional<CallbackLane> last = after;
    while (lanes.size() < max) {
        Rows next = last ? database.query(behind, last->endpoint, last->account) : database.query(first);
        if (!next.next()) break;
        last = CallbackLane{.account = next.as<AccountKey>(1), .endpoint = next.as<EndpointKey>(0)};
        lanes.push_back(*last);
    }
    return lanes;
}

CallbackAttempt delivery_of(const Rows& rows, const CallbackRow& row)
{
    CallbackAttempt attempt;
    attempt.number = earlier_attempts(rows) + row.attempts;
    attempt.took = std::chrono::milliseconds(rows.integer(Column::took_ms));
    // `seq` of a told callback is when the answer came (rules/callbacks), which spares the row a column.
    attempt.at = base::Time(std::chrono::milliseconds(row.seq)) - attempt.took;
    attempt.status = static_cast<unsigned>(rows.integer(Column::status));
    attempt.answer = rows.text(Column::answer);
    attempt.url = rows.text(Column::url);
    return attempt;
}

int earlier_attempts(const Rows& rows) { return static_cast<int>(rows.integer(Column::attempts_before)); }

std::vector<CallbackRow> load_receivers(Connection& database, const rules::EventKey& event)
{
    std::vector<CallbackRow> receivers;
    Rows rows =
        database.query("SELECT * FROM callbacks WHERE account = ? AND id = ?", event.account, event.id);
    while (rows.next()) receivers.push_back(read_callback(rows));
    return receivers;
}

std::optional<rules::EventRow> load_unconfirmed(Connection& database, const rules::EventKey& event)
{
    rules::EventRow row{.key = event};
    {
        Rows rows = database.query(
            "SELECT message, code, changed_at, created_at FROM reports WHERE account = ? AND id = ?",
            event.account, event.id);
        if (rows.next()) {
            row.message = rows.uuid(0);
            row.code = rows.as<message::Code>(1);
            row.changed_at = rows.time(2);
            row.created_at = rows.time(3);
            return row;
        }
    }
    Rows rows = database.query("SELECT message, received_at FROM replies WHERE account = ? AND id = ?",
                               event.account, event.id);
    if (!rows.next()) return {};
    if (!rows.is_null(0)) row.message = rows.uuid(0);
    row.changed_at = row.created_at = rows.time(1);
    return row;
}

}  // namespace tidings::store::sqlite
