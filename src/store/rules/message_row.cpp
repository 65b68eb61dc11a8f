// SPDX-License-Identifier: Apache-2.0
#include "store/rules/message_row.hpp"

#include "message/cost.hpp"
#include "store/rules/packed.hpp"

#include <boost/json.hpp>

namespace tidings::store::rules {

namespace json = boost::json;

namespace {

// Time, code and size of the text, as the head of message_row.hpp has them. The size is one byte.
constexpr std::size_t step_head_size = 9;
constexpr std::size_t step_text_max = 255;

std::string pack_extra(const message::Submission& submission)
{
    json::object extra;
    if (!submission.source.empty()) extra["source"] = submission.source;
    if (!submission.written_source.empty()) extra["written_source"] = submission.written_source;
    if (!submission.written_destination.empty())
        extra["written_destination"] = submission.written_destination;
    if (submission.source_type) extra["source_type"] = static_cast<int>(*submission.source_type);
    if (!submission.subject.empty()) extra["subject"] = submission.subject;
    if (submission.scheduled) extra["scheduled"] = submission.scheduled->time_since_epoch().count();
    if (!submission.media.empty()) extra["media"] = json::value_from(submission.media);
    if (submission.test_outcome) extra["test"] = static_cast<int>(*submission.test_outcome);
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

// In other texts the quotes are escaped, so that few rows are parsed for nothing.
bool is_test_send(const MessageRow& row)
{
    return row.extra.find("\"test\":") != row.extra.npos && unpack_extra(row.extra).contains("test");
}

}  // namespace

const PartRow* MessageRow::part_with(std::string_view carrier_id) const
{
    for (const PartRow& row : parts)
        if (row.part.carrier_id == carrier_id) return &row;
    return nullptr;
}

void add_step(MessageRow& row, const Step& step)
{
    std::string_view what = std::string_view(step.what).substr(0, step_text_max);
    // A carrier that sends receipts without end must not grow the row without end. What comes after that is
    // not noted.
    if (row.trace.size() + step_head_size + what.size() > trace_max) return;
    put(row.trace, static_cast<std::uint64_t>(step.at.time_since_epoch().count()), 6);
    put(row.trace, static_cast<std::uint64_t>(step.code), 2);
    put(row.trace, what.size(), 1);
    row.trace += what;
    row.unsaved.life = true;
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
    // The submitted text, not the converted one: an application sees what it sent.
    out.content = row.content;
    out.destination = row.destination;
    out.callback_url = row.callback_url;
    out.format = row.format;
    out.delivery_report = row.delivery_report;
    out.expiry = row.expiry;
    out.source = text_at(extra, "source");
    out.written_source = text_at(extra, "written_source");
    out.written_destination = text_at(extra, "written_destination");
    out.subject = text_at(extra, "subject");
    out.metadata = metadata_in(extra);
    if (const json::value* type = extra.if_contains("source_type"))
        out.source_type = static_cast<message::SourceType>(type->as_int64());
    if (const json::value* outcome = extra.if_contains("test"))
        out.test_outcome = static_cast<message::TestOutcome>(outcome->as_int64());
    // What the API shows as `scheduled` is when the message really leaves, which the account's hours may have
    // moved.
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
    if (row.format == message::Format::mms) {  // an SMS has neither, and is not to pay for the reading
        message::Submission submission = submission_of(row);
        out.subject = std::move(submission.subject);
        out.media = std::move(submission.media);
    }
    out.destination = message::digits_of(row.destination);
    out.sender = row.sender;
    out.sender_type = row.sender_type;
    out.expiry = row.expiry;
    out.refused_by = row.refused_by;
    out.due_since = row.progress.changed_at;
    out.taken = row.taken;
    return out;
}

message::Report report_of(const MessageRow& row, const Account& account)
{
    message::Report report;
    report.message = row.key.id;
    report.code = row.progress.code;
    report.changed_at = row.progress.changed_at;
    report.destination = message::written(row.destination);
    report.callback_url = row.callback_url;
    report.content = row.content;
    report.account = account.id;
    report.metadata = metadata_of(row.extra);
    if (account.features.has(Feature::billing_units))
        report.billing_units =
            is_test_send(row) ? 0 : message::credits_for(row.format, row.converted.value_or(row.content));
    return report;
}

message::Metadata metadata_of(std::string_view extra)
{
    // Spares most reports and replies the parsing. Only a value that is this very word misleads it, and then
    // metadata_in finds none. In other texts the quotes are escaped.
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
    row.unsaved.extra = true;
}

}  // namespace tidings::store::rules
