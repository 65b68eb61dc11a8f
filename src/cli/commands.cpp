// SPDX-License-Identifier: Apache-2.0
#include "cli/commands.hpp"

#include <cstdio>

namespace tidings::cli {

Commands::Commands(Command app)
{
    account_.add_to(app);
    key_.add_to(app);
    number_.add_to(app);
    route_.add_to(app);
    message_.add_to(app);
    link_.add_to(app);
    Command webhook = app.add_command("webhook", "the webhooks of accounts, and what they were told");
    webhook.needs_a_command();
    webhook_.add_to(webhook);
    callback_.add_to(webhook);
    clock_.add_to(app);
}

void Commands::run() const { std::fputs(perform(*action_, gateway_).c_str(), stdout); }

}  // namespace tidings::cli
