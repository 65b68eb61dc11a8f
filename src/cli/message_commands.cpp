// SPDX-License-Identifier: Apache-2.0
#include "cli/message_commands.hpp"

#include "cli/table.hpp"

#include <fmt/format.h>
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

}  // namespace

void MessageCommands::add_to(Command app)
{
    Command message =
        app.add_command("message", "look into messages, sent or not yet, and decide on those that are held");
    message.needs_a_command();
    add_trace(message);
    add_preview(message);
    add_held(message);
    add_decision(message, {"release", "let a held message go on"}, "goes on");
    add_decision(message, {"drop", "end a held message: it is rejected with code 304"}, "is dropped");
}

void MessageCommands::add_id(Command leaf)
{
    leaf.add_option("id", id_, "the message's id").type_name("ID").required();
}

void MessageCommands::add_trace(Command parent)
{
    auto make = [this] {
        Action action;
        action.method = "GET";
        action.target = path_of("/messages", {id_, "trace"});
        action.subject = "message " + printable(id_);
        action.show = &show_trace;
        return action;
    };
    Command leaf = leaves_.add(parent,
                               {"trace", "what happened to a message, step by step",
                                "  tidings message trace 877c19ef-fa2e-4cec-827a-e1df9b5509f7"},
                               make);
    add_id(leaf);
    leaves_.add_gateway(leaf);
}

void MessageCommands::add_held(Command parent)
{
    auto make = [] {
        Action action;
        action.method = "GET";
        action.target = path_of("/held_messages", {});
        action.show = [](const auto& answer) { return table_of(answer, "messages", held_fields); };
        return action;
    };
    leaves_.add_gateway(
        leaves_.add(parent, {"held", "the 100 messages that have waited longest for release or drop"}, make));
}

void MessageCommands::add_decision(Command parent, const LeafText& text, std::string_view done)
{
    auto make = [this, command = text.name, done] {
        Action action;
        action.method = "POST";
        action.target = path_of("/messages", {id_, command});
        action.subject = "message " + printable(id_);
        action.show = [subject = action.subject, done](const auto&) {
            return fmt::format("{} {}\n", subject, done);
        };
        return action;
    };
    Command leaf = leaves_.add(parent, text, make);
    add_id(leaf);
    leaves_.add_gateway(leaf);
}

void MessageCommands::add_preview(Command parent)
{
    auto make = [this] {
        body_.set("destination_number", boost::json::value(number_));
        body_.set("content", boost::json::value(content_));
        Action action;
        action.method = "POST";
        action.target = path_of("/accounts", {account_, "preview"});
        action.body = R"({"messages":[)" + body_.json() + "]}";
        action.subject = "account " + printable(account_);
        action.show = &show_preview;
        return action;
    };
    Command leaf = leaves_.add(parent,
                               {"preview", "what would become of a message; sends nothing",
                                "  tidings message preview +61491570156 \"See you at 8…\" --account shop"},
                               make);
    leaf.add_option("number", number_, "the destination").type_name("NUMBER").required();
    leaf.add_option("content", content_, "the text").type_name("TEXT").required();
    leaf.add_option("--account", account_, "the account that sends").type_name("ID").required();
    body_.text(leaf, {"--source", "source_number", "the number or name from which it goes"})
        .type_name("NUMBER");
    body_.text(leaf, {"--format", "format", "the format"}).type_name("SMS|MMS|TTS");
    body_.text(leaf, {"--scheduled", "scheduled", "when it is to leave"}).type_name("TIME");
    body_.text(leaf, {"--expiry", "message_expiry_timestamp", "until when it may leave"}).type_name("TIME");
    leaves_.add_gateway(leaf);
}

}  // namespace tidings::cli
