// SPDX-License-Identifier: Apache-2.0
// The fields of each type, by their names in the API; for a Reader, a Writer or both.
#pragma once

#include "json.hpp"

namespace tidings::detail {

template <class M, class T>
concept Fields = std::is_same_v<std::remove_const_t<M>, T>;

// What an application may set.
template <class Visitor, class M>
void request_fields(Visitor& visit, M& message)
{
    visit("content", message.content);
    visit("destination_number", message.destination_number);
    visit("source_number", message.source_number);
    visit("source_number_type", message.source_number_type);
    visit("format", message.format);
    visit("media", message.media);
    visit("subject", message.subject);
    visit("delivery_report", message.delivery_report);
    visit("callback_url", message.callback_url);
    visit("metadata", message.metadata);
    visit("scheduled", message.scheduled);
    visit("message_expiry_timestamp", message.message_expiry_timestamp);
}

template <class Visitor, Fields<Message> M>
void all_fields(Visitor& visit, M& message)
{
    request_fields(visit, message);
    visit("message_id", message.message_id);
    visit("status", message.status);
}

template <class Visitor, Fields<Preview> P>
void all_fields(Visitor& visit, P& preview)
{
    visit("content", preview.content);
    visit("converted_content", preview.converted_content);
    visit("encoding", preview.encoding);
    visit("segments", preview.segments);
    visit("credits", preview.credits);
    visit("source_number", preview.source_number);
    visit("leaves_at", preview.leaves_at);
    visit("code", preview.code);
    visit("why", preview.why);
}

template <class Visitor, Fields<Reply> R>
void all_fields(Visitor& visit, R& reply)
{
    visit("reply_id", reply.reply_id);
    visit("message_id", reply.message_id);
    visit("content", reply.content);
    visit("source_number", reply.source_number);
    visit("destination_number", reply.destination_number);
    visit("date_received", reply.date_received);
    visit("metadata", reply.metadata);
    visit("callback_url", reply.callback_url);
    visit("account_id", reply.account_id);
}

template <class Visitor, Fields<DeliveryReport> R>
void all_fields(Visitor& visit, R& report)
{
    visit("delivery_report_id", report.delivery_report_id);
    visit("message_id", report.message_id);
    visit("status", report.status);
    visit("error_code", report.error_code);
    visit("source_number", report.source_number);
    visit("original_text", report.original_text);
    visit("date_received", report.date_received);
    visit("submitted_date", report.submitted_date);
    visit("billing_units", report.billing_units);
    visit("metadata", report.metadata);
    visit("callback_url", report.callback_url);
    visit("account_id", report.account_id);
}

template <class Visitor, Fields<Credits> C>
void all_fields(Visitor& visit, C& credits)
{
    visit("remaining_credits", credits.remaining);
    visit("expiry_date", credits.expiry_date);
}

// What stands elsewhere, too.
template <class T>
void read_more(Reader& read, T& made)
{
    if constexpr (requires { made.account_id; }) {
        json::object vendor;
        read("vendor_account_id", vendor);
        if (const json::value* id = vendor.if_contains("account_id")) detail::read(*id, made.account_id);
    }
    if constexpr (std::is_same_v<T, Message>) {
        // Of the hosted service; Tidings answers to a send with both, and has nothing to say in them.
        read.drop_empty("message_flags");
        read.drop_empty("rich_link");
    }
    if constexpr (std::is_same_v<T, Credits>) {
        std::optional<std::int64_t> older_name;
        read("credits", older_name);
        if (!made.remaining) made.remaining = older_name;
    }
}

}  // namespace tidings::detail
