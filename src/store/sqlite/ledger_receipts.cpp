// SPDX-License-Identifier: Apache-2.0
// How a receipt finds its message. By the carrier's id, if that is known. If not, the receipt is kept: the
// response with the id may still be on its way, or lost with its connection. A lost response left a doubt
// behind; after a while the receipt is given to the one message in doubt that has its source and destination.
// What fits nothing stays in the table for the operator. A carrier can send any number of receipts, with any
// ids: each looks at a few messages, and each link keeps so many of them at most (LinkLimits).
#include "store/sqlite/ledger.hpp"

#include "base/log.hpp"

#include <fmt/format.h>

namespace tidings::store::sqlite {

using message::Code;

namespace {

std::string parked_name(LinkKey link, std::string_view carrier_id)
{
    return std::to_string(static_cast<std::uint32_t>(link)).append(" ").append(carrier_id);
}

Receipt read_receipt(
    const Rows& rows)  // carrier_id, code, provisional, at, source, destination from column 2 on
{
    Receipt receipt;
    receipt.carrier_id = rows.text(2);
    receipt.code = rows.as<Code>(3);
    receipt.provisional = rows.integer(4) != 0;
    receipt.at = rows.time(5);
    receipt.source = rows.text(6);
    receipt.destination = rows.text(7);
    return receipt;
}

std::vector<message::Part> parts_of(const MessageRow& row)
{
    std::vector<message::Part> parts;
    for (const PartRow& part : row.parts) parts.push_back(part.part);
    return parts;
}

// A part's own progress: it keeps a final code, unless a late delivery corrects it.
bool may_become(Code from, Code to)
{
    message::Status was = message::status_of(from), is = message::status_of(to);
    if (!message::is_final(was)) return true;
    return was != message::Status::delivered && is == message::Status::delivered;
}

}  // namespace

void Ledger::add_receipt(Connection& database, LinkKey link, const Receipt& receipt)
{
    auto row = find_by_receipt(database, link, receipt);
    if (!row) return park(database, link, receipt);
    apply(database, *row, *row->part_with(receipt.carrier_id), receipt);
    save_message(database, *row);
}

// Carriers give ids again. Of those that have this one the message counts whose destination the receipt
// names, then the newest.
std::optional<MessageRow> Ledger::find_by_receipt(Connection& database, LinkKey link, const Receipt& receipt)
{
    auto merit = [&](const MessageRow& row) {
        return std::pair(message::digits_of(row.destination) == receipt.destination, row.submitted_at);
    };
    std::optional<MessageRow> best;
    auto consider = [&](const MessageKey& key) {
        auto row = load_message(database, key);
        if (!row || row->link != link || !row->part_with(receipt.carrier_id)) return;
        if (!best || merit(*best) < merit(*row)) best = std::move(row);
    };
    for (const MessageKey& key : hints_.recent.by_carrier_id(link, receipt.carrier_id)) consider(key);
    // Of a carrier that has one id for all: the last one between these numbers.
    if (auto key = hints_.recent.by_thread(receipt.source, receipt.destination); best && key) consider(*key);
    if (best) return best;
    Rows rows = database.query("SELECT account, message FROM carrier_ids WHERE link = ? AND carrier_id = ?",
                               link, receipt.carrier_id);
    if (rows.next()) consider({rows.as<AccountKey>(0), rows.uuid(1)});
    return best;
}

void Ledger::apply(Connection& database, MessageRow& row, PartRow& part, const Receipt& receipt)
{
    bool final = message::is_final(row.progress.status);
    if (receipt.provisional) {
        if (final || part.provisional || message::is_final(message::status_of(part.part.code))) return;
        part.provisional = true;
        add_step(row, {receipt.at, Code::none, "receipt for " + receipt.carrier_id + ": unknown"});
        return settle_at(row, on_pause_scale(clock_.now() + unknown_window));
    }
    if (!may_become(part.part.code, receipt.code)) return;
    part.part.code = receipt.code;
    part.provisional = false;
    auto parts = parts_of(row);
    auto code = message::verdict(parts);
    std::string what = "receipt for " + receipt.carrier_id;
    bool advanced = code && advance(database, row, *code, receipt.at, what);
    if (!advanced)
        add_step(row, {receipt.at, Code::none, fmt::format("{}: {}", what, static_cast<int>(receipt.code))});
    if (!code && !final) settle_at(row, on_pause_scale(clock_.now() + message::settle_after));
}

void Ledger::settle_at(MessageRow& row, base::Time time)
{
    std::int64_t seq = time.time_since_epoch().count();
    if (row.queue == Queue::settle) row.seq = std::min(row.seq, seq);
    if (row.queue) return;  // on its way out once more: a new receipt will tell
    row.queue = Queue::settle;
    row.seq = seq;
}

void Ledger::settle(Connection& database, MessageRow& row, base::Time now)
{
    row.queue.reset();
    for (PartRow& part : row.parts)
        if (part.provisional) part.part.code = Code::undeliverable;
    auto parts = parts_of(row);
    if (auto code = message::verdict(parts, true)) advance(database, row, *code, now, "waited long enough");
    save_message(database, row);
}

void Ledger::park(Connection& database, LinkKey link, const Receipt& receipt)
{
    database.run(
        "INSERT INTO parked_receipts (link, carrier_id, code, provisional, at, source, destination, "
        "arrived_at) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        link, receipt.carrier_id, receipt.code, receipt.provisional, receipt.at, receipt.source,
        receipt.destination, on_pause_scale(clock_.now()));
    ++hints_.parked[parked_name(link, receipt.carrier_id)];
    keep_to_limit_of_parked(database, link, receipt.carrier_id);
}

void Ledger::keep_to_limit_of_parked(Connection& database, LinkKey link, const std::string& carrier_id)
{
    const LinkLimits& limits = limits_.of_link;
    if (hints_.parked[parked_name(link, carrier_id)] > limits.parked_with_one_id)
        drop_parked(
            link, database.query("DELETE FROM parked_receipts WHERE key IN (SELECT key FROM parked_receipts "
                                 "WHERE unmatched = 0 AND link = ? AND carrier_id = ? "
                                 "ORDER BY key DESC LIMIT ? OFFSET ?) RETURNING carrier_id",
                                 link, carrier_id, dropped_at_once, limits.parked_with_one_id));
    auto surplus = surplus_of(RowCounts::Kind::parked_receipts, link, limits.parked_receipts);
    if (surplus == 0) return;
    drop_parked(link,
                database.query("DELETE FROM parked_receipts WHERE key IN (SELECT key FROM parked_receipts "
                               "WHERE unmatched = 0 AND link = ? ORDER BY arrived_at LIMIT ?) "
                               "RETURNING carrier_id",
                               link, surplus));
}

// Those that a statement deleted, which gives their ids.
void Ledger::drop_parked(LinkKey link, Rows rows)
{
    std::int64_t count = 0;
    for (; rows.next(); ++count) wait_no_more(link, std::string(rows.text(0)));
    dropped(RowCounts::Kind::dropped_receipts, link, count);
}

// How many rows a link has beyond its limit, as far as they are dropped at once.
std::size_t Ledger::surplus_of(RowCounts::Kind kind, LinkKey link, std::size_t limit) const
{
    auto there = static_cast<std::size_t>(row_counts_.of(kind, link));
    return there <= limit ? 0 : std::min(there - limit, dropped_at_once);
}

// The log hears of it once in a while: a carrier that overdoes it must not fill the disk by the log instead.
void Ledger::dropped(RowCounts::Kind what, LinkKey link, std::int64_t count)
{
    if (count == 0) return;
    row_counts_.add(what, static_cast<std::int64_t>(link), count);
    base::Moment now = clock_.steady();
    auto [told, is_first] = told_of_drops_.try_emplace(link, now);
    if (!is_first && now - told->second < drops_period) return;
    told->second = now;
    base::log_warning(
        "{} sends more receipts or replies that fit nothing than are kept of a link: the oldest are dropped",
        link_name(link));
}

std::vector<Ledger::Parked> Ledger::parked_with(Connection& database, LinkKey link,
                                                const std::string& carrier_id)
{
    std::vector<Parked> found;
    if (!hints_.parked.contains(parked_name(link, carrier_id))) return found;
    Rows rows = database.query(
        "SELECT key, link, carrier_id, code, provisional, at, source, destination "
        "FROM parked_receipts WHERE unmatched = 0 AND link = ? AND carrier_id = ? ORDER BY key LIMIT ?",
        link, carrier_id, limits_.of_link.parked_with_one_id);
    while (rows.next()) found.push_back({rows.integer(0), read_receipt(rows)});
    return found;
}

void Ledger::unpark(Connection& database, LinkKey link, const Parked& parked)
{
    database.run("DELETE FROM parked_receipts WHERE key = ?", parked.key);
    wait_no_more(link, parked.receipt.carrier_id);
}

void Ledger::wait_no_more(LinkKey link, const std::string& carrier_id)
{
    after_commit([this, name = parked_name(link, carrier_id)] {
        auto found = hints_.parked.find(name);
        if (found != hints_.parked.end() && --found->second == 0) hints_.parked.erase(found);
    });
}

void Ledger::add_doubt(Connection& database, LinkKey link, const Doubt& doubt)
{
    database.run(
        "INSERT INTO doubts (link, destination, source, account, message, at) VALUES (?, ?, ?, ?, ?, ?) "
        "ON CONFLICT DO UPDATE SET at = excluded.at, times = times + 1",
        link, doubt.destination, doubt.source, doubt.key.account, doubt.key.id, clock_.now());
    auto row = load_message(database, doubt.key);
    if (!row) return;
    add_step(*row, {clock_.now(), Code::none, fmt::format("in doubt on {}", link_name(link))});
    save_message(database, *row);
}

bool Ledger::settle_doubt(Connection& database, LinkKey link, const MessageKey& key)
{
    auto row = load_message(database, key);
    if (!row || row->progress.status != message::Status::enroute) return true;  // nothing left to send
    std::string destination = message::digits_of(row->destination);
    std::optional<std::string> source;
    {
        Rows rows = database.query(
            "SELECT source FROM doubts INDEXED BY doubts_of_message WHERE account = ? AND message = ? "
            "AND link = ? AND destination = ?",
            key.account, key.id, link, destination);
        if (rows.next()) source = rows.text(0);
    }
    return source && match_by_doubt(database, link, *source, destination);
}

// Gives the receipts that wait with these numbers to the message in doubt that has them, if it is the only
// one and they have no more ids than it was in doubt: each time the carrier may have given it another one.
bool Ledger::match_by_doubt(Connection& database, LinkKey link, const std::string& source,
                            const std::string& destination)
{
    std::vector<MessageKey> keys;
    std::size_t times = 0;
    {
        Rows rows = database.query(
            "SELECT account, message, times FROM doubts WHERE link = ? AND destination = ? AND source = ? "
            "LIMIT 2",
            link, destination, source);
        while (rows.next()) {
            keys.push_back({rows.as<AccountKey>(0), rows.uuid(1)});
            times = static_cast<std::size_t>(rows.integer(2));
        }
    }
    if (keys.size() != 1) return false;
    std::vector<std::string> ids;
    {
        Rows rows = database.query(
            "SELECT DISTINCT carrier_id FROM (SELECT carrier_id FROM parked_receipts WHERE unmatched = 0 "
            "AND link = ? AND destination = ? AND source = ? ORDER BY key DESC LIMIT ?) LIMIT ?",
            link, destination, source, same_numbers_max, times + 1);
        while (rows.next()) ids.emplace_back(rows.text(0));
    }
    if (ids.empty() || ids.size() > times) return false;
    auto row = load_message(database, keys[0]);
    if (!row) return false;
    for (const std::string& id : ids) adopt(database, *row, link, id);
    return true;
}

// The id is that of a submit whose response was lost. If the message was sent again since, and has another
// id, the doubt stays, so that later receipts with the lost id find it, too.
void Ledger::adopt(Connection& database, MessageRow& row, LinkKey link, const std::string& carrier_id)
{
    if (row.progress.status == message::Status::enroute) {
        Change change{
            .key = row.key, .code = Code::submitted, .at = clock_.now(), .link = link, .carrier_ids = {}};
        change.carrier_ids.push_back(carrier_id);
        submitted(database, row, change);
        std::string destination = message::digits_of(row.destination);
        database.run(
            "UPDATE doubts INDEXED BY doubts_of_message SET times = times - 1 "
            "WHERE account = ? AND message = ? AND link = ? AND destination = ?",
            row.key.account, row.key.id, link, destination);
        database.run(
            "DELETE FROM doubts INDEXED BY doubts_of_message WHERE account = ? AND message = ? "
            "AND link = ? AND destination = ? AND times = 0",
            row.key.account, row.key.id, link, destination);
        return;
    }
    for (const Parked& parked : parked_with(database, link, carrier_id)) {
        if (!row.parts.empty()) apply(database, row, row.parts.front(), parked.receipt);
        unpark(database, link, parked);
    }
    save_message(database, row);
}

bool Ledger::release_settled(Connection& database, base::Time pause_end)
{
    std::vector<MessageKey> keys = ready(database, Queue::settle, pause_end);
    for (const MessageKey& key : keys) {
        auto row = load_message(database, key);
        settle(database, *row, clock_.now());
    }
    return keys.size() == batch_max;
}

bool Ledger::release_parked(Connection& database, base::Time pause_end)
{
    std::vector<LinkKey> links = row_counts_.links_with(RowCounts::Kind::parked_receipts);
    bool more = false;
    for (LinkKey link : links)
        more |= release_parked(database, link, pause_end, std::max<std::size_t>(1, batch_max / links.size()));
    return more;
}

bool Ledger::release_parked(Connection& database, LinkKey link, base::Time pause_end, std::size_t limit)
{
    std::vector<Parked> old;
    {
        Rows rows = database.query(
            "SELECT key, link, carrier_id, code, provisional, at, source, destination FROM parked_receipts "
            "WHERE unmatched = 0 AND link = ? AND arrived_at <= ? ORDER BY arrived_at LIMIT ?",
            link, pause_end - match_window, limit);
        while (rows.next()) old.push_back({rows.integer(0), read_receipt(rows)});
    }
    for (const Parked& parked : old) give_up(database, link, parked);
    return old.size() == limit;
}

// Unless it fits a message in doubt.
void Ledger::give_up(Connection& database, LinkKey link, const Parked& parked)
{
    const Receipt& receipt = parked.receipt;
    bool is_there =
        database.query("SELECT 1 FROM parked_receipts WHERE key = ? AND unmatched = 0", parked.key)
            .next();  // else it was matched with one before it
    if (!is_there || match_by_doubt(database, link, receipt.source, receipt.destination)) return;
    database.run("UPDATE parked_receipts SET unmatched = 1 WHERE key = ?", parked.key);
    wait_no_more(link, receipt.carrier_id);
    base::log_warning("receipt {} from {} fits no message; kept as unmatched", receipt.carrier_id,
                      base::masked(receipt.destination));
    auto surplus = surplus_of(RowCounts::Kind::unmatched_receipts, link, limits_.of_link.unmatched_receipts);
    if (surplus == 0) return;
    auto count = database.run(
        "DELETE FROM parked_receipts WHERE key IN (SELECT key FROM parked_receipts WHERE unmatched = 1 "
        "AND link = ? ORDER BY arrived_at LIMIT ?)",
        link, surplus);
    dropped(RowCounts::Kind::dropped_receipts, link, count);
}

}  // namespace tidings::store::sqlite
