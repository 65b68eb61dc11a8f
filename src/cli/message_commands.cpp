// SPDX-License-Identifier: Apache-2.0
// Messages: what happened to one, what would become of one, and what the operator decides about those that
// are held.
#include "cli/leaves.hpp"

#include <boost/json.hpp>

namespace tidings::cli {

namespace {

constexpr Field fields[] = {{"account", "ACCOUNT"},
                            {"sender", "SENDER", "the link's own"},
                            {"destination_number", "DESTINATION"},
                            {"status", "STATUS"}};
constexpr Field held_fields[] = {{"message_id", "MESSAGE"},
                                 {"account", "ACCOUNT"},
                                 {"destination_number", "DESTINATION"},
                                 {"since", "SINCE"},
                                 {"why", "WHY"}};
constexpr Field pdu_fields[] = {{"at", "AT"}, {"link", "LINK"}, {"direction", "DIRECTION"}, {"what", "PDU"}};
constexpr Field step_fields[] = {{"at", "AT"}, {"code", "CODE", ""}, {"what", "WHAT"}};

constexpr Field preview_fields[] = {
    {"content", "CONTENT"},   {"converted_content", "CONVERTED", "as it is"},
    {"encoding", "ENCODING"}, {"segments", "SEGMENTS"},
    {"credits", "CREDITS"},   {"source_number", "SENDER", "the link's own"},
    {"hours", "HOURS"},       {"leaves_at", "LEAVES AT"},
    {"link", "LINK"},         {"code", "CODE", "none: it would leave"},
    {"why", "WHY"},
};
constexpr Field replaced_fields[] = {{"at", "AT"}, {"from", "FROM"}, {"to", "TO", "nothing"}};
constexpr Field route_fields[] = {{"route", "ROUTE"}, {"link", "LINK"}, {"why", "WHY"}};

std::string show_preview(const boost::json::value& answer)
{
    const boost::json::value& message = answer.at("messages").at(0);
    std::string out = lines_of(message, preview_fields);
    if (!message.at("replaced").as_array().empty())
        out += "\n" + table_of(message, "replaced", replaced_fields);
    if (!message.at("routes").as_array().empty()) out += "\n" + table_of(message, "routes", route_fields);
    return out;
}

std::string show_trace(const boost::json::value& answer)
{
    boost::json::object head = answer.as_object();
    for (const auto& [name, value] : answer.at("message").as_object()) head[name] = value;
    std::string out = lines_of(head, fields) + "\n" + table_of(answer, "steps", step_fields);
    if (!answer.at("pdus").as_array().empty()) out += "\n" + table_of(answer, "pdus", pdu_fields);
    return out;
}

void add_id(Command leaf, Asked& asked) { asked.argument(leaf, "id", "the message's id").type_name("ID"); }

void add_preview(Command leaf, Asked& asked)
{
    asked.argument(leaf, "number", "the destination").type_name("NUMBER");
    asked.argument(leaf, "content", "the text").type_name("TEXT");
    asked.option(leaf, "account", "the account that sends").type_name("ID").required();
    BodyOptions& body = asked.body;
    body.text(leaf, {"--source", "source_number", "the number or name from which it goes"})
        .type_name("NUMBER");
    body.text(leaf, {"--format", "format", "the format"}).type_name("SMS|MMS|TTS");
    body.text(leaf, {"--scheduled", "scheduled", "when it is to leave"}).type_name("TIME");
    body.text(leaf, {"--expiry", "message_expiry_timestamp", "until when it may leave"}).type_name("TIME");
}

void say_message(Asked& asked)
{
    asked.body.set("destination_number", boost::json::value(asked.word("number")));
    asked.body.set("content", boost::json::value(asked.word("content")));
}

const Leaf leaves[] = {
    {.name = "trace",
     .description = "what happened to a message, step by step",
     .examples = "  tidings message trace 877c19ef-fa2e-4cec-827a-e1df9b5509f7",
     .path = "/messages/{id}/trace",
     .subject = "message {id}",
     .options = add_id,
     .show = show_trace},
    {.name = "preview",
     .description = "what would become of a message; sends nothing",
     .examples = "  tidings message preview +61491570156 \"See you at 8…\" --account shop",
     .method = "POST",
     .path = "/accounts/{account}/preview",
     .subject = "account {account}",
     .options = add_preview,
     .sends = Sends::body,
     .complete = say_message,
     .adjust = [](Action& action, const Asked&) { action.body = R"({"messages":[)" + action.body + "]}"; },
     .show = show_preview},
    {.name = "held",
     .description = "the 100 messages that have waited longest for release or drop",
     .path = "/held_messages",
     .show = table("messages", held_fields)},
    {.name = "release",
     .description = "let a held message go on",
     .method = "POST",
     .path = "/messages/{id}/release",
     .subject = "message {id}",
     .options = add_id,
     .done = "goes on"},
    {.name = "drop",
     .description = "end a held message: it is rejected with code 304",
     .method = "POST",
     .path = "/messages/{id}/drop",
     .subject = "message {id}",
     .options = add_id,
     .done = "is dropped"},
};

}  // namespace

std::span<const Leaf> message_leaves() { return leaves; }

}  // namespace tidings::cli
