// SPDX-License-Identifier: Apache-2.0
// The commands that administer a running gateway: tidings account|key|number|route|link|message|
// webhook|clock.
#pragma once

#include "cli/account_commands.hpp"
#include "cli/callback_commands.hpp"
#include "cli/clock_commands.hpp"
#include "cli/gateway.hpp"
#include "cli/key_commands.hpp"
#include "cli/link_commands.hpp"
#include "cli/message_commands.hpp"
#include "cli/number_commands.hpp"
#include "cli/route_commands.hpp"
#include "cli/webhook_commands.hpp"

#include <optional>

namespace tidings::cli {

class Commands {
public:
    // Adds the commands. `app` may be parsed as long as this lives.
    explicit Commands(Command app);
    Commands(const Commands&) = delete;
    Commands& operator=(const Commands&) = delete;

    // What the parsed command line asks for; nothing: it was none of these commands.
    const std::optional<Action>& action() const { return action_; }
    const GatewayOptions& gateway() const { return gateway_; }
    // Does it and prints. Throws a sentence.
    void run() const;

private:
    GatewayOptions gateway_;
    std::optional<Action> action_;
    Leaves leaves_{gateway_, action_};
    AccountCommands account_{leaves_};
    KeyCommands key_{leaves_};
    NumberCommands number_{leaves_};
    RouteCommands route_{leaves_};
    MessageCommands message_{leaves_};
    LinkCommands link_{leaves_};
    WebhookCommands webhook_{leaves_};
    CallbackCommands callback_{leaves_};
    ClockCommands clock_{leaves_};
};

}  // namespace tidings::cli
