// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/callback_rows.hpp"

namespace tidings::store {

namespace {

CallbackAttempt read_attempt(const Rows& rows, int first)
{
    CallbackAttempt attempt;
    attempt.number = static_cast<int>(rows.integer(first));
    attempt.at = rows.time(first + 1);
    attempt.took = std::chrono::milliseconds(rows.integer(first + 2));
    attempt.status = static_cast<unsigned>(rows.integer(first + 3));
    attempt.error = rows.text(first + 4);
    attempt.answer = rows.text(first + 5);
    return attempt;
}

std::optional<CallbackAttempt> last_attempt(Connection& database, const CallbackKey& key)
{
    Rows rows = database.query(
        "SELECT number, at, took_ms, status, error, answer FROM callback_attempts "
        "WHERE account = ? AND id = ? AND webhook = ? ORDER BY number DESC LIMIT 1",
        key.account, key.id, key.webhook);
    if (!rows.next()) return {};
    return read_attempt(rows, 0);
}

CallbackEntry entry_of(const CallbackRow& row)
{
    CallbackEntry entry;
    entry.key = row.key;
    entry.message = row.message;
    entry.is_test = is_test(row.code);
    if (!entry.is_test) entry.code = row.code;
    entry.attempts = row.attempts;
    entry.since = row.since;
    return entry;
}

// Those of one account, behind `after`.
std::vector<CallbackEntry> entries_of(Connection& database, const CallbackFilter& filter,
                                      const CallbackKey& after, std::size_t limit)
{
    bool pending = filter.state == CallbackState::pending;
    Rows rows = database.query(
        pending
            ? "SELECT * FROM callbacks WHERE account = ? AND (id, webhook) > (?, ?) "
              "AND (?4 IS NULL OR webhook = ?4) AND (?5 IS NULL OR message = ?5) ORDER BY id, webhook LIMIT ?"
            : "SELECT * FROM dead_letters WHERE account = ? AND (id, webhook) > (?, ?) "
              "AND (?4 IS NULL OR webhook = ?4) AND (?5 IS NULL OR message = ?5) ORDER BY id, webhook LIMIT "
              "?",
        after.account, after.id, after.webhook, filter.webhook, filter.message, limit);
    std::vector<CallbackEntry> entries;
    while (rows.next()) {
        CallbackEntry& entry = entries.emplace_back(entry_of(read_callback(rows)));
        if (!pending)
            entry.at = rows.time(died_at_column);
        else if (rows.as<Queue>(queue_column) == Queue::timed)
            entry.at = rows.time(seq_column);
    }
    return entries;
}

}  // namespace

CallbackRow read_callback(const Rows& rows)
{
    CallbackRow row;
    row.key = {rows.as<AccountKey>(0), rows.uuid(1), rows.uuid(2)};
    if (!rows.is_null(3)) row.message = rows.uuid(3);
    row.code = rows.as<message::Code>(4);
    row.changed_at = rows.time(5);
    row.created_at = rows.time(6);
    row.since = rows.time(7);
    row.attempts = static_cast<int>(rows.integer(8));
    row.endpoint = rows.as<EndpointKey>(9);
    return row;
}

std::optional<CallbackRow> load_callback_row(Connection& database, const CallbackKey& key)
{
    Rows rows = database.query("SELECT * FROM callbacks WHERE account = ? AND id = ? AND webhook = ?",
                               key.account, key.id, key.webhook);
    if (!rows.next()) return {};
    return read_callback(rows);
}

void add_attempt(Connection& database, const CallbackKey& key, const CallbackAttempt& attempt)
{
    database.run(
        "INSERT OR REPLACE INTO callback_attempts (account, id, webhook, number, at, took_ms, status, error, "
        "answer) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        key.account, key.id, key.webhook, attempt.number, attempt.at, attempt.took.count(), attempt.status,
        attempt.error, Blob{std::string_view(attempt.answer).substr(0, answer_kept)});
    database.run("DELETE FROM callback_attempts WHERE account = ? AND id = ? AND webhook = ? AND number <= ?",
                 key.account, key.id, key.webhook, attempt.number - attempts_kept);
}

std::vector<CallbackEntry> callback_entries(Connection& database, const CallbackFilter& filter,
                                            const std::vector<AccountKey>& accounts)
{
    std::vector<CallbackEntry> entries;
    for (AccountKey account : accounts) {
        CallbackKey after{account, {}, {}};
        if (filter.after && filter.after->account > account) continue;
        if (filter.after && filter.after->account == account) after = *filter.after;
        for (CallbackEntry& entry : entries_of(database, filter, after, list_max - entries.size()))
            entries.push_back(std::move(entry));
        if (entries.size() == list_max) break;
    }
    for (CallbackEntry& entry : entries) {
        entry.last = last_attempt(database, entry.key);
        if (entry.key.webhook != base::Uuid{} || !entry.message) continue;
        auto row = load_message(database, {entry.key.account, *entry.message});
        if (row) entry.url = row->callback_url;
    }
    return entries;
}

std::vector<LoggedAttempt> logged_attempts(Connection& database, base::Uuid id,
                                           const std::vector<AccountKey>& accounts)
{
    std::vector<LoggedAttempt> attempts;
    for (AccountKey account : accounts) {
        Rows rows = database.query(
            "SELECT webhook, number, at, took_ms, status, error, answer FROM callback_attempts "
            "WHERE account = ? AND id = ? ORDER BY webhook, number",
            account, id);
        while (rows.next()) attempts.push_back({{account, id, rows.uuid(0)}, read_attempt(rows, 1)});
    }
    return attempts;
}

}  // namespace tidings::store
