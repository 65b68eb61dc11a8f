// SPDX-License-Identifier: Apache-2.0
// Source addresses. Whoever adds one says whose it is; whoever removes a name that several accounts have,
// too.
#include "cli/leaves.hpp"

namespace tidings::cli {

namespace {

constexpr Field fields[] = {{"number", "NUMBER"}, {"account", "ACCOUNT"}, {"pool", "POOL"}};
constexpr Field reply_fields[] = {
    {"date_received", "RECEIVED"}, {"link", "LINK"},       {"source_number", "FROM"},
    {"destination_number", "TO"},  {"content", "CONTENT"},
};

void add_number(Command leaf, Asked& asked)
{
    asked.argument(leaf, "number", "E.164 with its +, a short code, or an alphanumeric name")
        .type_name("NUMBER");
}

void add_owner(Command leaf, Asked& asked)
{
    add_number(leaf, asked);
    Option account = asked.option(leaf, "account", "whose it is").type_name("ID");
    auto share = [&asked] { asked.words["pool"] = "yes"; };
    leaf.take_flag("--pool", share, "all accounts may send from it").excludes(account);
}

void add_account(Command leaf, Asked& asked)
{
    add_number(leaf, asked);
    asked.option(leaf, "account", "whose it is; needed for a name that several accounts have")
        .type_name("ID");
}

void say_owner(Asked& asked)
{
    bool is_shared = !asked.word("pool").empty();
    if (asked.word("account").empty() && !is_shared)
        throw UsageError("number add: say whose it is: --account ID or --pool");
    asked.body.set("number", boost::json::value(asked.word("number")));
    if (is_shared)
        asked.body.set("pool", true);
    else
        asked.body.set("account", boost::json::value(asked.word("account")));
}

constexpr std::string_view of_account[] = {"account"};

const Leaf leaves[] = {
    {.name = "list",
     .description = "all numbers and whose they are",
     .path = "/numbers",
     .show = table("numbers", fields)},
    {.name = "add",
     .description = "give a number to an account or to the pool that all share",
     .examples = "  tidings number add +61491570150 --account shop\n"
                 "  tidings number add +61491570151 --pool\n"
                 "  tidings number add Bakery --account shop",
     .method = "POST",
     .path = "/numbers",
     .subject = "number {number}",
     .options = add_owner,
     .sends = Sends::body,
     .complete = say_owner,
     .show = lines(fields)},
    {.name = "remove",
     .description = "take a number away from its account or from the pool",
     .examples = "  tidings number remove +61491570150\n"
                 "  tidings number remove Bakery --account shop",
     .method = "DELETE",
     .path = "/numbers/{number}",
     .query = of_account,
     .subject = "number {number}[ of account {account}]",
     .options = add_account,
     .done = "is removed"},
    {.name = "unmatched",
     .description = "the newest replies to numbers that belong to nobody",
     .path = "/unmatched_replies",
     .show = table("unmatched_replies", reply_fields)},
};

}  // namespace

std::span<const Leaf> number_leaves() { return leaves; }

}  // namespace tidings::cli
