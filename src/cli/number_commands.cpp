// SPDX-License-Identifier: Apache-2.0
#include "cli/number_commands.hpp"

#include "cli/table.hpp"

namespace tidings::cli {

namespace {

constexpr std::string_view root = "/numbers";

constexpr Field fields[] = {{"number", "NUMBER"}, {"account", "ACCOUNT"}, {"pool", "POOL"}};
constexpr Field reply_fields[] = {
    {"date_received", "RECEIVED"}, {"link", "LINK"},       {"source_number", "FROM"},
    {"destination_number", "TO"},  {"content", "CONTENT"},
};

}  // namespace

void NumberCommands::add_to(Command app)
{
    Command number = app.add_command("number", "list, add and remove the numbers from which accounts send");
    number.needs_a_command();
    add_list(number);
    add_add(number);
    add_remove(number);
    add_unmatched(number);
}

void NumberCommands::add_number(Command leaf)
{
    leaf.add_option("number", number_, "E.164 with its +, a short code, or an alphanumeric name")
        .type_name("NUMBER")
        .required();
}

void NumberCommands::add_list(Command parent)
{
    auto make = [] {
        Action action;
        action.method = "GET";
        action.target = path_of(root, {});
        action.show = [](const auto& answer) { return table_of(answer, "numbers", fields); };
        return action;
    };
    leaves_.add_gateway(leaves_.add(parent, {"list", "all numbers and whose they are"}, make));
}

void NumberCommands::add_add(Command parent)
{
    auto make = [this] {
        if (account_.empty() && !pool_)
            throw UsageError("number add: say whose it is: --account ID or --pool");
        BodyOptions body;
        body.set("number", boost::json::value(number_));
        if (pool_)
            body.set("pool", true);
        else
            body.set("account", boost::json::value(account_));
        Action action;
        action.method = "POST";
        action.target = path_of(root, {});
        action.body = body.json();
        action.subject = "number " + printable(number_);
        action.show = [](const auto& answer) { return lines_of(answer, fields); };
        return action;
    };
    Command leaf = leaves_.add(parent,
                               {"add", "give a number to an account or to the pool that all share",
                                "  tidings number add +61491570150 --account shop\n"
                                "  tidings number add +61491570151 --pool\n"
                                "  tidings number add Bakery --account shop"},
                               make);
    add_number(leaf);
    Option account = leaf.add_option("--account", account_, "whose it is").type_name("ID");
    leaf.add_flag("--pool", pool_, "all accounts may send from it").excludes(account);
    leaves_.add_gateway(leaf);
}

void NumberCommands::add_remove(Command parent)
{
    auto make = [this] {
        Action action;
        action.method = "DELETE";
        action.target = path_of(root, {number_});
        action.subject = "number " + printable(number_);
        if (!account_.empty()) {
            action.target += "?account=" + encoded(account_);
            action.subject += " of account " + printable(account_);
        }
        action.show = [subject = action.subject](const auto&) { return subject + " is removed\n"; };
        return action;
    };
    Command leaf = leaves_.add(parent,
                               {"remove", "take a number away from its account or from the pool",
                                "  tidings number remove +61491570150\n"
                                "  tidings number remove Bakery --account shop"},
                               make);
    add_number(leaf);
    leaf.add_option("--account", account_, "whose it is; needed for a name that several accounts have")
        .type_name("ID");
    leaves_.add_gateway(leaf);
}

void NumberCommands::add_unmatched(Command parent)
{
    auto make = [] {
        Action action;
        action.method = "GET";
        action.target = path_of("/unmatched_replies", {});
        action.show = [](const auto& answer) { return table_of(answer, "unmatched_replies", reply_fields); };
        return action;
    };
    leaves_.add_gateway(
        leaves_.add(parent, {"unmatched", "the newest replies to numbers that belong to nobody"}, make));
}

}  // namespace tidings::cli
