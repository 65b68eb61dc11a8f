// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/callback_writer.hpp"

#include "store/sqlite/conditions.hpp"

#include <cstdlib>

namespace tidings::store::sqlite {

namespace {

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

void delete_callback(Connection& database, const CallbackKey& key)
{
    database.run("DELETE FROM callbacks WHERE account = ? AND id = ? AND webhook = ?", key.account, key.id,
                 key.webhook);
}

}  // namespace

// The rows that the last run had in memory and nowhere else. They keep their seq, and so their place.
void CallbackWriter::open(Connection& database)
{
    {
        Rows rows = database.query("SELECT value FROM meta WHERE name = 'direct_since'");
        if (!rows.next()) return;
        noted_since_ = rows.time(0);
    }
    static const Statement make_due(
        "UPDATE callbacks SET queue = {} WHERE account IN (SELECT key FROM accounts) AND id >= ? AND {}",
        number(Queue::due), in(Queue::direct));
    database.run(make_due, base::Uuid::first_at(*noted_since_));
}

void CallbackWriter::write(Connection& database, const rules::CallbackWrite& write)
{
    using Kind = rules::CallbackWrite::Kind;
    const auto& [kind, row, attempt] = write;
    // Before the row, also of one that is forgotten: the log of attempts outlives the callback until its
    // event ends.
    if (attempt && kind != Kind::told) add_failed(database, row.key, *attempt);
    if (kind == Kind::made) {
        insert_callback(database, row);
        return came(row.key, row.queue);
    }
    if (kind == Kind::forgotten) return forget(database, row.key);
    if (!went(database, row.key)) return;  // the life of its event is over
    switch (kind) {
    case Kind::begun_again: begin_again(database, row); break;
    case Kind::moved: move_callback(database, row); break;
    case Kind::told: keep_told(database, row, *attempt); break;
    case Kind::made:
    case Kind::forgotten: std::abort();
    }
    came(row.key, row.queue);
}

void CallbackWriter::forget(Connection& database, const CallbackKey& key)
{
    if (went(database, key)) delete_callback(database, key);
}

void CallbackWriter::make_due(Connection& database, const CallbackKey& key)
{
    if (!direct_.remove(key)) return;
    database.run("UPDATE callbacks SET queue = ? WHERE account = ? AND id = ? AND webhook = ?", Queue::due,
                 key.account, key.id, key.webhook);
    count(Queue::direct, -1);
    count(Queue::due, 1);
}

void CallbackWriter::before_commit(Connection& database)
{
    std::optional<base::Time> since = direct_.since();
    if (!since) return;
    bool is_older = !noted_since_ || *since < *noted_since_;
    if (!is_older && *since < *noted_since_ + note_step) return;
    database.run("INSERT OR REPLACE INTO meta (name, value) VALUES ('direct_since', ?)", *since);
    noted_since_ = since;
}

void CallbackWriter::rolled_back()
{
    direct_.rolled_back();
    noted_since_.reset();  // what stands there is not known any more: the next commit writes it
}

void CallbackWriter::came(const CallbackKey& key, Queue queue)
{
    if (queue == Queue::direct) direct_.add(key);
    count(queue, 1);
}

// A row leaves the queue in which it stands on disk. False: there is none.
bool CallbackWriter::went(Connection& database, const CallbackKey& key)
{
    if (direct_.remove(key)) {
        count(Queue::direct, -1);
        return true;
    }
    Rows rows = database.query("SELECT queue FROM callbacks WHERE account = ? AND id = ? AND webhook = ?",
                               key.account, key.id, key.webhook);
    if (!rows.next()) return false;
    count(rows.as<Queue>(0), -1);
    return true;
}

// What was told stays for weeks, and nobody asks how many they are.
void CallbackWriter::count(Queue queue, std::int64_t change)
{
    if (queue != Queue::told) row_counts_.add(RowCounts::Kind::callbacks, number(queue), change);
}

}  // namespace tidings::store::sqlite
