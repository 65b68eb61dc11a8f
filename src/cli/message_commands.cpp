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

std::string show_trace(const boost::json::value& answer)
{
    boost::json::object head = answer.as_object();
    for (const auto& [name, value] : answer.at("message").as_object()) head[name] = value;
    std::string out = lines_of(head, fields) + "\n" + table_of(answer, "steps", step_fields);
    if (!answer.at("pdus").as_array().empty()) out += "\n" + table_of(answer, "pdus", pdu_fields);
    return out;
}

}  // namespace

void MessageCommands::add_to(CLI::App& app)
{
    CLI::App* message =
        app.add_subcommand("message", "look into messages, and decide on those that are held");
    message->require_subcommand(1);
    add_trace(*message);
    add_held(*message);
    add_decision(*message, {"release", "let a held message go on"}, "goes on");
    add_decision(*message, {"drop", "end a held message: it is rejected with code 304"}, "is dropped");
}

void MessageCommands::add_id(CLI::App& leaf)
{
    leaf.add_option("id", id_, "the message's id")->type_name("ID")->required();
}

void MessageCommands::add_trace(CLI::App& parent)
{
    auto make = [this] {
        Action action;
        action.method = "GET";
        action.target = path_of("/messages", {id_, "trace"});
        action.subject = "message " + printable(id_);
        action.show = &show_trace;
        return action;
    };
    CLI::App& leaf = leaves_.add(parent,
                                 {"trace", "what happened to a message, step by step",
                                  "  tidings message trace 877c19ef-fa2e-4cec-827a-e1df9b5509f7"},
                                 make);
    add_id(leaf);
    leaves_.add_gateway(leaf);
}

void MessageCommands::add_held(CLI::App& parent)
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

void MessageCommands::add_decision(CLI::App& parent, const LeafText& text, std::string_view done)
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
    CLI::App& leaf = leaves_.add(parent, text, make);
    add_id(leaf);
    leaves_.add_gateway(leaf);
}

}  // namespace tidings::cli
