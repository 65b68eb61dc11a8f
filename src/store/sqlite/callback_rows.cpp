// SPDX-License-Identifier: Apache-2.0
// A callback has one row for its whole life, whose queue tells how it is: due in a lane, waiting for a time,
// told, or dead. What is told or dead stays as the log. Attempts that failed have rows of their own, the
// newest attempts_kept of them, since most callbacks have none. When a callback is told again the attempt
// that delivered it gets such a row, too, so that the log shows each round, and the numbers go on:
// attempts_before counts those of the rounds before.
#include "store/sqlite/callback_rows.hpp"

#include "store/sqlite/conditions.hpp"

#include <cstdlib>

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

// With its number in the log.
void add_attempt(Connection& database, const CallbackKey& key, const CallbackAttempt& attempt)
{
    database.run(
        "INSERT OR REPLACE INTO callback_attempts (account, id, webhook, number, at, took_ms, status, error, "
        "answer, url) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        key.account, key.id, key.webhook, attempt.number, attempt.at, attempt.took.count(), attempt.status,
        attempt.error, Blob{std::string_view(attempt.answer).substr(0, answer_kept)},
        std::string_view(attempt.url).substr(0, sent_url_kept));
    // By number and not by count: with ascending numbers this leaves attempts_kept of them, by one search.
    database.run("DELETE FROM callback_attempts WHERE account = ? AND id = ? AND webhook = ? AND number <= ?",
                 key.account, key.id, key.webhook, attempt.number - attempts_kept);
}

// Of this round.
void add_failed(Connection& database, const CallbackKey& key, CallbackAttempt attempt)
{
    {
        Rows rows = database.query(
            "SELECT attempts_before FROM callbacks WHERE account = ? AND id = ? AND webhook = ?", key.account,
            key.id, key.webhook);
        if (rows.next()) attempt.number += static_cast<int>(rows.integer(0));
    }
    add_attempt(database, key, attempt);
}

// The attempt that delivered it, which its row cannot keep when it begins again.
void move_delivery(Connection& database, const CallbackKey& key)
{
    std::optional<CallbackAttempt> delivery;
    {
        Rows rows = database.query("SELECT * FROM callbacks WHERE account = ? AND id = ? AND webhook = ?",
                                   key.account, key.id, key.webhook);
        if (!rows.next()) return;
        CallbackRow row = read_callback(rows);
        if (row.queue == Queue::told) delivery = delivery_of(rows, row);
    }
    if (delivery) add_attempt(database, key, *delivery);
}

void insert_callback(Connection& database, const CallbackRow& row)
{
    database.run(
        "INSERT INTO callbacks (account, id, webhook, message, code, changed_at, created_at, since, "
        "attempts, endpoint, queue, seq) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        row.key.account, row.key.id, row.key.webhook, row.message, row.code, row.changed_at, row.created_at,
        row.since, row.attempts, row.endpoint, row.queue, row.seq);
}

void begin_again(Connection& database, const CallbackRow& row)
{
    move_delivery(database, row.key);
    database.run(
        "UPDATE callbacks SET since = ?, attempts_before = attempts_before + attempts, attempts = ?, "
        "endpoint = ?, queue = ?, seq = ?, took_ms = NULL, status = NULL, answer = NULL, url = NULL "
        "WHERE account = ? AND id = ? AND webhook = ?",
        row.since, row.attempts, row.endpoint, row.queue, row.seq, row.key.account, row.key.id,
        row.key.webhook);
}

void move_callback(Connection& database, const CallbackRow& row)
{
    database.run(
        "UPDATE callbacks SET queue = ?, seq = ?, attempts = ? "
        "WHERE account = ? AND id = ? AND webhook = ?",
        row.queue, row.seq, row.attempts, row.key.account, row.key.id, row.key.webhook);
}

std::optional<std::string_view> sent_url(const CallbackAttempt& attempt)
{
    if (attempt.url.empty()) return {};
    return std::string_view(attempt.url).substr(0, sent_url_kept);
}

// As the log of it.
void keep_told(Connection& database, const CallbackRow& row, const CallbackAttempt& attempt)
{
    database.run(
        "UPDATE callbacks SET queue = ?, seq = ?, attempts = ?, took_ms = ?, status = ?, answer = ?, url = ? "
        "WHERE account = ? AND id = ? AND webhook = ?",
        row.queue, row.seq, row.attempts, attempt.took.count(), attempt.status,
        Blob{std::string_view(attempt.answer).substr(0, answer_kept)}, sent_url(attempt), row.key.account,
        row.key.id, row.key.webhook);
}

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

void forget_callback(Connection& database, const CallbackKey& key)
{
    database.run("DELETE FROM callbacks WHERE account = ? AND id = ? AND webhook = ?", key.account, key.id,
                 key.webhook);
}

void write_callback(Connection& database, const rules::CallbackWrite& write)
{
    using Kind = rules::CallbackWrite::Kind;
    const auto& [kind, row, attempt] = write;
    // Before the row, also of one that is forgotten: the log of attempts outlives the callback until its
    // event ends.
    if (attempt && kind != Kind::told) add_failed(database, row.key, *attempt);
    switch (kind) {
    case Kind::made: return insert_callback(database, row);
    case Kind::begun_again: return begin_again(database, row);
    case Kind::moved: return move_callback(database, row);
    case Kind::told: return keep_told(database, row, *attempt);
    case Kind::forgotten: return forget_callback(database, row.key);
    }
    std::abort();
}

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
