// SPDX-License-Identifier: Apache-2.0
// How SQLite finds what a carrier speaks of. The newest messages are found in memory by their ids and numbers
// (recent.hpp); a hint that the message's row contradicts is none, and then the table is asked that has those
// which left memory.
#include "store/sqlite/facts_loader.hpp"

#include "store/sqlite/carrier_rows.hpp"
#include "store/sqlite/rows.hpp"

#include <algorithm>

namespace tidings::store::sqlite {

namespace {

// Receipts with the same numbers that are looked at, the newest. An application that writes often to one
// handset may have many of them parked, and a doubt explains no more than a few.
constexpr std::size_t same_numbers_max = 64;

// Messages in doubt with the same numbers that are looked at. More than two need no look: of two already
// nobody knows which one a receipt means.
constexpr std::size_t doubts_looked_at = 2;

// Reads a row of parked_columns, which stand below in the order of the places here.
rules::ParkedReceipt read_parked(const Rows& rows, LinkKey link)
{
    rules::ParkedReceipt parked;
    parked.key = rows.integer(0);
    parked.link = link;
    Receipt& receipt = parked.receipt;
    receipt.carrier_id = rows.text(1);
    receipt.code = rows.as<message::Code>(2);
    receipt.provisional = rows.integer(3) != 0;
    receipt.at = rows.time(4);
    receipt.source = rows.text(5);
    receipt.destination = rows.text(6);
    parked.arrived_at = rows.time(7);
    receipt.other_id = rows.text(8);
    receipt.word = rows.text(9);
    return parked;
}

constexpr std::string_view parked_columns =
    "key, carrier_id, code, provisional, at, source, destination, arrived_at, other_id, word";

rules::ReplyParts load_reply_parts(Connection& database, const rules::ReplyName& name)
{
    static const Statement find(
        "SELECT sequence, content, received_at, charset, single_shift, locking_shift, padded "
        "FROM reply_parts WHERE {}",
        are_of_reply);
    rules::ReplyParts parts;
    Rows rows = database.query(find, name.link, name.thread.handset, name.thread.number, name.reference,
                               name.total, name.is_wide);
    while (rows.next()) {
        text::Coding coding{.charset = rows.as<text::Charset>(3),
                            .languages = {rows.as<std::uint8_t>(4), rows.as<std::uint8_t>(5)},
                            .last_may_be_padding = rows.integer(6) != 0};
        parts.by_sequence[rows.as<std::uint8_t>(0)] = {.content = std::string(rows.text(1)),
                                                       .received_at = rows.time(2),
                                                       .is_unsaved = false,
                                                       .coding = coding};
    }
    return parts;
}

// Of one message and link there is usually one, and its numbers are always the message's.
std::optional<rules::DoubtedThread> load_doubt_of(Connection& database, const rules::DoubtName& name)
{
    Rows rows = database.query(
        "SELECT source, destination, times FROM doubts INDEXED BY doubts_of_message "
        "WHERE account = ? AND message = ? AND link = ? LIMIT 1",
        name.message.account, name.message.id, name.link);
    if (!rows.next()) return {};
    rules::DoubtedThread doubt;
    doubt.thread = {std::string(rows.text(0)), std::string(rows.text(1))};
    doubt.times = static_cast<int>(rows.integer(2));
    return doubt;
}

std::vector<rules::Doubted> load_doubts_between(Connection& database, const rules::LinkThread& numbers)
{
    std::vector<rules::Doubted> doubts;
    Rows rows = database.query(
        "SELECT account, message, times FROM doubts WHERE link = ? AND destination = ? AND source = ? "
        "LIMIT ?",
        numbers.link, numbers.thread.handset, numbers.thread.number, doubts_looked_at);
    while (rows.next())
        doubts.push_back({{rows.as<AccountKey>(0), rows.uuid(1)}, static_cast<int>(rows.integer(2))});
    return doubts;
}

// By the primary key. The table holds what was stored and not yet answered, usually a window for each link.
std::optional<rules::Seen> load_seen(Connection& database, const base::Sha256& fingerprint)
{
    bool is_there =
        database.query("SELECT 1 FROM seen_inbound WHERE fingerprint = ?", blob_of(fingerprint)).next();
    return is_there ? std::optional(rules::Seen()) : std::nullopt;
}

}  // namespace

void FactsLoader::load_of_carriers(Connection& database, const rules::Surroundings& surroundings,
                                   const rules::Wants& wants, rules::Facts& facts)
{
    load_each(wants.carrier_ids, facts.carrier_ids,
              [&](const rules::CarrierId& id) { return messages_with(database, id, facts); });
    load_each(wants.threads, facts.threads,
              [&](const rules::Thread& thread) { return messages_of(database, thread, facts); });
    load_each(wants.sent_between, facts.sent_between,
              [&](const rules::Thread& thread) { return sent_between(database, thread, facts); });
    load_each(wants.parked, facts.parked, [&](const rules::CarrierId& id) {
        return parked_with(database, id, surroundings.limits.parked_with(id.id));
    });
    load_each(wants.doubts_of, facts.doubts_of,
              [&](const rules::DoubtName& name) { return load_doubt_of(database, name); });
    load_each(wants.doubts_between, facts.doubts_between,
              [&](const rules::LinkThread& numbers) { return load_doubts_between(database, numbers); });
    for (const rules::ParkedBetween& wanted : wants.parked_between)
        load_parked_between(database, wanted, surroundings.limits, facts);
    load_each(wants.seen, facts.seen,
              [&](const base::Sha256& fingerprint) { return load_seen(database, fingerprint); });
    load_each(wants.reply_parts, facts.reply_parts,
              [&](const rules::ReplyName& name) { return load_reply_parts(database, name); });
}

const MessageRow* FactsLoader::message(Connection& database, const MessageKey& key, rules::Facts& facts)
{
    if (!facts.messages.is_known(key)) facts.messages.learn(key, load_message(database, key));
    return facts.messages.find(key);
}

std::vector<MessageKey> FactsLoader::messages_with(Connection& database, const rules::CarrierId& id,
                                                   rules::Facts& facts)
{
    auto has_it = [&](const MessageKey& key) {
        const MessageRow* row = message(database, key, facts);
        return row && row->link == id.link && row->part_with(id.id);
    };
    // Memory first: the table has those that left it, as far as receipts are still of interest to them. With
    // nothing but foreign hashes in memory the table decides.
    std::vector<MessageKey> keys = hints_.recent.by_carrier_id(id.link, id.id);
    if (std::ranges::any_of(keys, has_it)) return keys;
    keys.clear();
    Rows rows = database.query("SELECT account, message FROM carrier_ids WHERE link = ? AND carrier_id = ?",
                               id.link, id.id);
    if (rows.next()) keys.push_back({rows.as<AccountKey>(0), rows.uuid(1)});
    return keys;
}

rules::ThreadMessages FactsLoader::messages_of(Connection& database, const rules::Thread& thread,
                                               rules::Facts& facts)
{
    auto is_of_thread = [&](const MessageKey& key) {
        const MessageRow* row = message(database, key, facts);
        return row && row->submitted_at && row->sender == thread.number &&
               message::digits_of(row->destination) == thread.handset;
    };
    rules::ThreadMessages found;
    found.submitted = hints_.recent.by_thread(thread.number, thread.handset);
    if (found.submitted && !is_of_thread(*found.submitted)) found.submitted.reset();
    if (!found.submitted && hints_.has_threads) found.submitted = thread_on_disk(database, thread);
    if (found.submitted) message(database, *found.submitted, facts);
    // Its row comes along (Wants::threads), so that no item has to want it by itself.
    found.under_way = hints_.taken.find(thread.number, thread.handset);
    if (found.under_way) message(database, *found.under_way, facts);
    return found;
}

// Of those that left memory only the last is known, so that nobody could say how many there are: they are
// left out.
std::vector<MessageKey> FactsLoader::sent_between(Connection& database, const rules::Thread& thread,
                                                  rules::Facts& facts)
{
    std::vector<MessageKey> keys = hints_.recent.of_thread(thread.number, thread.handset);
    std::erase_if(keys, [&](const MessageKey& key) {
        const MessageRow* row = message(database, key, facts);
        return !row || row->sender != thread.number || message::digits_of(row->destination) != thread.handset;
    });
    return keys;
}

std::optional<MessageKey> FactsLoader::thread_on_disk(Connection& database, const rules::Thread& thread)
{
    Rows rows = database.query("SELECT account, message FROM threads WHERE number = ? AND handset = ?",
                               thread.number, thread.handset);
    if (!rows.next()) return {};
    return MessageKey{rows.as<AccountKey>(0), rows.uuid(1)};
}

// The newest `limit` receipts with this id. They are read from the newest on and given back from the oldest
// on, in which order they are applied.
std::vector<rules::ParkedReceipt> FactsLoader::parked_with(Connection& database, const rules::CarrierId& id,
                                                           std::size_t limit) const
{
    static const Statement find(
        "SELECT {} FROM parked_receipts WHERE {} AND link = ? AND carrier_id = ? ORDER BY key DESC LIMIT ?",
        parked_columns, is_waiting);
    std::vector<rules::ParkedReceipt> parked;
    if (!hints_.parked.may_have(id)) return parked;
    Rows rows = database.query(find, id.link, id.id, limit);
    while (rows.next()) parked.push_back(read_parked(rows, id.link));
    std::ranges::reverse(parked);
    return parked;
}

void FactsLoader::load_parked_between(Connection& database, const rules::ParkedBetween& wanted,
                                      const rules::LinkLimits& limits, rules::Facts& facts) const
{
    // Served by parked_by_numbers, which holds waiting receipts alone. The newest same_numbers_max are looked
    // at, so that an application which writes a handset all day does not make this long.
    static const Statement find_ids(
        "SELECT DISTINCT carrier_id FROM (SELECT carrier_id FROM parked_receipts WHERE {} AND link = ? "
        "AND destination = ? AND source = ? ORDER BY key DESC LIMIT ?) LIMIT ?",
        is_waiting);
    const rules::LinkThread& numbers = wanted.numbers;
    if (facts.parked.is_known(numbers)) return;
    std::vector<std::string> ids;
    {
        Rows rows = database.query(find_ids, numbers.link, numbers.thread.handset, numbers.thread.number,
                                   // One more than the doubt explains is enough to see that it does not
                                   // explain them.
                                   same_numbers_max, wanted.ids_max + 1);
        while (rows.next()) ids.emplace_back(rows.text(0));
    }
    if (std::ssize(ids) <= wanted.ids_max)
        for (const std::string& carrier_id : ids) {
            rules::CarrierId id{numbers.link, carrier_id};
            if (!facts.parked.is_known(id))
                facts.parked.learn(id, parked_with(database, id, limits.parked_with(carrier_id)));
        }
    facts.parked.learn(numbers, std::move(ids));
}

// Served by parked_by_age. On the pause scale, so that no receipt is given up because the wall clock was set
// forward.
std::vector<rules::ParkedReceipt> parked_until(Connection& database, LinkKey link, base::Time time,
                                               std::size_t limit)
{
    static const Statement find(
        "SELECT {} FROM parked_receipts WHERE {} AND link = ? AND arrived_at <= ? ORDER BY arrived_at LIMIT "
        "?",
        parked_columns, is_waiting);
    std::vector<rules::ParkedReceipt> parked;
    Rows rows = database.query(find, link, time, limit);
    while (rows.next()) parked.push_back(read_parked(rows, link));
    return parked;
}

std::vector<rules::ReplyName> replies_in_parts_until(Connection& database, LinkKey link, base::Time time,
                                                     std::size_t limit)
{
    std::vector<rules::ReplyName> replies;
    Rows rows = database.query(
        // The limit stands inside, so that it bounds the rows that are read and not only the replies that
        // they make.
        "SELECT DISTINCT source, destination, reference, total, wide FROM (SELECT source, destination, "
        "reference, total, wide FROM reply_parts WHERE link = ? AND received_at <= ? ORDER BY received_at "
        "LIMIT ?)",
        link, time, limit);
    while (rows.next()) {
        rules::ReplyName& name = replies.emplace_back();
        name.link = link;
        name.thread = {std::string(rows.text(1)), std::string(rows.text(0))};
        name.reference = static_cast<std::uint16_t>(rows.integer(2));
        name.total = static_cast<std::uint8_t>(rows.integer(3));
        name.is_wide = rows.integer(4) > 0;
    }
    return replies;
}

}  // namespace tidings::store::sqlite
