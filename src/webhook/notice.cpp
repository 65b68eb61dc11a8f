// SPDX-License-Identifier: Apache-2.0
// What a webhook is told, in two forms. A template gets variables, with the names of the vendor's
// documentation: the older ones (mtId, moContent, drId) stand beside the newer (messageId, replyContent,
// reportId), since templates of both times are in use. Without a template there is a default body. It is
// made as JSON, exactly as the lists and callbacks of the API have it; as a form or as XML it is that JSON
// written anew, so that the three never differ in what they say:
//
//     {"metadata":{"k":"v"},"delay":0}
//     metadata.k=v&delay=0
//     <metadata><entry key="k">v</entry></metadata><delay>0</delay>
#include "webhook/notice.hpp"

#include "wire/json_text.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <cstdlib>

namespace tidings::webhook {

namespace {

using message::Event;
using message::Reply;
using message::Report;

// Of a default body as JSON: the names of all its fields, ids, times and numbers; and of a pair of metadata.
constexpr std::size_t names_and_marks = 600, pair_marks = 6;

void add_text(Variables& variables, std::string_view name, std::string_view text)
{
    if (!text.empty()) variables.push_back({name, text});
}

void add_report(Variables& variables, const Report& report)
{
    std::string id = report.id.text(), message = report.message.text();
    variables.push_back({"drId", id});
    variables.push_back({"reportId", std::move(id)});
    variables.push_back({"mtId", message});
    variables.push_back({"messageId", std::move(message)});
    variables.push_back({"submittedTimestamp", base::to_iso(report.changed_at)});
    variables.push_back({"receivedTimestamp", base::to_iso(report.created_at)});
    variables.push_back({"status", message::name(status_of(report.code))});
    variables.push_back({"statusCode", message::text_of(report.code)});
    variables.push_back({"accountId", std::string_view(report.account)});
    // The handset, as in replies: a report comes from where its message went.
    variables.push_back({"sourceAddress", std::string_view(report.destination)});
    variables.push_back({"mtContent", std::string_view(report.content)});
    variables.push_back({"messageContent", std::string_view(report.content)});
    variables.push_back({"metadata", &report.metadata});
    if (report.billing_units) variables.push_back({"billingUnits", *report.billing_units});
}

// An opt-out has an id of its own name, as the vendor has it; what stems from the original message is there
// if one was found.
void add_reply(Variables& variables, const Reply& reply, const Notice& notice)
{
    std::string id = reply.id.text();
    if (notice.event == Event::opt_out_sms) {
        variables.push_back({"notificationId", std::move(id)});
    } else {
        variables.push_back({"moId", id});
        variables.push_back({"replyId", std::move(id)});
    }
    if (reply.message) {
        variables.push_back({"mtId", reply.message->text()});
        variables.push_back({"messageId", reply.message->text()});
        variables.push_back({"submittedTimestamp", base::to_iso(reply.message->time())});
    }
    variables.push_back({"receivedTimestamp", base::to_iso(reply.received_at)});
    variables.push_back({"accountId", std::string_view(reply.account)});
    variables.push_back({"sourceAddress", std::string_view(reply.source)});
    add_text(variables, "destinationAddress", reply.destination);
    variables.push_back({"moContent", std::string_view(reply.content)});
    variables.push_back({"replyContent", std::string_view(reply.content)});
    add_text(variables, "mtContent", notice.original_content);
    add_text(variables, "messageContent", notice.original_content);
    variables.push_back({"metadata", &reply.metadata});
    if (!reply.attachments.empty()) variables.push_back({"attachments", &reply.attachments});
}

void append_opt_out(std::string& out, const Reply& reply)
{
    wire::JsonObject object(out);
    object.id("notification_id", reply.id);
    object.text("account_id", reply.account);
    if (!reply.destination.empty()) object.text("destination_number", reply.destination);
    object.text("source_number", reply.source);
    object.time("date_received", reply.received_at);
    if (reply.message) object.id("message_id", *reply.message);
    object.text("content", reply.content);
    wire::JsonObject pairs(object.value("metadata"));
    for (const auto& [key, value] : reply.metadata) pairs.member(key, value);
}

// What the body will take, if nothing needs an escape: it is reserved at once.
std::size_t expected_size(const Notice& notice)
{
    auto of = [](const auto& about) {
        std::size_t size = about.content.size() + about.callback_url.size() + about.account.size();
        for (const auto& [key, value] : about.metadata) size += key.size() + value.size() + pair_marks;
        return size;
    };
    auto report = std::get_if<const Report*>(&notice.about);
    return names_and_marks + notice.vendor_id.size() +
           (report ? of(**report) : of(*std::get<const Reply*>(notice.about)));
}

std::string json_body(const Notice& notice)
{
    std::string body;
    body.reserve(expected_size(notice));
    if (auto report = std::get_if<const Report*>(&notice.about))
        wire::append_report(body, **report, notice.place, notice.vendor_id);
    else if (notice.event == Event::opt_out_sms)
        append_opt_out(body, *std::get<const Reply*>(notice.about));
    else
        wire::append_reply(body, *std::get<const Reply*>(notice.about), notice.place, notice.vendor_id);
    return body;
}

// A text or a number as text.
std::string_view plain_text(const boost::json::value& value, std::string& number)
{
    if (value.is_string()) return value.get_string();
    number = boost::json::serialize(value);
    return number;
}

// Paths into the object become names, with dots between and places of a list as numbers.
void append_form(std::string& out, const std::string& path, const boost::json::value& value)
{
    auto below = [&](std::string_view name) {
        return path.empty() ? std::string(name) : path + "." + std::string(name);
    };
    if (value.is_object()) {
        for (const auto& [name, field] : value.get_object()) append_form(out, below(name), field);
    } else if (value.is_array()) {
        std::size_t place = 0;
        for (const auto& item : value.get_array()) append_form(out, below(std::to_string(place++)), item);
    } else {
        std::string number;
        if (!out.empty()) out += '&';
        // Names are encoded as values are: keys of metadata may be any text.
        append_percent_encoded(out, path);
        out += '=';
        append_percent_encoded(out, plain_text(value, number));
    }
}

void append_xml(std::string& out, std::string_view name, const boost::json::value& value);

// Keys of metadata are any text, which names of elements are not.
void append_entries(std::string& out, const boost::json::object& metadata)
{
    for (const auto& [key, value] : metadata) {
        out += "<entry key=\"";
        append_xml_escaped(out, key);
        out += "\">";
        append_xml_escaped(out, value.get_string());
        out += "</entry>";
    }
}

void append_xml(std::string& out, std::string_view name, const boost::json::value& value)
{
    out.append("<").append(name).append(">");
    std::string number;
    if (name == "metadata") {
        append_entries(out, value.get_object());
    } else if (value.is_object()) {
        for (const auto& [field, it] : value.get_object()) append_xml(out, field, it);
    } else if (value.is_array()) {
        for (const auto& item : value.get_array()) append_xml(out, "attachment", item);
    } else {
        append_xml_escaped(out, plain_text(value, number));
    }
    out.append("</").append(name).append(">");
}

std::string_view root_name(const Notice& notice)
{
    if (std::holds_alternative<const Report*>(notice.about)) return "delivery_report";
    return notice.event == Event::opt_out_sms ? "opt_out" : "reply";
}

}  // namespace

Variables variables_of(const Notice& notice)
{
    Variables variables{{"format", message::name(notice.format)},
                        {"type", message::name(notice.format)},
                        {"vendorId", notice.vendor_id},
                        {"retryCount", std::int64_t{notice.retry_count}},
                        {"esc", Escapes{}}};
    if (auto report = std::get_if<const Report*>(&notice.about))
        add_report(variables, **report);
    else
        add_reply(variables, *std::get<const Reply*>(notice.about), notice);
    return variables;
}

std::string default_body(const Notice& notice, message::Encoding encoding)
{
    std::string json = json_body(notice);
    std::string out;
    switch (encoding) {
    case message::Encoding::json: return json;
    // Parsed again from what was just written. That costs some microseconds, and keeps the three forms from
    // drifting apart.
    case message::Encoding::form: append_form(out, "", boost::json::parse(json)); return out;
    case message::Encoding::xml:
        out = R"(<?xml version="1.0" encoding="UTF-8"?>)";
        append_xml(out, root_name(notice), boost::json::parse(json));
        return out;
    }
    std::abort();
}

}  // namespace tidings::webhook
