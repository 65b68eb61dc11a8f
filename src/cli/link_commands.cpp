// SPDX-License-Identifier: Apache-2.0
#include "cli/link_commands.hpp"

#include "cli/table.hpp"

namespace tidings::cli {

namespace {

constexpr Field fields[] = {
    {"name", "LINK"},
    {"bound", "BOUND"},
    {"binds", "OF"},
    {"waiting", "WAITING"},
    {"oldest_seconds", "OLDEST S"},
    {"window_in_use", "IN FLIGHT"},
    {"window", "WINDOW"},
    {"rate", "RATE", "no limit"},
    {"submits", "SUBMITS"},
    {"throttled", "THROTTLED"},
    {"refused", "REFUSED"},
    {"doubts", "DOUBTS"},
};

}  // namespace

void LinkCommands::add_to(Command app)
{
    Command link =
        app.add_command("link", "how the links to carriers do; they are made in the configuration");
    link.needs_a_command();
    auto make = [] {
        Action action;
        action.method = "GET";
        action.target = path_of("/links", {});
        action.show = [](const auto& answer) { return table_of(answer, "links", fields); };
        return action;
    };
    leaves_.add_gateway(leaves_.add(link, {"list", "all links, with what waits for each"}, make));
}

}  // namespace tidings::cli
