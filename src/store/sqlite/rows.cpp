// SPDX-License-Identifier: Apache-2.0
// How a message is laid out in its row.
//
// flags: bits 0-1 format, bit 2 delivery report, bits 3-4 type of sender, bits 5-6 priority. parts: for each
// part its code (2 bytes, high first), 1 if provisional, the size of its id, the id. taken: the link (4), the
// reference (2), and for each part 1 if the carrier took it, the size of its id, the id. trace and extra: see
// rules/message_row.hpp.
#include "store/sqlite/rows.hpp"

#include "message/limits.hpp"
#include "store/rules/packed.hpp"

namespace tidings::store::sqlite {

using rules::put;
using rules::take;
using rules::take_text;

namespace {

enum Column {
    account,
    id,
    status,
    code,
    told,
    changed_at,
    queue,
    seq,
    flags,
    destination,
    sender,
    content,
    callback_url,
    expiry,
    extra,
    link,
    submitted_at,
    parts,
    debited,
    trace,
    refused_by,
    converted,
    taken
};

int pack_flags(const MessageRow& row)
{
    return static_cast<int>(row.format) | row.delivery_report << 2 | static_cast<int>(row.sender_type) << 3 |
           static_cast<int>(row.priority) << 5;
}

constexpr std::size_t part_head_size = 4;

std::string pack_parts(const std::vector<PartRow>& rows)
{
    std::string out;
    for (const PartRow& row : rows) {
        // Its size is one byte.
        std::string_view id = std::string_view(row.part.carrier_id).substr(0, message::carrier_id_max);
        put(out, static_cast<std::uint64_t>(row.part.code), 2);
        put(out, row.provisional, 1);
        put(out, id.size(), 1);
        out += id;
    }
    return out;
}

std::vector<PartRow> unpack_parts(std::string_view bytes)
{
    std::vector<PartRow> rows;
    while (bytes.size() >= part_head_size) {
        PartRow& row = rows.emplace_back();
        row.part.code = static_cast<message::Code>(take(bytes, 2));
        row.provisional = take(bytes, 1) != 0;
        row.part.carrier_id = take_text(bytes);
    }
    return rows;
}

constexpr std::size_t link_size = 4;

std::string pack_links(const std::vector<LinkKey>& links)
{
    std::string out;
    for (LinkKey link : links) put(out, static_cast<std::uint64_t>(link), link_size);
    return out;
}

std::vector<LinkKey> unpack_links(std::string_view bytes)
{
    std::vector<LinkKey> links;
    while (bytes.size() >= link_size) links.push_back(static_cast<LinkKey>(take(bytes, link_size)));
    return links;
}

std::string pack_taken(const PartsTaken& taken)
{
    std::string out;
    put(out, static_cast<std::uint64_t>(taken.link), link_size);
    put(out, taken.reference, 2);
    for (const std::optional<std::string>& each : taken.carrier_ids) {
        std::string_view id =
            std::string_view(each ? *each : std::string_view()).substr(0, message::carrier_id_max);
        put(out, each.has_value(), 1);
        put(out, id.size(), 1);
        out += id;
    }
    return out;
}

PartsTaken unpack_taken(std::string_view bytes)
{
    PartsTaken taken;
    taken.link = static_cast<LinkKey>(take(bytes, link_size));
    taken.reference = static_cast<std::uint16_t>(take(bytes, 2));
    while (!bytes.empty()) {
        bool is_there = take(bytes, 1) != 0;
        std::string_view id = take_text(bytes);
        taken.carrier_ids.push_back(is_there ? std::optional<std::string>(id) : std::nullopt);
    }
    return taken;
}

std::optional<std::string_view> or_null(const std::string& text)
{
    if (text.empty()) return {};
    return text;
}

}  // namespace

MessageRow read_message(const Rows& rows)
{
    MessageRow row;
    row.key = {rows.as<AccountKey>(Column::account), rows.uuid(Column::id)};
    row.progress.status = rows.as<message::Status>(Column::status);
    row.progress.code = rows.as<message::Code>(Column::code);
    row.progress.told = static_cast<std::uint64_t>(rows.integer(Column::told));
    row.progress.changed_at = rows.time(Column::changed_at);
    if (!rows.is_null(Column::queue)) row.queue = row.stored_queue = rows.as<Queue>(Column::queue);
    row.seq = rows.integer(Column::seq);
    auto flags = rows.integer(Column::flags);
    row.format = static_cast<message::Format>(flags & 3);
    row.delivery_report = (flags & 4) != 0;
    row.sender_type = static_cast<message::SourceType>(flags >> 3 & 3);
    row.priority = static_cast<message::Priority>(flags >> 5 & 3);
    row.destination = rows.text(Column::destination);
    row.sender = rows.text(Column::sender);
    row.content = rows.text(Column::content);
    row.callback_url = rows.text(Column::callback_url);
    if (!rows.is_null(Column::expiry)) row.expiry = rows.time(Column::expiry);
    row.extra = rows.text(Column::extra);
    row.link = rows.as<LinkKey>(Column::link);
    if (!rows.is_null(Column::submitted_at)) row.submitted_at = rows.time(Column::submitted_at);
    row.parts = unpack_parts(rows.text(Column::parts));
    row.debited = rows.integer(Column::debited);
    row.trace = rows.text(Column::trace);
    row.refused_by = unpack_links(rows.text(Column::refused_by));
    if (!rows.is_null(Column::converted)) row.converted = rows.text(Column::converted);
    if (!rows.is_null(Column::taken)) row.taken = unpack_taken(rows.text(Column::taken));
    return row;
}

std::optional<MessageRow> load_message(Connection& database, const MessageKey& key)
{
    Rows rows = database.query("SELECT * FROM messages WHERE account = ? AND id = ?", key.account, key.id);
    if (!rows.next()) return {};
    return read_message(rows);
}

void insert_message(Connection& database, const MessageRow& row)
{
    database.run(
        "INSERT INTO messages (account, id, status, code, told, changed_at, queue, seq, flags, destination, "
        "sender, content, callback_url, expiry, extra, debited, trace, converted) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        row.key.account, row.key.id, row.progress.status, row.progress.code, row.progress.told,
        row.progress.changed_at, row.queue, row.seq, pack_flags(row), row.destination, row.sender,
        row.content, or_null(row.callback_url), row.expiry, or_null(row.extra), row.debited, Blob{row.trace},
        row.converted);
}

void save_message(Connection& database, const MessageRow& row)
{
    std::string parts = pack_parts(row.parts);
    database.run(
        // Neither sender nor extra is among these columns: they change seldom, and have statements of their
        // own.
        "UPDATE messages SET status = ?, code = ?, told = ?, changed_at = ?, queue = ?, seq = ?, link = ?, "
        "submitted_at = ?, parts = ?, trace = ? WHERE account = ? AND id = ?",
        row.progress.status, row.progress.code, row.progress.told, row.progress.changed_at, row.queue,
        row.seq, row.link, row.submitted_at, Blob{parts}, Blob{row.trace}, row.key.account, row.key.id);
}

void save_sender(Connection& database, const MessageRow& row)
{
    database.run("UPDATE messages SET sender = ?, flags = ? WHERE account = ? AND id = ?", row.sender,
                 pack_flags(row), row.key.account, row.key.id);
}

void save_extra(Connection& database, const MessageRow& row)
{
    database.run("UPDATE messages SET extra = ? WHERE account = ? AND id = ?", or_null(row.extra),
                 row.key.account, row.key.id);
}

void save_refused_by(Connection& database, const MessageRow& row)
{
    std::string links = pack_links(row.refused_by);
    database.run("UPDATE messages SET refused_by = ? WHERE account = ? AND id = ?", Blob{links},
                 row.key.account, row.key.id);
}

void save_taken(Connection& database, const MessageRow& row)
{
    std::optional<std::string> taken;
    if (row.taken) taken = pack_taken(*row.taken);
    std::optional<Blob> blob;
    if (taken) blob = Blob{*taken};
    database.run("UPDATE messages SET taken = ? WHERE account = ? AND id = ?", blob, row.key.account,
                 row.key.id);
}

}  // namespace tidings::store::sqlite
