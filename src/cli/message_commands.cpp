// SPDX-License-Identifier: Apache-2.0
#include "cli/message_commands.hpp"

#include "cli/table.hpp"

#include <boost/json.hpp>

namespace tidings::cli {

namespace {

constexpr Field fields[] = {{"account", "ACCOUNT"},
                            {"sender", "SENDER", "the link's own"},
                            {"destination_number", "DESTINATION"},
                            {"status", "STATUS"}};
constexpr Field step_fields[] = {{"at", "AT"}, {"code", "CODE", ""}, {"what", "WHAT"}};

std::string show_trace(const boost::json::value& answer)
{
    boost::json::object head = answer.as_object();
    for (const auto& [name, value] : answer.at("message").as_object()) head[name] = value;
    return lines_of(head, fields) + "\n" + table_of(answer, "steps", step_fields);
}

}  // namespace

void MessageCommands::add_to(CLI::App& app)
{
    CLI::App* message = app.add_subcommand("message", "look into a message");
    message->require_subcommand(1);
    auto make = [this] {
        Action action;
        action.method = "GET";
        action.target = path_of("/messages", {id_, "trace"});
        action.subject = "message " + printable(id_);
        action.show = &show_trace;
        return action;
    };
    CLI::App& leaf = leaves_.add(*message,
                                 {"trace", "what happened to a message, step by step",
                                  "  tidings message trace 877c19ef-fa2e-4cec-827a-e1df9b5509f7"},
                                 make);
    leaf.add_option("id", id_, "the message's id")->type_name("ID")->required();
    leaves_.add_gateway(leaf);
}

}  // namespace tidings::cli
