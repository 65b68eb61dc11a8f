// SPDX-License-Identifier: Apache-2.0
#include "cli/message_commands.hpp"

#include "cli/table.hpp"

namespace tidings::cli {

namespace {

constexpr Field head_fields[] = {{"account", "ACCOUNT"}, {"sender", "SENDER", "the link's own"}};
constexpr Field message_fields[] = {{"destination_number", "DESTINATION"}, {"status", "STATUS"}};
constexpr Field step_fields[] = {{"at", "AT"}, {"code", "CODE", ""}, {"what", "WHAT"}};

std::string show_trace(const boost::json::value& answer)
{
    return lines_of(answer, head_fields) + lines_of(answer.at("message"), message_fields) + "\n" +
           table_of(answer, "steps", step_fields);
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
