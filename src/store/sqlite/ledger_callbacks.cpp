// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/ledger.hpp"

namespace tidings::store {

using message::Code;

void Ledger::queue_callback(Connection& database, Callback callback, base::Uuid message,
                            base::Time changed_at)
{
    std::int64_t seq = ++last_seq_;
    Code code = callback.report ? callback.report->code : Code::none;
    database.run(
        "INSERT INTO callbacks (account, id, message, code, changed_at, created_at, attempts, queue, seq) "
        "VALUES (?, ?, ?, ?, ?, ?, 0, ?, ?)",
        callback.account, callback.id, message, code, changed_at, callback.created_at, Queue::due, seq);
    new_callbacks_.push_back({seq, std::move(callback)});
}

std::optional<Callback> Ledger::load_callback(Connection& database, AccountKey account, base::Uuid id)
{
    Callback callback;
    callback.account = account;
    callback.id = id;
    MessageKey key{account, {}};
    Code code{};
    base::Time changed_at{};
    {
        Rows rows = database.query(
            "SELECT message, code, changed_at, created_at, attempts FROM callbacks "
            "WHERE account = ? AND id = ?",
            account, id);
        if (!rows.next()) return {};
        key.id = rows.uuid(0);
        code = rows.as<Code>(1);
        changed_at = rows.time(2);
        callback.created_at = rows.time(3);
        callback.attempts = static_cast<int>(rows.integer(4));
    }
    auto row = load_message(database, key);
    if (!row) return {};  // its life is over
    callback.url = row->callback_url;
    if (code != Code::none) {
        message::Report report = report_of(*row, account_id(account));
        report.id = id;
        report.code = code;
        report.changed_at = changed_at;
        report.created_at = callback.created_at;
        callback.report = std::move(report);
        return callback;
    }
    Rows rows = database.query(
        "SELECT source, destination, content, received_at FROM replies WHERE account = ? AND id = ?", account,
        id);
    if (!rows.next()) return {};
    message::Reply reply;
    reply.id = id;
    reply.message = key.id;
    reply.callback_url = row->callback_url;
    reply.metadata = metadata_of(row->extra);
    reply.account = account_id(account);
    reply.source = rows.text(0);
    reply.destination = rows.text(1);
    reply.content = rows.text(2);
    reply.received_at = rows.time(3);
    callback.reply = std::move(reply);
    return callback;
}

void Ledger::read_callbacks(Connection& database)
{
    std::vector<LaneKey> hungry = callbacks_.hungry(lanes_read_max);
    for (const LaneKey& lane : hungry) read_callbacks(database, lane, read_share(hungry.size()));
}

void Ledger::read_callbacks(Connection& database, const LaneKey& lane, std::size_t limit)
{
    struct Place {
        base::Uuid id;
        std::int64_t seq;
    };
    std::vector<Place> places;
    {
        Rows rows = database.query(
            "SELECT id, seq FROM callbacks WHERE queue = ? AND queue >= 0 "
            "AND account = ? AND seq > ? ORDER BY seq LIMIT ?",
            Queue::due, lane.account, callbacks_.cursor(lane), limit);
        while (rows.next()) places.push_back({rows.uuid(0), rows.integer(1)});
    }
    std::vector<Queued<Callback>> found;
    for (const auto& [id, seq] : places) {
        if (auto callback = load_callback(database, lane.account, id))
            found.push_back({seq, std::move(*callback)});
        else
            database.run("DELETE FROM callbacks WHERE account = ? AND id = ?", lane.account, id);
    }
    auto rest = places.size() < limit ? Outbox<Callback>::Rest::none : Outbox<Callback>::Rest::more;
    after_commit([this, lane, rest, found = std::move(found)]() mutable {
        callbacks_.read_from_disk(lane, std::move(found), rest);
    });
}

void Ledger::record_callback(Connection& database, const CallbackOutcome& outcome)
{
    if (!outcome.retry_at) {
        database.run("DELETE FROM callbacks WHERE account = ? AND id = ?", outcome.account, outcome.id);
        return;
    }
    database.run("UPDATE callbacks SET queue = ?, seq = ?, attempts = ? WHERE account = ? AND id = ?",
                 Queue::timed, *outcome.retry_at, outcome.attempts, outcome.account, outcome.id);
}

bool Ledger::release_callbacks(Connection& database, base::Time now)
{
    struct Place {
        AccountKey account;
        base::Uuid id;
    };
    std::vector<Place> places;
    {
        Rows rows = database.query(
            "SELECT account, id FROM callbacks WHERE queue = ? AND queue < 0 AND seq <= ? "
            "ORDER BY seq LIMIT ?",
            Queue::timed, now, batch_max);
        while (rows.next()) places.push_back({rows.as<AccountKey>(0), rows.uuid(1)});
    }
    for (const Place& place : places) {
        std::int64_t seq = ++last_seq_;
        database.run("UPDATE callbacks SET queue = ?, seq = ? WHERE account = ? AND id = ?", Queue::due, seq,
                     place.account, place.id);
        if (auto callback = load_callback(database, place.account, place.id))
            new_callbacks_.push_back({seq, std::move(*callback)});
    }
    return places.size() == batch_max;
}

}  // namespace tidings::store
