// SPDX-License-Identifier: Apache-2.0
// The commands that administer a running gateway: tidings account|key|number|route|link|message|
// webhook|clock.
#pragma once

#include "cli/leaves.hpp"

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
    Asked asked_;
    std::optional<Action> action_;
};

}  // namespace tidings::cli
