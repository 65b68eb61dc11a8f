// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/ledger.hpp"

#include "message/event.hpp"
#include "store/sqlite/conditions.hpp"
#include "store/sqlite/reply_rows.hpp"

namespace tidings::store::sqlite {

using message::Code;

namespace {

constexpr const char* test_text = "This is a test of your webhook.";
constexpr const char* test_handset = "+61491570156";

void fill_test(Callback& callback, const CallbackRow& row, const std::string& account)
{
    if (row.code == test_report) {
        message::Report& report = callback.report.emplace();
        report.id = report.message = row.key.id;
        report.code = Code::delivered;
        report.changed_at = row.changed_at;
        report.created_at = row.created_at;
        report.destination = test_handset;
        report.content = test_text;
        report.account = account;
    } else {
        message::Reply& reply = callback.reply.emplace();
        reply.id = row.key.id;
        reply.received_at = row.created_at;
        reply.source = test_handset;
        reply.content = test_text;
        reply.account = account;
    }
}

}  // namespace

// Nothing: what it tells of has ended its life.
std::optional<Callback> Ledger::load_callback(Connection& database, const CallbackRow& row)
{
    Callback callback;
    callback.key = row.key;
    callback.endpoint = row.endpoint;
    callback.attempts = row.attempts;
    callback.since = row.since;
    if (is_test(row.code)) {
        callback.is_test = true;
        fill_test(callback, row, account_id(row.key.account));
        return callback;
    }
    std::optional<MessageRow> original;
    if (row.message) original = load_message(database, {row.key.account, *row.message});
    bool tells_of_message = row.message || row.code != Code::none;
    if (tells_of_message && !original) return {};
    if (original && row.key.webhook == base::Uuid{}) callback.url = original->callback_url;
    if (row.code != Code::none) {
        message::Report report = report_of(*original, settings_->accounts.at(row.key.account));
        report.id = row.key.id;
        report.code = row.code;
        report.changed_at = row.changed_at;
        report.created_at = row.created_at;
        callback.format = original->format;
        callback.report = std::move(report);
        return callback;
    }
    callback.reply = load_reply(database, row.key.account, row.key.id, account_id(row.key.account));
    if (!callback.reply) return {};
    callback.format = callback.reply->format;
    if (original) {
        callback.original = original->content;
        callback.reply->callback_url = original->callback_url;
        callback.reply->metadata = metadata_of(original->extra);
    }
    return callback;
}

void Ledger::read_callbacks(Connection& database)
{
    std::vector<CallbackLane> hungry = callbacks_.hungry(lanes_read_max);
    for (const CallbackLane& lane : hungry) {
        // Twice what may be out, so that there is always something to go on with.
        std::size_t useful = std::min(limits_.queued, 2 * callbacks_.limit(lane));
        read_callbacks(database, lane, std::clamp<std::size_t>(useful, 1, read_share(hungry.size())));
    }
}

void Ledger::read_callbacks(Connection& database, const CallbackLane& lane, std::size_t limit)
{
    static const Statement due(
        "SELECT * FROM callbacks WHERE {} AND endpoint = ? AND account = ? AND seq > ? ORDER BY seq LIMIT ?",
        in(Queue::due));
    std::vector<CallbackRow> places;
    {
        Rows rows = database.query(due, lane.endpoint, lane.account, callbacks_.cursor(lane), limit);
        while (rows.next()) places.push_back(read_callback(rows));
    }
    std::vector<Queued<Callback>> found;
    for (const CallbackRow& row : places) {
        if (auto callback = load_callback(database, row))
            found.push_back({row.seq, std::move(*callback)});
        else
            forget_callback(database, row.key);
    }
    auto rest = places.size() < limit ? CallbackBox::Rest::none : CallbackBox::Rest::more;
    after_commit([this, lane, rest, found = std::move(found)]() mutable {
        callbacks_.read_from_disk(lane, std::move(found), rest);
    });
}

void Ledger::forget_callback(Connection& database, const CallbackKey& key)
{
    database.run("DELETE FROM callbacks WHERE account = ? AND id = ? AND webhook = ?", key.account, key.id,
                 key.webhook);
}

// As the log of it.
void Ledger::keep_told(Connection& database, const CallbackOutcome& outcome)
{
    const CallbackKey& key = outcome.key;
    const CallbackAttempt& attempt = *outcome.attempt;
    database.run(
        "UPDATE callbacks SET queue = ?, seq = ?, attempts = ?, took_ms = ?, status = ?, answer = ? "
        "WHERE account = ? AND id = ? AND webhook = ?",
        Queue::told, attempt.at + attempt.took, outcome.attempts, attempt.took.count(), attempt.status,
        Blob{std::string_view(attempt.answer).substr(0, answer_kept)}, key.account, key.id, key.webhook);
}

void Ledger::bury(Connection& database, const CallbackKey& key)
{
    database.run("UPDATE callbacks SET queue = ?, seq = ? WHERE account = ? AND id = ? AND webhook = ?",
                 Queue::dead, clock_.now(), key.account, key.id, key.webhook);
}

// Those whose endpoint was left alone all the time; the others were given up by whoever tried them. They are
// at the heads of their lanes: one that was tried, or taken, stands behind what came meanwhile, and goes
// after that.
// Looks at some lanes, each time at those that follow. True: all were looked at.
bool Ledger::bury_overdue(Connection& database, base::Time now)
{
    std::vector<CallbackLane> lanes = callback_lanes(database, round_.lane, looked_at_max);
    for (const CallbackLane& lane : lanes) {
        if (bury_overdue(database, lane, now - overdue) == batch_max)
            return false;  // there is more in this one
        round_.lane = lane;
    }
    return lanes.size() < looked_at_max;
}

std::size_t Ledger::bury_overdue(Connection& database, const CallbackLane& lane, base::Time before)
{
    static const Statement oldest(
        "SELECT * FROM callbacks WHERE {} AND endpoint = ? AND account = ? ORDER BY seq LIMIT ?",
        in(Queue::due));
    std::vector<CallbackRow> heads;
    {
        Rows rows = database.query(oldest, lane.endpoint, lane.account, batch_max);
        while (rows.next()) {
            CallbackRow row = read_callback(rows);
            if (row.since >= before) break;
            heads.push_back(std::move(row));
        }
    }
    for (const CallbackRow& row : heads) bury(database, row.key);
    return heads.size();
}

void Ledger::record_callbacks(Connection& database, const std::vector<CallbackOutcome>& outcomes)
{
    std::map<CallbackLane, std::size_t> counts;
    std::vector<CallbackLane> behind;
    for (const CallbackOutcome& outcome : outcomes) {
        record_callback(database, outcome);
        ++counts[lane_of(outcome)];
        if (outcome.then == CallbackOutcome::Then::untried) behind.push_back(lane_of(outcome));
    }
    after_commit([this, counts = std::move(counts), behind = std::move(behind)] {
        callbacks_.fall_behind(behind);
        for (const auto& [lane, count] : counts)
            callbacks_.adjust(lane, [&](CallbackGate& gate) { gate.gave_back(lane, count); });
    });
}

void Ledger::record_callback(Connection& database, const CallbackOutcome& outcome)
{
    using Then = CallbackOutcome::Then;
    const CallbackKey& key = outcome.key;
    bool is_told = outcome.attempt && message::is_success(outcome.attempt->status);
    if (outcome.attempt && !is_told) add_attempt(database, key, *outcome.attempt);
    auto put = [&](Queue queue, std::int64_t seq) {
        database.run(
            "UPDATE callbacks SET queue = ?, seq = ?, attempts = ? "
            "WHERE account = ? AND id = ? AND webhook = ?",
            queue, seq, outcome.attempts, key.account, key.id, key.webhook);
    };
    switch (outcome.then) {
    case Then::done: return is_told ? keep_told(database, outcome) : forget_callback(database, key);
    case Then::again: return put(Queue::timed, on_pause_scale(outcome.at).time_since_epoch().count());
    case Then::untried: return put(Queue::due, ++last_seq_);
    case Then::dead: return put(Queue::dead, clock_.now().time_since_epoch().count());
    }
    std::abort();
}

void Ledger::limit_callbacks(const CallbackLane& lane, std::size_t out_max)
{
    callbacks_.adjust(lane, [&](CallbackGate& gate) { gate.set_limit(lane, out_max); });
}

bool Ledger::release_callbacks(Connection& database, base::Time pause_end)
{
    static const Statement timed("SELECT * FROM callbacks WHERE {} AND seq <= ? ORDER BY seq LIMIT ?",
                                 in(Queue::timed));
    std::vector<CallbackRow> ready;
    {
        Rows rows = database.query(timed, pause_end, batch_max);
        while (rows.next()) ready.push_back(read_callback(rows));
    }
    for (const CallbackRow& row : ready) make_callback_due(database, row);
    return ready.size() == batch_max;
}

void Ledger::make_callback_due(Connection& database, const CallbackRow& row)
{
    std::int64_t seq = ++last_seq_;
    database.run("UPDATE callbacks SET queue = ?, seq = ? WHERE account = ? AND id = ? AND webhook = ?",
                 Queue::due, seq, row.key.account, row.key.id, row.key.webhook);
    if (auto callback = load_callback(database, row))
        new_callbacks_.push_back({seq, std::move(*callback)});
    else
        forget_callback(database, row.key);
}

}  // namespace tidings::store::sqlite
