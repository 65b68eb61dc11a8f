// SPDX-License-Identifier: Apache-2.0
// A page of the log is filled account by account, newest events first. Nobody counts beforehand how many rows
// a filter leaves, and a filter may leave none of millions: so a page ends at list_max entries or after
// callbacks_looked_at_max rows, whichever comes first, and says from where to go on. An empty page with a
// `next` is an ordinary answer.
#include "store/sqlite/callback_log.hpp"

#include "store/list_room.hpp"

#include "message/event.hpp"
#include "store/sqlite/callback_rows.hpp"
#include "store/sqlite/conditions.hpp"
#include "store/sqlite/reply_rows.hpp"

#include <algorithm>
#include <functional>
#include <tuple>

namespace tidings::store::sqlite {

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
    attempt.url = rows.text(first + 6);
    return attempt;
}

std::optional<CallbackAttempt> last_attempt(Connection& database, const CallbackKey& key)
{
    Rows rows = database.query(
        "SELECT number, at, took_ms, status, error, answer, url FROM callback_attempts "
        "WHERE account = ? AND id = ? AND webhook = ? ORDER BY number DESC LIMIT 1",
        key.account, key.id, key.webhook);
    if (!rows.next()) return {};
    return read_attempt(rows, 0);
}

// Nothing: its life is over.
std::optional<message::Event> event_of_reply(Connection& database, const CallbackKey& key)
{
    auto reply = load_reply(database, key.account, key.id, {});
    if (!reply) return {};
    return message::event_of(*reply);
}

CallbackState state_of(const CallbackRow& row)
{
    if (is_pending(row.queue)) return CallbackState::pending;
    return row.queue == Queue::dead ? CallbackState::dead : CallbackState::delivered;
}

CallbackEntry entry_of(const Rows& rows, const CallbackRow& row)
{
    CallbackEntry entry;
    entry.key = row.key;
    entry.message = row.message;
    entry.state = state_of(row);
    entry.is_test = is_test(row.code);
    if (!entry.is_test && row.code != message::Code::none) entry.event = message::event_of(row.code);
    entry.endpoint = row.endpoint;
    entry.attempts = earlier_attempts(rows) + row.attempts;
    entry.since = row.since;
    if (row.queue == Queue::timed) entry.waits_for = CallbackWait::retry;
    if (!is_due(row.queue)) entry.at = base::Time(std::chrono::milliseconds(row.seq));
    if (row.queue == Queue::told) entry.last = delivery_of(rows, row);
    return entry;
}

// What the index that was chosen has not sorted out.
bool is_wanted(const CallbackFilter& filter, const CallbackRow& row)
{
    return (!filter.state || filter.state == state_of(row)) &&
           (!filter.webhook || filter.webhook == row.key.webhook) &&
           (!filter.message || filter.message == row.message);
}

// INDEXED BY makes the statement fail to prepare should the index ever go, where SQLite would otherwise
// quietly scan the whole log.
//
// Those of one account that are pending, the newest first: by the indexes of what is pending, whosever, and
// those that only memory knows to be due. Where they are many, look_for() goes through the account's own
// instead.
std::vector<CallbackKey> pending_behind(Connection& database, const CallbackFilter& filter,
                                        const CallbackKey& after, const DirectCallbacks& direct)
{
    static const Statement on_disk(
        "SELECT * FROM (SELECT id, webhook FROM callbacks INDEXED BY callbacks_due WHERE {} "
        "AND account = ?1 AND (id, webhook) < (?2, ?3) AND (?4 IS NULL OR webhook = ?4) "
        "ORDER BY id DESC, webhook DESC LIMIT ?5) UNION ALL "
        "SELECT * FROM (SELECT id, webhook FROM callbacks INDEXED BY callbacks_timed WHERE {} "
        "AND account = ?1 AND (id, webhook) < (?2, ?3) AND (?4 IS NULL OR webhook = ?4) "
        "ORDER BY id DESC, webhook DESC LIMIT ?5)",
        in(Queue::due), in(Queue::timed));
    const auto& [account, id, webhook] = after;
    std::vector<CallbackKey> pending = direct.behind(after, filter.webhook, list_max);
    Rows rows = database.query(on_disk, account, id, webhook, filter.webhook, list_max);
    while (rows.next()) pending.push_back({account, rows.uuid(0), rows.uuid(1)});
    std::ranges::sort(pending, std::greater());
    // One that just went to disk may be in both.
    pending.erase(std::ranges::unique(pending).begin(), pending.end());
    if (pending.size() > list_max) pending.resize(list_max);
    return pending;
}

// Of one account, the newest events first, from behind `after` on; by the index that leads to the fewest rows
// that are not wanted.
Rows look_for(Connection& database, const CallbackFilter& filter, const CallbackKey& after)
{
    const auto& [account, id, webhook] = after;
    // A message has a few callbacks, the index of dead letters holds nothing else, and the rest goes by the
    // primary key. In each case the index gives the order of the page, so that SQLite sorts nothing and reads
    // no further than the page needs.
    if (filter.message)
        return database.query(
            "SELECT * FROM callbacks INDEXED BY callbacks_of_message WHERE message = ? AND account = ? "
            "AND (id, webhook) < (?, ?) ORDER BY id DESC, webhook DESC",
            *filter.message, account, id, webhook);
    static const Statement dead(
        "SELECT * FROM callbacks INDEXED BY callbacks_dead WHERE {} AND account = ? "
        "AND (id, webhook) < (?, ?) ORDER BY id DESC, webhook DESC",
        in(Queue::dead));
    if (filter.state == CallbackState::dead) return database.query(dead, account, id, webhook);
    return database.query(
        "SELECT * FROM callbacks WHERE account = ? AND (id, webhook) < (?, ?) "
        "ORDER BY id DESC, webhook DESC",
        account, id, webhook);
}

// Adds what is wanted to the page. False: the page is full, or has looked far enough.
bool fill(CallbackPage& page, std::size_t& looked_at, Rows& rows, const CallbackFilter& filter)
{
    while (rows.next()) {
        CallbackRow row = read_callback(rows);
        if (is_wanted(filter, row)) page.entries.push_back(entry_of(rows, row));
        // The page goes on behind the last row that was looked at, not behind the last that was wanted: else
        // a filter that leaves nothing would look at the same rows for ever.
        if (page.entries.size() < list_max && ++looked_at < callbacks_looked_at_max) continue;
        page.next = row.key;
        return false;
    }
    return true;
}

bool fill_with_pending(Connection& database, CallbackPage& page, std::size_t& looked_at,
                       const CallbackFilter& filter, const std::vector<CallbackKey>& pending)
{
    for (const CallbackKey& key : pending) {
        Rows row = database.query("SELECT * FROM callbacks WHERE account = ? AND id = ? AND webhook = ?",
                                  key.account, key.id, key.webhook);
        if (!fill(page, looked_at, row, filter)) return false;
    }
    return true;
}

// What other tables know of it: the last attempt, which event a reply was, and the URL that its message gave.
void complete(Connection& database, CallbackEntry& entry)
{
    if (!entry.last) entry.last = last_attempt(database, entry.key);
    if (!entry.event && !entry.is_test) entry.event = event_of_reply(database, entry.key);
    if (entry.key.webhook != base::Uuid{} || !entry.message) return;
    auto row = load_message(database, {entry.key.account, *entry.message});
    if (row) entry.url = row->callback_url;
}

// Completes the entries until the answer is large enough; the page then ends there, and goes on from the last
// entry that it has.
void complete(Connection& database, CallbackPage& page)
{
    ListRoom room;
    for (std::size_t i = 0; i < page.entries.size(); ++i) {
        CallbackEntry& entry = page.entries[i];
        complete(database, entry);
        std::size_t told = 0;
        if (entry.last) told = entry.last->error.size() + entry.last->answer.size() + entry.last->url.size();
        // The first entry always fits (ListRoom), so that there is one before this.
        if (room.take(entry.url.size() + told)) continue;
        page.next = page.entries[i - 1].key;
        page.entries.resize(i);
    }
}

// A place before all entries of the account: the list goes from the newest id down, and no id is above this.
CallbackKey newest_of(AccountKey account)
{
    CallbackKey key{account, {}, {}};
    key.id.bytes.fill(0xFF);
    key.webhook.bytes.fill(0xFF);
    return key;
}

}  // namespace

CallbackPage callback_page(Connection& database, const CallbackFilter& filter, const CallbackScope& scope)
{
    CallbackPage page;
    std::size_t looked_at = 0;
    bool few_pending = scope.pending <= callbacks_looked_at_max;
    for (AccountKey account : scope.accounts) {
        if (filter.after && filter.after->account > account) continue;
        bool goes_on = filter.after && filter.after->account == account;
        CallbackKey after = goes_on ? *filter.after : newest_of(account);
        bool has_room = true;
        if (few_pending && filter.state == CallbackState::pending && !filter.message) {
            std::vector<CallbackKey> pending = pending_behind(database, filter, after, scope.direct);
            has_room = fill_with_pending(database, page, looked_at, filter, pending);
        } else {
            Rows rows = look_for(database, filter, after);
            has_room = fill(page, looked_at, rows, filter);
        }
        if (!has_room) break;
        // An account costs a search even when it has no callbacks, and counts as a row for that.
        if (++looked_at < callbacks_looked_at_max) continue;
        page.next = CallbackKey{account, {}, {}};  // nothing of this account is behind that
        break;
    }
    complete(database, page);
    return page;
}

std::vector<LoggedAttempt> logged_attempts(Connection& database, base::Uuid id,
                                           const std::vector<AccountKey>& accounts)
{
    static const Statement told("SELECT * FROM callbacks WHERE account = ? AND id = ? AND {}",
                                in(Queue::told));
    std::vector<LoggedAttempt> attempts;
    for (AccountKey account : accounts) {
        Rows failed = database.query(
            "SELECT webhook, number, at, took_ms, status, error, answer, url FROM callback_attempts "
            "WHERE account = ? AND id = ? ORDER BY webhook, number",
            account, id);
        while (failed.next()) attempts.push_back({{account, id, failed.uuid(0)}, read_attempt(failed, 1)});
        Rows rows = database.query(told, account, id);
        while (rows.next()) {
            CallbackRow row = read_callback(rows);
            attempts.push_back({row.key, delivery_of(rows, row)});
        }
    }
    // Those that failed and the one that delivered come from two tables, and are shown as one story.
    std::ranges::sort(attempts, {},
                      [](const LoggedAttempt& it) { return std::tuple(it.key, it.attempt.number); });
    return attempts;
}

}  // namespace tidings::store::sqlite
