// SPDX-License-Identifier: Apache-2.0
// How a message is laid out in its row.
//
// flags: bits 0-1 format, bit 2 delivery report, bits 3-4 type of sender, bits 5-6 priority.
// parts: for each part its code (2 bytes, high first), 1 if provisional, the size of its id, the id.
// trace: for each step its time (6 bytes, high first, as all here), its code (2), the size of its text, and
// that.
// extra: {"source","source_type","subject","media","metadata","scheduled"}, each only when the application
// gave it, and "release" when the message leaves later than it asked for.
#include "store/sqlite/rows.hpp"

#include "message/cost.hpp"
#include "message/limits.hpp"

#include <boost/json.hpp>

#include <cassert>

namespace tidings::store::sqlite {

namespace json = boost::json;

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
    converted
};

int pack_flags(const MessageRow& row)
{
    return static_cast<int>(row.format) | row.delivery_report << 2 | static_cast<int>(row.sender_type) << 3 |
           static_cast<int>(row.priority) << 5;
}

void put(std::string& out, std::uint64_t value, int bytes)
{
    while (bytes-- > 0) out += static_cast<char>(value >> 8 * bytes & 0xFF);
}

std::uint64_t take(std::string_view& in, std::size_t bytes)
{
    std::uint64_t value = 0;
    for (unsigned char octet : in.substr(0, bytes)) value = value << 8 | octet;
    in.remove_prefix(bytes);
    return value;
}

// Behind its size in one byte; less of it when the bytes end before.
std::string_view take_text(std::string_view& in)
{
    std::size_t size = take(in, 1);
    std::string_view text = in.substr(0, size);
    in.remove_prefix(text.size());
    return text;
}

constexpr std::size_t part_head_size = 4;

std::string pack_parts(const std::vector<PartRow>& rows)
{
    std::string out;
    for (const PartRow& row : rows) {
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

constexpr std::size_t step_head_size = 9;
constexpr std::size_t step_text_max = 255;

std::string pack_extra(const message::Submission& submission)
{
    json::object extra;
    if (!submission.source.empty()) extra["source"] = submission.source;
    if (submission.source_type) extra["source_type"] = static_cast<int>(*submission.source_type);
    if (!submission.subject.empty()) extra["subject"] = submission.subject;
    if (submission.scheduled) extra["scheduled"] = submission.scheduled->time_since_epoch().count();
    if (!submission.media.empty()) extra["media"] = json::value_from(submission.media);
    if (!submission.metadata.empty()) {
        json::object& metadata = extra["metadata"].emplace_object();
        for (const auto& [name, value] : submission.metadata) metadata[name] = value;
    }
    return extra.empty() ? std::string() : json::serialize(extra);
}

std::string text_at(const json::object& object, std::string_view name)
{
    const json::value* value = object.if_contains(name);
    return value ? std::string(value->get_string()) : std::string();
}

std::optional<base::Time> time_at(const json::object& object, std::string_view name)
{
    const json::value* value = object.if_contains(name);
    if (!value) return {};
    return base::Time(std::chrono::milliseconds(value->as_int64()));
}

message::Metadata metadata_in(const json::object& extra)
{
    message::Metadata metadata;
    if (const json::value* found = extra.if_contains("metadata"))
        for (const auto& [name, value] : found->get_object())
            metadata.emplace_back(std::string(name), std::string(value.get_string()));
    return metadata;
}

json::object unpack_extra(std::string_view extra)
{
    return extra.empty() ? json::object()
                         : json::parse(json::string_view(extra.data(), extra.size())).as_object();
}

std::optional<std::string_view> or_null(const std::string& text)
{
    if (text.empty()) return {};
    return text;
}

}  // namespace

PartRow* MessageRow::part_with(std::string_view carrier_id)
{
    for (PartRow& row : parts)
        if (row.part.carrier_id == carrier_id) return &row;
    return nullptr;
}

void add_step(MessageRow& row, const Step& step)
{
    std::string_view what = std::string_view(step.what).substr(0, step_text_max);
    if (row.trace.size() + step_head_size + what.size() > trace_max) return;
    put(row.trace, static_cast<std::uint64_t>(step.at.time_since_epoch().count()), 6);
    put(row.trace, static_cast<std::uint64_t>(step.code), 2);
    put(row.trace, what.size(), 1);
    row.trace += what;
}

std::vector<Step> steps_of(const MessageRow& row)
{
    std::vector<Step> steps;
    for (std::string_view rest = row.trace; rest.size() >= step_head_size;) {
        Step& step = steps.emplace_back();
        step.at = base::Time(std::chrono::milliseconds(take(rest, 6)));
        step.code = static_cast<message::Code>(take(rest, 2));
        step.what = take_text(rest);
    }
    return steps;
}

MessageRow row_of(AccountKey account, const NewMessage& message)
{
    const message::Submission& submission = message.submission;
    MessageRow row;
    row.key = {account, message.id};
    row.progress = {
        .status = message::Status::scheduled, .code = message::Code::none, .told = 0, .changed_at = {}};
    row.priority = message.priority;
    row.format = submission.format;
    row.delivery_report = submission.delivery_report;
    row.destination = submission.destination;
    row.content = submission.content;
    row.converted = message.converted;
    row.callback_url = submission.callback_url;
    row.expiry = submission.expiry;
    row.extra = pack_extra(submission);
    return row;
}

message::Submission submission_of(const MessageRow& row)
{
    json::object extra = unpack_extra(row.extra);
    message::Submission out;
    out.content = row.content;
    out.destination = row.destination;
    out.callback_url = row.callback_url;
    out.format = row.format;
    out.delivery_report = row.delivery_report;
    out.expiry = row.expiry;
    out.source = text_at(extra, "source");
    out.subject = text_at(extra, "subject");
    out.metadata = metadata_in(extra);
    if (const json::value* type = extra.if_contains("source_type"))
        out.source_type = static_cast<message::SourceType>(type->as_int64());
    out.scheduled = time_at(extra, "release");
    if (!out.scheduled) out.scheduled = time_at(extra, "scheduled");
    if (const json::value* media = extra.if_contains("media"))
        out.media = json::value_to<std::vector<std::string>>(*media);
    return out;
}

Outbound outbound_of(const MessageRow& row)
{
    Outbound out;
    out.key = row.key;
    out.priority = row.priority;
    out.format = row.format;
    out.content = row.converted.value_or(row.content);
    out.destination = message::digits_of(row.destination);
    out.sender = row.sender;
    out.sender_type = row.sender_type;
    out.expiry = row.expiry;
    out.refused_by = row.refused_by;
    out.due_since = row.progress.changed_at;
    return out;
}

message::Report report_of(const MessageRow& row, const Account& account)
{
    message::Report report;
    report.message = row.key.id;
    report.code = row.progress.code;
    report.changed_at = row.progress.changed_at;
    report.destination = "+" + message::digits_of(row.destination);
    report.callback_url = row.callback_url;
    report.content = row.content;
    report.account = account.id;
    report.metadata = metadata_of(row.extra);
    if (account.features.has(Feature::billing_units))
        report.billing_units = message::credits_for(row.format, row.converted.value_or(row.content));
    return report;
}

message::Metadata metadata_of(std::string_view extra)
{
    if (extra.find("\"metadata\"") == extra.npos) return {};
    return metadata_in(unpack_extra(extra));
}

std::optional<base::Time> scheduled_in(std::string_view extra)
{
    return time_at(unpack_extra(extra), "scheduled");
}

void set_release(MessageRow& row, base::Time time)
{
    json::object extra = unpack_extra(row.extra);
    if (time == time_at(extra, "scheduled"))
        extra.erase("release");
    else
        extra["release"] = time.time_since_epoch().count();
    row.extra = extra.empty() ? std::string() : json::serialize(extra);
}

bool names_source(std::string_view extra) { return !extra.empty() && unpack_extra(extra).contains("source"); }

MessageRow read_message(const Rows& rows)
{
    MessageRow row;
    row.key = {rows.as<AccountKey>(Column::account), rows.uuid(Column::id)};
    row.progress.status = rows.as<message::Status>(Column::status);
    row.progress.code = rows.as<message::Code>(Column::code);
    row.progress.told = static_cast<std::uint64_t>(rows.integer(Column::told));
    row.progress.changed_at = rows.time(Column::changed_at);
    if (!rows.is_null(Column::queue)) row.queue = rows.as<Queue>(Column::queue);
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

}  // namespace tidings::store::sqlite
