// SPDX-License-Identifier: Apache-2.0
// Telling again what was told, or could not be told, before: always with the id that it had.
#include "store/sqlite/ledger.hpp"

#include "store/sqlite/conditions.hpp"
#include "store/sqlite/pieces.hpp"

namespace tidings::store::sqlite {

using message::Code;

namespace {

// What was made of a report or reply, once more and from the beginning. Its webhook is not chosen yet.
CallbackRow begin_again(CallbackRow row, base::Time now)
{
    row.attempts = 0;
    row.since = now;
    return row;
}

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

// Once for each receiver, what is pending too: so a batch reads no more rows than it has.
std::vector<CallbackRow> callbacks_between(Connection& database, AccountKey account, const base::Uuid& from,
                                           const base::Uuid& to, std::size_t limit)
{
    std::vector<CallbackRow> found;
    Rows rows =
        database.query("SELECT * FROM callbacks WHERE account = ? AND id >= ? AND id < ? ORDER BY id LIMIT ?",
                       account, from, to, limit);
    while (rows.next()) found.push_back(read_callback(rows));
    return found;
}

std::vector<CallbackRow> reports_between(Connection& database, AccountKey account, const base::Uuid& from,
                                         const base::Uuid& to, std::size_t limit)
{
    std::vector<CallbackRow> found;
    Rows rows = database.query(
        "SELECT id, message, code, changed_at, created_at FROM reports "
        "WHERE account = ? AND id >= ? AND id < ? ORDER BY id LIMIT ?",
        account, from, to, limit);
    while (rows.next()) {
        CallbackRow& row = found.emplace_back();
        row.key = {account, rows.uuid(0), {}};
        row.message = rows.uuid(1);
        row.code = rows.as<Code>(2);
        row.changed_at = rows.time(3);
        row.created_at = rows.time(4);
    }
    return found;
}

std::vector<CallbackRow> replies_between(Connection& database, AccountKey account, const base::Uuid& from,
                                         const base::Uuid& to, std::size_t limit)
{
    std::vector<CallbackRow> found;
    Rows rows = database.query(
        "SELECT id, message, received_at FROM replies WHERE account = ? AND id >= ? AND id < ? "
        "ORDER BY id LIMIT ?",
        account, from, to, limit);
    while (rows.next()) {
        CallbackRow& row = found.emplace_back();
        row.key = {account, rows.uuid(0), {}};
        if (!rows.is_null(1)) row.message = rows.uuid(1);
        row.changed_at = row.created_at = rows.time(2);
    }
    return found;
}

base::Uuid id_of(const CallbackRow& row) { return row.key.id; }

base::Uuid next_after(base::Uuid id)
{
    for (auto byte = id.bytes.rbegin(); byte != id.bytes.rend(); ++byte)
        if (++*byte != 0) break;
    return id;
}

}  // namespace

// What is over is pending again, unless what it tells of has ended its life.
bool Ledger::revive(Connection& database, const CallbackRow& over)
{
    CallbackRow row = begin_again(over, clock_.now());
    auto callback = load_callback(database, row);
    if (!callback) {
        forget_callback(database, row.key);
        return false;
    }
    if (const Webhook* webhook = settings_->find_webhook(row.key.account, row.key.webhook))
        row.endpoint = endpoint_of(webhook->call.url);
    queue_callback(database, std::move(*callback), row);
    forget_attempts(database, row.key);
    return true;
}

Replayed Ledger::replay_dead(Connection& database, const CallbackKey& after,
                             const std::optional<base::Uuid>& webhook)
{
    Replayed replayed;
    std::vector<CallbackRow> dead = dead_letters(database, after, batch_max);
    for (const CallbackRow& row : dead)
        if (!webhook || row.key.webhook == *webhook) replayed.callbacks += revive(database, row);
    replayed.more = dead.size() == batch_max;
    if (!dead.empty()) replayed.last = dead.back().key;
    return replayed;
}

Replayed Ledger::replay_between(Connection& database, const ReplayRange& range)
{
    AccountKey account = range.account;
    std::vector<CallbackRow> rows;
    for (auto* between : {callbacks_between, reports_between, replies_between})
        for (CallbackRow& row : between(database, account, range.from, range.to, batch_max))
            rows.push_back(std::move(row));
    std::ranges::stable_sort(rows, {}, id_of);
    Replayed replayed;
    // Each was read up to its limit: beyond the first of their ends some may be missing.
    replayed.more = rows.size() >= batch_max;
    if (rows.size() > batch_max) rows.resize(batch_max);
    if (!rows.empty()) replayed.next = next_after(rows.back().key.id);
    // Only what is in the table of callbacks has a seq.
    std::erase_if(rows, [](const CallbackRow& row) { return row.seq > 0 && is_pending(row.queue); });
    auto [repeated, end] = std::ranges::unique(rows, {}, id_of);
    rows.erase(repeated, end);
    for (const CallbackRow& row : rows) {
        if (!is_test(row.code)) replayed.callbacks += tell_again(database, row, range.webhook);
        if (replayed.callbacks < rows_max || &row == &rows.back()) continue;
        replayed.more = true;  // each may go to a hundred webhooks
        replayed.next = next_after(row.key.id);
        break;
    }
    return replayed;
}

// To whom it would be told now.
std::size_t Ledger::tell_again(Connection& database, const CallbackRow& row,
                               const std::optional<base::Uuid>& webhook)
{
    CallbackRow again = begin_again(row, clock_.now());
    again.key.webhook = {};
    std::size_t before = new_callbacks_.size();
    auto callback = load_callback(database, again);
    if (!callback) return 0;
    tell(database, {again, std::move(*callback), webhook});
    for (std::size_t i = before; i < new_callbacks_.size(); ++i)
        forget_attempts(database, new_callbacks_[i].item.key);
    return new_callbacks_.size() - before;
}

std::size_t Ledger::replay_event(Connection& database, const CallbackKey& event,
                                 const std::optional<base::Uuid>& webhook)
{
    std::vector<CallbackRow> told;
    {
        Rows rows = database.query(
            "SELECT * FROM callbacks WHERE account = ?1 AND id = ?2 AND (?3 IS NULL OR webhook = ?3)",
            event.account, event.id, webhook);
        while (rows.next()) told.push_back(read_callback(rows));
    }
    std::size_t replayed = 0;
    for (const CallbackRow& row : told)
        replayed += is_pending(row.queue) ? hasten(database, row) : revive(database, row);
    if (!told.empty()) return replayed;
    base::Uuid next = next_after(event.id);
    auto rows = reports_between(database, event.account, event.id, next, 1);
    if (rows.empty()) rows = replies_between(database, event.account, event.id, next, 1);
    return rows.empty() ? 0 : tell_again(database, rows.front(), webhook);
}

// What is pending waits no longer.
bool Ledger::hasten(Connection& database, const CallbackRow& pending)
{
    if (pending.queue == Queue::timed) make_callback_due(database, pending);
    return true;
}

base::Uuid Ledger::test_webhook(Connection& database, const Webhook& webhook)
{
    base::Time now = clock_.now();
    CallbackRow row;
    row.key = {webhook.account, ids_.next(), webhook.id};
    bool hears_reports = webhook.events.bits() >= message::Events{message::Event::enroute_dr}.bits();
    row.code = hears_reports ? test_report : test_reply;
    row.changed_at = row.created_at = row.since = now;
    row.endpoint = endpoint_of(webhook.call.url);
    queue_callback(database, *load_callback(database, row), row);
    return row.key.id;
}

}  // namespace tidings::store::sqlite
