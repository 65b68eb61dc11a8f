// SPDX-License-Identifier: Apache-2.0
// How SQLite writes what carriers told. Whatever only a carrier makes grow is kept up to a limit of its link:
// each row that comes may cost the oldest ones their place.
#include "store/sqlite/effects_writer.hpp"

#include "store/sqlite/carrier_rows.hpp"
#include "store/sqlite/opt_out_rows.hpp"
#include "store/sqlite/reply_rows.hpp"

#include <utility>

namespace tidings::store::sqlite {

namespace {

using Kind = RowCounts::Kind;
using State = rules::ParkedReceipt::State;

void change_doubt(Connection& database, const rules::DoubtChange& change)
{
    static const Statement less("UPDATE doubts SET times = times + ? WHERE {}", is_doubt);
    static const Statement end("DELETE FROM doubts WHERE {} AND times <= 0", is_doubt);
    const auto& [link, thread] = change.numbers;
    const MessageKey& message = change.message;
    if (change.by > 0) {
        database.run(
            "INSERT INTO doubts (link, destination, source, account, message, at, times) "
            "VALUES (?, ?, ?, ?, ?, ?, ?) "
            "ON CONFLICT DO UPDATE SET at = excluded.at, times = times + excluded.times",
            link, thread.handset, thread.number, message.account, message.id, change.at, change.by);
        return;
    }
    database.run(less, change.by, link, thread.handset, thread.number, message.account, message.id);
    database.run(end, link, thread.handset, thread.number, message.account, message.id);
}

void insert_parked(Connection& database, const rules::ParkedReceipt& parked)
{
    const Receipt& receipt = parked.receipt;
    database.run(
        "INSERT INTO parked_receipts (link, carrier_id, code, provisional, at, source, destination, "
        "arrived_at, other_id, word) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        parked.link, receipt.carrier_id, receipt.code, receipt.provisional, receipt.at, receipt.source,
        receipt.destination, parked.arrived_at, receipt.other_id, receipt.word);
}

}  // namespace

void EffectsWriter::write_of_carriers(Connection& database, rules::Facts& facts, rules::Effects& effects)
{
    // Hints, which may be early: should the commit fail, whoever finds the message by them asks its row and
    // sees that it has not these ids. The next batch of this very transaction has to find the message
    // already.
    for (const rules::MessageRow* row : effects.submitted) note_submitted(hints_.recent, *row);
    for (const rules::ParkedReceipt& parked : facts.parked.rows()) write_parked(database, parked);
    for (const rules::DoubtChange& change : effects.doubts) change_doubt(database, change);
    for (const rules::SeenInbound& seen : effects.seen) insert_seen(database, seen);
    for (const rules::ReplyName& name : effects.reply_parts)
        write_reply_parts(database, name, *facts.reply_parts.find(name));
    for (const auto& [account, reply, attachments] : effects.replies) {
        insert_reply(database, account, reply);
        insert_attachments(database, account, reply.id, attachments);
    }
    for (const rules::UnmatchedInbound& unmatched : effects.unmatched_replies)
        insert_unmatched(database, unmatched);
    for (const auto& [number, kind, at] : effects.listings) {
        if (kind == rules::ListingChange::Kind::remove) {
            remove_from_list(database, number.account, number.name);
            continue;
        }
        // Should the commit fail the hint stays, and costs a look at the list. Without it a listed number
        // would be written to.
        hints_.opt_outs.add(number.account, number.name);
        add_to_list(database, number.account, number.name, at);
    }
}

void note_submitted(Recent& recent, const rules::MessageRow& row)
{
    std::vector<std::string_view> carrier_ids;
    carrier_ids.reserve(row.parts.size());
    for (const rules::PartRow& part : row.parts)  // an empty id names no message
        if (!part.part.carrier_id.empty()) carrier_ids.push_back(part.part.carrier_id);
    recent.add(row.link, row.key, carrier_ids, row.sender, message::digits_of(row.destination));
}

void EffectsWriter::write_parked(Connection& database, const rules::ParkedReceipt& parked)
{
    bool is_on_disk = parked.key != 0;
    switch (parked.state) {
    case State::waits: return is_on_disk ? void() : park(database, parked);
    case State::matched: return is_on_disk ? unpark(database, parked) : void();
    case State::dropped:
        if (is_on_disk) unpark(database, parked);
        return room_.dropped(Kind::dropped_receipts, parked.link, 1);
    case State::unmatched: return give_up(database, parked);
    }
    std::abort();
}

void EffectsWriter::park(Connection& database, const rules::ParkedReceipt& parked)
{
    static const Statement drop(
        "DELETE FROM parked_receipts WHERE key IN (SELECT key FROM parked_receipts WHERE {} AND link = ? "
        "ORDER BY arrived_at LIMIT ?) RETURNING carrier_id",
        is_waiting);
    // First the new row and then the oldest away: the limit is kept at each row, and a carrier that sends
    // without end pays with its own receipts alone. The hints of dropped rows go only after the commit
    // (ParkedCounts).
    insert_parked(database, parked);
    hints_.parked.add(id_of(parked));
    LinkKey link = parked.link;
    auto surplus = room_.surplus(Kind::parked_receipts, link, room_.limits().parked_receipts);
    if (surplus == 0) return;
    Rows rows = database.query(drop, link, surplus);
    std::int64_t count = 0;
    for (; rows.next(); ++count) hints_.parked.remove({link, std::string(rows.text(0))});
    room_.dropped(Kind::dropped_receipts, link, count);
}

void EffectsWriter::unpark(Connection& database, const rules::ParkedReceipt& parked)
{
    database.run("DELETE FROM parked_receipts WHERE key = ?", parked.key);
    hints_.parked.remove(id_of(parked));
}

void EffectsWriter::give_up(Connection& database, const rules::ParkedReceipt& parked)
{
    static const Statement keep("UPDATE parked_receipts SET {} WHERE key = ?", is_given_up);
    static const Statement drop(
        "DELETE FROM parked_receipts WHERE key IN (SELECT key FROM parked_receipts WHERE {} AND link = ? "
        "ORDER BY arrived_at LIMIT ?)",
        is_given_up);
    database.run(keep, parked.key);
    hints_.parked.remove(id_of(parked));
    LinkKey link = parked.link;
    auto surplus = room_.surplus(Kind::unmatched_receipts, link, room_.limits().unmatched_receipts);
    if (surplus == 0) return;
    room_.dropped(Kind::dropped_receipts, link, database.run(drop, link, surplus));
}

void EffectsWriter::insert_seen(Connection& database, const rules::SeenInbound& seen)
{
    database.run("INSERT INTO seen_inbound (fingerprint, at, link) VALUES (?, ?, ?)",
                 blob_of(seen.fingerprint), seen.at, seen.link);
    auto surplus = room_.surplus(Kind::seen_inbound, seen.link, room_.limits().seen_inbound);
    if (surplus == 0) return;
    database.run(
        "DELETE FROM seen_inbound WHERE fingerprint IN (SELECT fingerprint FROM seen_inbound "
        "WHERE link = ? ORDER BY at LIMIT ?)",
        seen.link, surplus);
}

// A reply may stand in the effects several times, once for each part that a batch brought. Whatever has been
// written is marked as saved, so that the second time finds nothing to do.
void EffectsWriter::write_reply_parts(Connection& database, const rules::ReplyName& name,
                                      rules::ReplyParts& parts)
{
    static const Statement remove("DELETE FROM reply_parts WHERE {}", are_of_reply);
    if (std::exchange(parts.removes_rows, false))
        database.run(remove, name.link, name.thread.handset, name.thread.number, name.reference, name.total,
                     name.is_wide);
    // Rows that were there before go first (removes_rows): a reply that was joined leaves none behind, and
    // parts of the next reply with the same reference, which may have come in this very batch, are written
    // after that.
    for (auto& [sequence, part] : parts.by_sequence)
        if (std::exchange(part.is_unsaved, false)) insert_reply_part(database, name, sequence, part);
}

void EffectsWriter::insert_reply_part(Connection& database, const rules::ReplyName& name,
                                      std::uint8_t sequence, const rules::ReplyParts::Part& part)
{
    database.run(
        "INSERT INTO reply_parts (link, source, destination, reference, total, wide, sequence, content, "
        "received_at, charset, single_shift, locking_shift, padded) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
        "ON CONFLICT DO UPDATE SET content = excluded.content, received_at = excluded.received_at, "
        "charset = excluded.charset, single_shift = excluded.single_shift, "
        "locking_shift = excluded.locking_shift, padded = excluded.padded",
        name.link, name.thread.handset, name.thread.number, name.reference, name.total, name.is_wide,
        sequence, Blob{part.content}, part.received_at, part.coding.charset,
        part.coding.languages.single_shift, part.coding.languages.locking_shift,
        part.coding.last_may_be_padding);
    auto surplus = room_.surplus(Kind::reply_parts, name.link, room_.limits().reply_parts);
    if (surplus == 0) return;
    auto count = database.run(
        "DELETE FROM reply_parts WHERE (link, source, destination, reference, total, wide, sequence) IN "
        "(SELECT link, source, destination, reference, total, wide, sequence FROM reply_parts "
        "WHERE link = ? ORDER BY received_at LIMIT ?)",
        name.link, surplus);
    room_.dropped(Kind::dropped_parts, name.link, count);
}

void EffectsWriter::insert_unmatched(Connection& database, const rules::UnmatchedInbound& unmatched)
{
    const auto& [link, inbound] = unmatched;
    database.run(
        "INSERT INTO unmatched_replies (link, source, destination, content, received_at) "
        "VALUES (?, ?, ?, ?, ?)",
        link, inbound.source, inbound.destination, inbound.content, inbound.received_at);
    auto surplus = room_.surplus(Kind::unmatched_replies, link, room_.limits().unmatched_replies);
    if (surplus == 0) return;
    auto count = database.run(
        "DELETE FROM unmatched_replies WHERE key IN (SELECT key FROM unmatched_replies WHERE link = ? "
        "ORDER BY received_at LIMIT ?)",
        link, surplus);
    room_.dropped(Kind::dropped_replies, link, count);
}

}  // namespace tidings::store::sqlite
