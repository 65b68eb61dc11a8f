// SPDX-License-Identifier: Apache-2.0
#include "cli/commands.hpp"

#include <cstdio>

namespace tidings::cli {

namespace {

// In the order in which help shows them.
const Noun nouns[] = {
    {"account", "list, show, add, change and remove accounts", account_leaves()},
    {"key", "list, add, change, rotate and remove the keys of an account", key_leaves()},
    {"number", "list, add and remove the numbers from which accounts send", number_leaves()},
    {"route", "list, set, remove and test the routes to links", route_leaves()},
    {"message", "look into messages, sent or not yet, and decide on those that are held", message_leaves()},
    {"link", "how the links to carriers do; they are made in the configuration", link_leaves()},
    {"webhook", "the webhooks of accounts, and what they were told", webhook_leaves(), callback_leaves()},
    {"clock", "the time that the gateway goes by", clock_leaves()},
};

}  // namespace

Commands::Commands(Command app)
{
    for (const Noun& noun : nouns) add_noun(app, noun, {gateway_, asked_, action_});
}

void Commands::run() const { std::fputs(perform(*action_, gateway_).c_str(), stdout); }

}  // namespace tidings::cli
