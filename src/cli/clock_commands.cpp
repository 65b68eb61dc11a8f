// SPDX-License-Identifier: Apache-2.0
#include "cli/clock_commands.hpp"

#include "cli/table.hpp"

namespace tidings::cli {

namespace {

constexpr Field fields[] = {
    {"time", "TIME"},
    {"doubted", "DOUBTED"},
    {"jumped_seconds", "JUMPED S"},
    {"believed_in_seconds", "BELIEVED IN S"},
};

Action action_of(std::string_view method, std::string target)
{
    Action action;
    action.method = method;
    action.target = std::move(target);
    action.show = [](const auto& answer) { return lines_of(answer, fields); };
    return action;
}

}  // namespace

void ClockCommands::add_to(Command app)
{
    Command clock = app.add_command("clock", "the time that the gateway goes by");
    clock.needs_a_command();
    LeafText show{"show", "that time, and whether the machine's clock shows another one, which is doubted"};
    leaves_.add_gateway(leaves_.add(clock, show, [] { return action_of("GET", path_of("/clock", {})); }));
    LeafText confirm{"confirm", "the machine's clock is right, though it jumped by more than a day"};
    leaves_.add_gateway(
        leaves_.add(clock, confirm, [] { return action_of("POST", path_of("/clock", {"confirm"})); }));
}

}  // namespace tidings::cli
