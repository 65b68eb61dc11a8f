// SPDX-License-Identifier: Apache-2.0
// Which field stands where is what existing clients were built against: the order is that of the vendor's
// answers, and what is empty is left out or null as it is there. Fields of a report are named from the view
// of whoever gets it: its source_number is where the message went to, since that is where the report comes
// from.
#include "wire/message_json.hpp"

#include "base/digest.hpp"
#include "wire/json_text.hpp"

namespace tidings::wire {

namespace {

using message::Attachment;
using message::Metadata;
using message::Reply;
using message::Report;
using message::Submission;

void add_text(JsonObject& object, std::string_view name, std::string_view text)
{
    if (!text.empty()) object.text(name, text);
}

void add_time(JsonObject& object, std::string_view name, std::optional<base::Time> time)
{
    if (time) object.time(name, *time);
}

void add_time_or_null(JsonObject& object, std::string_view name, std::optional<base::Time> time,
                      EchoDates dates)
{
    if (dates == EchoDates::with) object.time_or_null(name, time);
}

void add_metadata(JsonObject& object, const Metadata& metadata)
{
    JsonObject pairs(object.value("metadata"));
    for (const auto& [key, value] : metadata) pairs.member(key, value);
}

// Applications look for what they wrote.
const std::string& as_written(const std::string& number, const std::string& written)
{
    return written.empty() ? number : written;
}

void add_media(JsonObject& object, const std::vector<std::string>& media)
{
    if (!media.empty()) object.texts("media", media);
}

void add_media_or_null(JsonObject& object, const std::vector<std::string>& media)
{
    if (media.empty())
        object.null("media");
    else
        object.texts("media", media);
}

void add_metadata_or_null(JsonObject& object, const Metadata& metadata)
{
    if (metadata.empty())
        object.null("metadata");
    else
        add_metadata(object, metadata);
}

void add_source_type(JsonObject& object, const Submission& submission)
{
    if (submission.source_type) object.text("source_number_type", name(*submission.source_type));
}

// Lists of the service have the field always, its callbacks only where there is a URL.
void add_callback_url(JsonObject& object, std::string_view url, Place place)
{
    if (!url.empty())
        object.text("callback_url", url);
    else if (place == Place::list)
        object.null("callback_url");
}

void add_account(JsonObject& object, std::string_view vendor_id, std::string_view account)
{
    JsonObject ids(object.value("vendor_account_id"));
    ids.text("vendor_id", vendor_id);
    ids.text("account_id", account);
}

void add_attachments(JsonObject& object, const std::vector<Attachment>& attachments)
{
    if (attachments.empty()) return;
    object.list("attachments", attachments, [](std::string& out, const Attachment& attachment) {
        JsonObject fields(out);
        fields.text("content_type", attachment.content_type);
        fields.text("content", base::to_base64(attachment.content));
        fields.text("original_name", attachment.original_name);
    });
}

}  // namespace

// The order and the defaults are those of the service, to the letter: clients have compared them. What was
// not given is null: clients read these fields unguarded, and one that fails here sends again what was
// accepted. message_flags and rich_link are of the service alone; here no message has them.
void append_echo(std::string& out, const Submission& submission, const base::Uuid& id, EchoDates dates)
{
    JsonObject object(out);
    object.text_or_null("callback_url", submission.callback_url);
    object.text("content", submission.content);
    object.boolean("delivery_report", submission.delivery_report);
    object.text("destination_number", as_written(submission.destination, submission.written_destination));
    object.text("format", name(submission.format));
    add_media_or_null(object, submission.media);
    add_time_or_null(object, "message_expiry_timestamp", submission.expiry, dates);
    object.value("message_flags") += "[]";
    object.id("message_id", id);
    add_metadata_or_null(object, submission.metadata);
    object.null("rich_link");
    add_time_or_null(object, "scheduled", submission.scheduled, dates);
    object.text_or_null("source_number", as_written(submission.source, submission.written_source));
    add_source_type(object, submission);
    object.text("status", "queued");
    object.text_or_null("subject", submission.subject);
}

void append_message(std::string& out, const Submission& submission, const base::Uuid& id,
                    message::Status status)
{
    JsonObject object(out);
    object.text("format", name(submission.format));
    object.text("content", submission.content);
    if (!submission.metadata.empty()) add_metadata(object, submission.metadata);
    object.id("message_id", id);
    add_text(object, "callback_url", submission.callback_url);
    object.boolean("delivery_report", submission.delivery_report);
    object.text("destination_number", as_written(submission.destination, submission.written_destination));
    add_time(object, "scheduled", submission.scheduled);
    add_text(object, "source_number", as_written(submission.source, submission.written_source));
    add_source_type(object, submission);
    add_time(object, "message_expiry_timestamp", submission.expiry);
    object.text("status", name(status));
    add_media(object, submission.media);
    add_text(object, "subject", submission.subject);
}

void append_report(std::string& out, const Report& report, Place place, std::string_view vendor_id)
{
    JsonObject object(out);
    add_account(object, vendor_id, report.account);
    add_callback_url(object, report.callback_url, place);
    object.id("delivery_report_id", report.id);
    object.text("source_number", report.destination);
    object.time("date_received", report.created_at);
    object.text("status", name(message::status_of(report.code)));
    if (place == Place::callback_2026)
        object.text("delay", "0");
    else
        object.number("delay", 0);
    if (report.billing_units) object.number("billing_units", *report.billing_units);
    object.time("submitted_date", report.changed_at);
    object.text("original_text", report.content);
    object.id("message_id", report.message);
    object.text("error_code", message::text_of(report.code));
    add_metadata(object, report.metadata);
}

void append_reply(std::string& out, const Reply& reply, Place place, std::string_view vendor_id)
{
    JsonObject object(out);
    add_callback_url(object, reply.callback_url, place);
    object.text("source_number", reply.source);
    add_text(object, "destination_number", reply.destination);
    if (reply.message) object.id("message_id", *reply.message);
    object.time("date_received", reply.received_at);
    add_metadata(object, reply.metadata);
    object.id("reply_id", reply.id);
    bool is_of_2026 = place == Place::callback_2026;
    if (is_of_2026)
        object.text("account_id", reply.account);
    else
        add_account(object, vendor_id, reply.account);
    if (!is_of_2026 || reply.attachments.empty()) object.text("content", reply.content);
    // Not in lists: a hundred replies with files would be an answer of hundreds of megabytes.
    if (place != Place::list) add_attachments(object, reply.attachments);
}

}  // namespace tidings::wire
