// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/reply_rows.hpp"

#include "base/utf8.hpp"

namespace tidings::store::sqlite {

namespace {

enum Column { account, id, message, source, destination, content, received_at, confirmed, wish, format };

}  // namespace

message::Reply read_reply(const Rows& rows, const std::string& account_id)
{
    message::Reply reply;
    reply.id = rows.uuid(Column::id);
    if (!rows.is_null(Column::message)) reply.message = rows.uuid(Column::message);
    reply.account = account_id;
    reply.source = base::escaped(rows.text(Column::source));  // older versions took any octets
    reply.destination = rows.text(Column::destination);
    reply.content = rows.text(Column::content);
    reply.received_at = rows.time(Column::received_at);
    reply.wish = rows.as<message::Wish>(Column::wish);
    reply.format = rows.as<message::Format>(Column::format);
    return reply;
}

void insert_reply(Connection& database, AccountKey account, const message::Reply& reply)
{
    database.run(
        "INSERT INTO replies (account, id, message, source, destination, content, received_at, wish, format) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        account, reply.id, reply.message, reply.source, reply.destination, reply.content, reply.received_at,
        reply.wish, reply.format);
}

void insert_attachments(Connection& database, AccountKey account, const base::Uuid& reply,
                        const std::vector<message::Attachment>& attachments)
{
    int place = 0;
    for (const message::Attachment& attachment : attachments)
        database.run(
            "INSERT INTO attachments (account, reply, place, content_type, original_name, content) "
            "VALUES (?, ?, ?, ?, ?, ?)",
            account, reply, place++, attachment.content_type, attachment.original_name,
            Blob{attachment.content});
}

std::optional<message::Reply> load_reply(Connection& database, AccountKey account, const base::Uuid& id,
                                         const std::string& account_id)
{
    Rows rows = database.query("SELECT * FROM replies WHERE account = ? AND id = ?", account, id);
    if (!rows.next()) return {};
    return read_reply(rows, account_id);
}

std::vector<message::Attachment> load_attachments(Connection& database, AccountKey account,
                                                  const base::Uuid& reply)
{
    std::vector<message::Attachment> attachments;
    Rows rows = database.query(
        "SELECT content_type, original_name, content FROM attachments WHERE account = ? AND reply = ? "
        "ORDER BY place",
        account, reply);
    while (rows.next()) {
        message::Attachment& attachment = attachments.emplace_back();
        attachment.content_type = rows.text(0);
        attachment.original_name = rows.text(1);
        attachment.content = rows.text(2);
    }
    return attachments;
}

std::int64_t end_replies(Connection& database, AccountKey account, const base::Uuid& before,
                         std::size_t limit)
{
    // A file takes pages by the hundred, which are all freed with it. So fewer files than other rows go at
    // once, and replies go only when no files are left before `before`.
    std::size_t files = limit / 10;
    auto gone = database.run(
        "DELETE FROM attachments WHERE rowid IN (SELECT rowid FROM attachments WHERE account = ? AND reply < "
        "? "
        "LIMIT ?)",
        account, before, files);
    if (gone > 0) return gone;
    return database.run(
        "DELETE FROM replies WHERE account = ?1 AND id IN (SELECT id FROM replies WHERE account = ?1 "
        "AND id < ?2 LIMIT ?3)",
        account, before, limit);
}

}  // namespace tidings::store::sqlite
