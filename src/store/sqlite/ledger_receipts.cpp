// SPDX-License-Identifier: Apache-2.0
// How a receipt finds its message. By the carrier's id, if that is known. If not, the receipt is kept: the response with
// the id may still be on its way, or lost with its connection. A lost response left a doubt behind; after a while the
// receipt is given to the one message in doubt that has its source and destination. What fits nothing stays in the
// table for the operator.
#include "store/sqlite/ledger.hpp"

#include "base/log.hpp"

namespace tidings::store {

using message::Code;

namespace {

std::string parked_name(LinkKey link, std::string_view carrier_id)
{
    return std::to_string(static_cast<std::uint32_t>(link)).append(" ").append(carrier_id);
}

Receipt read_receipt(const Rows& rows)  // carrier_id, code, provisional, at, source, destination from column 2 on
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
    auto row = find_by_carrier_id(database, link, receipt.carrier_id);
    if (!row) return park(database, link, receipt);
    apply(database, *row, *row->part_with(receipt.carrier_id), receipt);
    save_message(database, *row);
}

std::optional<MessageRow> Ledger::find_by_carrier_id(Connection& database, LinkKey link, const std::string& carrier_id)
{
    auto matches = [&](const std::optional<MessageRow>& row) {
        return row && row->link == link && const_cast<MessageRow&>(*row).part_with(carrier_id);
    };
    for (const MessageKey& key : recent_.by_carrier_id(link, carrier_id)) {
        auto row = load_message(database, key);
        if (matches(row)) return row;
    }
    std::optional<MessageKey> key;
    {
        Rows rows = database.query("SELECT account, message FROM carrier_ids WHERE link = ? AND carrier_id = ?", link,
                                   carrier_id);
        if (rows.next()) key = MessageKey{rows.as<AccountKey>(0), rows.uuid(1)};
    }
    if (!key) return {};
    auto row = load_message(database, *key);
    if (matches(row)) return row;
    return {};
}

void Ledger::apply(Connection& database, MessageRow& row, PartRow& part, const Receipt& receipt)
{
    bool final = message::is_final(row.progress.status);
    if (receipt.provisional) {
        if (final || message::is_final(message::status_of(part.part.code))) return;
        part.provisional = true;
        row.queue = Queue::settle;
        row.seq = (clock_.now() + unknown_window).time_since_epoch() / std::chrono::milliseconds(1);
        return;
    }
    if (!may_become(part.part.code, receipt.code)) return;
    part.part.code = receipt.code;
    part.provisional = false;
    auto parts = parts_of(row);
    if (auto code = message::verdict(parts)) {
        advance(database, row, *code, receipt.at);
    } else if (!final) {
        row.queue = Queue::settle;
        row.seq = (clock_.now() + message::settle_after).time_since_epoch() / std::chrono::milliseconds(1);
    }
}

void Ledger::settle(Connection& database, MessageRow& row, base::Time now)
{
    row.queue.reset();
    for (PartRow& part : row.parts)
        if (part.provisional) part.part.code = Code::undeliverable;
    auto parts = parts_of(row);
    if (auto code = message::verdict(parts, true)) advance(database, row, *code, now);
    save_message(database, row);
}

void Ledger::park(Connection& database, LinkKey link, const Receipt& receipt)
{
    database.run("INSERT INTO parked_receipts (link, carrier_id, code, provisional, at, source, destination, arrived_at) "
                 "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                 link, receipt.carrier_id, receipt.code, receipt.provisional, receipt.at, receipt.source,
                 receipt.destination, clock_.now());
    parked_.insert(parked_name(link, receipt.carrier_id));
}

std::vector<Ledger::Parked> Ledger::parked_with(Connection& database, LinkKey link, const std::string& carrier_id)
{
    std::vector<Parked> found;
    if (!parked_.contains(parked_name(link, carrier_id))) return found;
    Rows rows = database.query("SELECT key, link, carrier_id, code, provisional, at, source, destination "
                               "FROM parked_receipts WHERE unmatched = 0 AND link = ? AND carrier_id = ? ORDER BY key",
                               link, carrier_id);
    while (rows.next()) found.push_back({rows.integer(0), read_receipt(rows)});
    return found;
}

void Ledger::unpark(Connection& database, LinkKey link, const Parked& parked)
{
    database.run("DELETE FROM parked_receipts WHERE key = ?", parked.key);
    after_commit([this, name = parked_name(link, parked.receipt.carrier_id)] {
        auto found = parked_.find(name);
        if (found != parked_.end()) parked_.erase(found);
    });
}

void Ledger::add_doubt(Connection& database, LinkKey link, const Doubt& doubt)
{
    database.run("INSERT OR REPLACE INTO doubts (link, destination, source, account, message, at) "
                 "VALUES (?, ?, ?, ?, ?, ?)",
                 link, doubt.destination, doubt.source, doubt.key.account, doubt.key.id, clock_.now());
}

bool Ledger::settle_doubt(Connection& database, LinkKey link, const MessageKey& key)
{
    auto row = load_message(database, key);
    if (!row || message::is_final(row->progress.status)) return true;  // nothing left to send
    std::vector<Parked> fitting;
    {
        Rows rows = database.query("SELECT key, link, carrier_id, code, provisional, at, source, destination "
                                   "FROM parked_receipts WHERE unmatched = 0 AND link = ? AND source = ? "
                                   "AND destination = ? LIMIT 2",
                                   link, row->sender, message::digits_of(row->destination));
        while (rows.next()) fitting.push_back({rows.integer(0), read_receipt(rows)});
    }
    if (fitting.size() != 1 || !match_by_doubt(database, link, fitting[0].receipt)) return false;
    unpark(database, link, fitting[0]);
    return true;
}

bool Ledger::match_by_doubt(Connection& database, LinkKey link, const Receipt& receipt)
{
    std::vector<MessageKey> keys;
    {
        Rows rows = database.query("SELECT account, message FROM doubts WHERE link = ? AND destination = ? AND source = ? "
                                   "LIMIT 2",
                                   link, receipt.destination, receipt.source);
        while (rows.next()) keys.push_back({rows.as<AccountKey>(0), rows.uuid(1)});
    }
    if (keys.size() != 1) return false;
    auto row = load_message(database, keys[0]);
    if (!row) return false;
    adopt(database, *row, link, receipt);
    database.run("DELETE FROM doubts WHERE link = ? AND destination = ? AND source = ?", link, receipt.destination,
                 receipt.source);
    return true;
}

// The receipt's id is that of a submit whose response was lost. If the message was sent again since, the other id
// stays known beside it.
void Ledger::adopt(Connection& database, MessageRow& row, LinkKey link, const Receipt& receipt)
{
    if (row.parts.empty()) {
        Change change{.key = row.key, .code = Code::submitted, .at = receipt.at, .link = link, .carrier_ids = {}};
        change.carrier_ids.push_back(receipt.carrier_id);
        submitted(database, row, change);
    }
    apply(database, row, row.parts.front(), receipt);
    save_message(database, row);
}

bool Ledger::release_settled(Connection& database, base::Time now)
{
    std::vector<MessageKey> keys;
    {
        Rows rows = database.query("SELECT account, id FROM messages WHERE queue = ? AND seq <= ? ORDER BY seq LIMIT ?",
                                   Queue::settle, now, batch_max);
        while (rows.next()) keys.push_back({rows.as<AccountKey>(0), rows.uuid(1)});
    }
    for (const MessageKey& key : keys) {
        auto row = load_message(database, key);
        settle(database, *row, now);
    }
    return keys.size() == batch_max;
}

bool Ledger::release_parked(Connection& database, base::Time now)
{
    struct Old {
        LinkKey link;
        Parked parked;
    };
    std::vector<Old> old;
    {
        Rows rows = database.query("SELECT key, link, carrier_id, code, provisional, at, source, destination "
                                   "FROM parked_receipts WHERE unmatched = 0 AND arrived_at <= ? LIMIT ?",
                                   now - match_window, batch_max);
        while (rows.next()) old.push_back({rows.as<LinkKey>(1), {rows.integer(0), read_receipt(rows)}});
    }
    for (const auto& [link, parked] : old) {
        if (match_by_doubt(database, link, parked.receipt)) {
            unpark(database, link, parked);
            continue;
        }
        database.run("UPDATE parked_receipts SET unmatched = 1 WHERE key = ?", parked.key);
        after_commit([this, name = parked_name(link, parked.receipt.carrier_id)] { parked_.erase(name); });
        base::log_warning("receipt {} from {} fits no message; kept as unmatched", parked.receipt.carrier_id,
                          base::masked(parked.receipt.destination));
    }
    return old.size() == batch_max;
}

}  // namespace tidings::store
