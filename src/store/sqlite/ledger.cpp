// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/ledger.hpp"

#include "base/log.hpp"

#include <cassert>

namespace tidings::store {

using message::Code;
using message::Status;

Ledger::Ledger(base::Clock& clock, base::UuidSource& ids) : clock_(clock), ids_(ids) {}

void Ledger::open(Connection& database)
{
    // The highest seq in the queues that count; those that hold times would be far ahead.
    auto highest = [&](const char* sql) {
        Rows rows = database.query(sql);
        return rows.next() ? rows.integer(0) : 0;
    };
    last_seq_ = std::max(highest("SELECT max(seq) FROM messages WHERE queue >= 0"),
                         highest("SELECT max(seq) FROM callbacks WHERE queue >= 0"));

    std::vector<MessageRow> newest;
    Rows rows = database.query("SELECT * FROM messages WHERE submitted_at IS NOT NULL ORDER BY submitted_at DESC LIMIT ?",
                               Recent::messages_max);
    while (rows.next()) {
        MessageRow row = read_message(rows);
        row.content.clear();  // a few hundred megabytes if they were all long
        newest.push_back(std::move(row));
    }
    for (auto row = newest.rbegin(); row != newest.rend(); ++row) {
        std::vector<std::string_view> carrier_ids;
        for (const PartRow& part : row->parts) carrier_ids.push_back(part.part.carrier_id);
        recent_.add(row->link, row->key, carrier_ids, row->sender, message::digits_of(row->destination));
    }

    Rows parked = database.query("SELECT link || ' ' || carrier_id FROM parked_receipts WHERE unmatched = 0");
    while (parked.next()) parked_.emplace(parked.text(0));
}

Outbox<Outbound>& Ledger::outbox(Queue queue)
{
    std::lock_guard lock(outboxes_mutex_);
    return outboxes_.try_emplace(queue, outbox_max).first->second;
}

void Ledger::stop_waiting()
{
    callbacks_.signal().close();
    std::lock_guard lock(outboxes_mutex_);
    for (auto& [queue, box] : outboxes_) box.signal().close();
}

void Ledger::committed()
{
    for (auto& effect : effects_) effect();
    effects_.clear();
}

const std::string& Ledger::account_id(AccountKey account) const { return settings_->accounts.at(account).id; }

void Ledger::make_due(MessageRow& row)
{
    row.queue = Queue::due;
    row.seq = ++last_seq_;
    after_commit([this, seq = row.seq, outbound = outbound_of(row)] { outbox(Queue::due).push(seq, outbound); });
}

bool Ledger::advance(Connection& database, MessageRow& row, Code code, base::Time at)
{
    if (!message::advance(row.progress, code, at)) return false;
    if (message::is_final(row.progress.status)) row.queue.reset();
    if (!row.delivery_report) return true;

    message::Report report = report_of(row, account_id(row.key.account));
    report.id = ids_.next();
    report.created_at = clock_.now();
    database.run("INSERT INTO reports (account, id, message, code, changed_at, created_at) VALUES (?, ?, ?, ?, ?, ?)",
                 row.key.account, report.id, row.key.id, code, at, report.created_at);
    if (row.callback_url.empty()) return true;

    Callback callback;
    callback.account = row.key.account;
    callback.id = report.id;
    callback.url = row.callback_url;
    callback.created_at = report.created_at;
    callback.report = std::move(report);
    queue_callback(database, callback, row.key.id, at);
    return true;
}

void Ledger::accept(Connection& database, AccountKey account, const std::vector<NewMessage>& messages)
{
    base::Time now = clock_.now();
    for (const NewMessage& message : messages) {
        MessageRow row = row_of(account, message);
        row.progress = {.status = Status::scheduled, .code = Code::none, .told = 0, .changed_at = now};
        const auto& scheduled = message.submission.scheduled;
        if (scheduled && *scheduled > now) {
            row.queue = Queue::timed;
            row.seq = scheduled->time_since_epoch().count();
        } else {
            make_due(row);
            advance(database, row, Code::processing, now);
        }
        insert_message(database, row);
    }
}

base::Result<StoredMessage> Ledger::cancel(Connection& database, const MessageKey& key)
{
    auto row = load_message(database, key);
    if (!row) return base::errc::not_found;
    if (row->progress.status == Status::scheduled) {
        row->progress.status = Status::cancelled;
        row->progress.changed_at = clock_.now();
        row->queue.reset();
        save_message(database, *row);
    }
    if (row->progress.status != Status::cancelled) return base::errc::not_scheduled;
    return StoredMessage{key.id, submission_of(*row), row->progress.status};
}

void Ledger::record(Connection& database, const Change& change)
{
    auto row = load_message(database, change.key);
    if (!row) return;  // its life is over
    if (change.code == Code::submitted) {
        submitted(database, *row, change);
    } else {
        advance(database, *row, change.code, change.at);
        save_message(database, *row);
    }
}

void Ledger::submitted(Connection& database, MessageRow& row, const Change& change)
{
    row.queue.reset();
    row.link = change.link;
    row.submitted_at = change.at;
    row.parts.clear();
    std::vector<std::string_view> carrier_ids;
    for (const std::string& id : change.carrier_ids) {
        row.parts.push_back({{id, Code::submitted}, false});
        carrier_ids.push_back(id);
    }
    recent_.add(change.link, row.key, carrier_ids, row.sender, message::digits_of(row.destination));
    advance(database, row, Code::submitted, change.at);

    for (const std::string& id : change.carrier_ids)  // receipts that were faster than the response
        for (const Parked& parked : parked_with(database, change.link, id)) {
            apply(database, row, *row.part_with(id), parked.receipt);
            unpark(database, change.link, parked);
        }
    save_message(database, row);
}

void Ledger::put_back(Connection& database, const MessageKey& key, base::Time at)
{
    database.run("UPDATE messages SET queue = ?, seq = ? WHERE account = ? AND id = ? AND queue >= 0", Queue::timed, at,
                 key.account, key.id);
}

void Ledger::move_to(Connection& database, LinkKey link, const MessageKey& key)
{
    database.run("UPDATE messages SET queue = ?, seq = ? WHERE account = ? AND id = ? AND queue >= 0", queue_of(link),
                 ++last_seq_, key.account, key.id);
}

std::vector<Outbound> Ledger::read_queue(Connection& database, Queue queue, std::size_t limit)
{
    Outbox<Outbound>& box = outbox(queue);
    std::vector<Outbound> found;
    std::int64_t last = 0;
    Rows rows = database.query("SELECT * FROM messages WHERE queue = ? AND seq > ? ORDER BY seq LIMIT ?", queue,
                               box.cursor(), limit);
    while (rows.next()) {
        MessageRow row = read_message(rows);
        last = row.seq;
        found.push_back(outbound_of(row));
    }
    bool all = found.size() < limit;
    after_commit([&box, last, all] { box.read_from_disk(last, all); });
    return found;
}

void Ledger::confirm_reports(Connection& database, AccountKey account, const std::vector<base::Uuid>& ids)
{
    for (const base::Uuid& id : ids) database.run("DELETE FROM reports WHERE account = ? AND id = ?", account, id);
}

void Ledger::confirm_replies(Connection& database, AccountKey account, const std::vector<base::Uuid>& ids)
{
    for (const base::Uuid& id : ids)
        database.run("UPDATE replies SET confirmed = 1 WHERE account = ? AND id = ?", account, id);
}

void Ledger::evict(Connection& database)
{
    if (!recent_.full()) return;
    for (const MessageKey& key : recent_.oldest()) {
        auto row = load_message(database, key);
        if (!row || !row->submitted_at) continue;
        database.run("INSERT INTO threads (number, handset, account, message, submitted_at) VALUES (?, ?, ?, ?, ?) "
                     "ON CONFLICT DO UPDATE SET account = excluded.account, message = excluded.message, "
                     "submitted_at = excluded.submitted_at WHERE submitted_at <= excluded.submitted_at",
                     row->sender, message::digits_of(row->destination), key.account, key.id, *row->submitted_at);
        if (row->progress.status == Status::delivered) continue;
        for (const PartRow& part : row->parts)
            database.run("INSERT OR REPLACE INTO carrier_ids (link, carrier_id, account, message) VALUES (?, ?, ?, ?)",
                         row->link, part.part.carrier_id, key.account, key.id);
    }
    after_commit([this] { recent_.forget_oldest(); });
}

}  // namespace tidings::store
