// SPDX-License-Identifier: Apache-2.0
#include "cli/account_commands.hpp"

#include "cli/table.hpp"

#include <fmt/format.h>

namespace tidings::cli {

namespace {

constexpr std::string_view root = "/accounts";

constexpr Field columns[] = {
    {"id", "ID"},
    {"parent", "PARENT"},
    {"default_source", "DEFAULT SOURCE"},
    {"unregistered_source", "UNREGISTERED"},
    {"features", "FEATURES"},
    {"requests_per_second", "REQUESTS/S"},
    {"messages_per_second", "MESSAGES/S"},
    {"priority", "PRIORITY"},
    {"credits", "CREDITS", "unlimited"},
};
constexpr Field fields[] = {
    {"id", ""},
    {"parent", ""},
    {"default_source", ""},
    {"unregistered_source", ""},
    {"features", ""},
    {"requests_per_second", ""},
    {"messages_per_second", ""},
    {"priority", ""},
    {"duplicate_window_s", ""},
    {"opt_out_confirmation", ""},
    {"daily_cap", ""},
    {"monthly_cap", ""},
    {"blocked_sources", ""},
    {"drop_patterns", ""},
    {"hold_patterns", ""},
    {"converter", ""},
    {"hours", ""},
    {"zone", ""},
    {"send_both", ""},
    {"credits", "", "unlimited"},
};
const std::map<std::string, std::string> duplicate_windows = {{"off", "0"}, {"on", "24h"}};
constexpr Field suspected[] = {
    {"account", "ACCOUNT"},
    {"source_number", "FROM"},
    {"date_received", "RECEIVED"},
    {"content", "CONTENT"},
};
constexpr Field balance[] = {{"credits", "CREDITS", "unlimited"}};

std::string show_account(const boost::json::value& answer) { return lines_of(answer, fields); }

}  // namespace

void AccountCommands::add_to(Command app)
{
    Command account = app.add_command("account", "list, show, add, change and remove accounts");
    account.needs_a_command();
    add_list(account);
    add_show(account);
    add_add(account);
    add_set(account);
    add_remove(account);
    add_credits(account);
    add_suspected(account);
}

void AccountCommands::add_id(Command leaf)
{
    leaf.add_option("account", id_, "the account's id").type_name("ID").required();
}

void AccountCommands::add_rules(Command leaf)
{
    body_
        .text(leaf, {"--default-source", "default_source",
                     "number or name from which messages go that name none; \"\": none"})
        .type_name("NUMBER");
    body_
        .text(leaf, {"--unregistered-source", "unregistered_source",
                     "what becomes of messages from sources that are not the account's"})
        .type_name("reject|substitute|allow")
        .one_of({"reject", "substitute", "allow"});
    body_.on_off(leaf, {"--mms", "features/mms", "whether it may send MMS"});
    body_.on_off(leaf, {"--tts", "features/tts", "whether it may send text to speech"});
    body_.on_off(leaf, {"--inbound-mms", "features/inbound_mms", "whether it gets MMS"});
    body_.on_off(leaf, {"--signature-keys", "features/signature_keys", "whether it may have signature keys"});
    body_.on_off(
        leaf, {"--opt-out", "features/opt_out", "whether a handset that replies STOP gets no more messages"});
    body_
        .text(leaf, {"--opt-out-confirmation", "opt_out_confirmation",
                     "what a handset gets that opts out; \"\": nothing"})
        .type_name("TEXT");
    body_.on_off(leaf, {"--familiar-sender", "features/familiar_sender",
                        "whether a handset always gets its messages from the same number of the pool"});
    body_.on_off(leaf, {"--familiar-source", "features/familiar_source",
                        "whether that number becomes the one that a message names, if it names one"});
    body_.on_off(leaf, {"--billing-units", "features/billing_units", "whether its reports tell the credits"});
    body_.on_off(
        leaf, {"--send-both", "send_both", "whether its webhooks hear of messages with a callback URL, too"});
    body_.number(leaf, {"--requests-per-second", "requests_per_second", "0: no limit"});
    body_.number(leaf, {"--messages-per-second", "messages_per_second", "0: no limit"});
    body_.text(leaf, {"--priority", "priority", "of its messages beside those of others"})
        .type_name("high|normal|low")
        .one_of({"high", "normal", "low"});
    body_
        .duration(leaf, {"--duplicates", "duplicate_window_s",
                         "within what time the same text to the same number is withheld; on: 24h"})
        .words_for(duplicate_windows)
        .type_name("off|on|TIME");
    body_
        .text(leaf, {"--converter", "converter",
                     "write texts in the GSM 7-bit alphabet: all, or those that lose nothing by it"})
        .type_name("off|strict|lossless")
        .one_of({"off", "strict", "lossless"});
    body_
        .text(leaf,
              {"--hours", "hours",
               "let messages leave from 8 to 18 o'clock only, in the account's zone or the recipient's"})
        .type_name("off|account|recipient")
        .one_of({"off", "account", "recipient"});
    body_.text(leaf, {"--zone", "zone", "its time zone, as Australia/Sydney"}).type_name("NAME");
}

void AccountCommands::add_screening(Command leaf)
{
    body_.number(leaf, {"--daily-cap", "daily_cap", "messages in a day of UTC; 0: no cap"});
    body_.number(leaf, {"--monthly-cap", "monthly_cap", "messages in a month of UTC; 0: no cap"});
    body_
        .texts(leaf, {"--blocked-source", "blocked_sources",
                      "it may not send from there; repeat for more, \"\": none"})
        .type_name("NUMBER");
    body_
        .texts(leaf,
               {"--drop-pattern", "drop_patterns",
                "words with which a message is dropped, as \"free * prize\"; repeat for more, \"\": none"})
        .type_name("WORDS");
    body_
        .texts(leaf, {"--hold-pattern", "hold_patterns",
                      "words with which a message waits for `message release`; repeat for more, \"\": none"})
        .type_name("WORDS");
}

Action AccountCommands::about(std::string method, std::initializer_list<std::string_view> below) const
{
    Action action;
    action.method = std::move(method);
    action.target = path_of(root, {id_});
    for (std::string_view segment : below) action.target.append("/").append(segment);
    action.subject = "account " + printable(id_);
    action.show = &show_account;
    return action;
}

void AccountCommands::add_list(Command parent)
{
    auto make = [] {
        Action action;
        action.method = "GET";
        action.target = path_of(root, {});
        action.show = [](const auto& answer) { return table_of(answer, "accounts", columns); };
        return action;
    };
    leaves_.add_gateway(leaves_.add(parent, {"list", "all accounts"}, make));
}

void AccountCommands::add_show(Command parent)
{
    Command leaf = leaves_.add(parent, {"show", "one account"}, [this] { return about("GET"); });
    add_id(leaf);
    leaves_.add_gateway(leaf);
}

void AccountCommands::add_add(Command parent)
{
    auto make = [this] {
        body_.set("id", boost::json::value(id_));
        Action action = about("POST");
        action.target = path_of(root, {});
        action.body = body_.json();
        return action;
    };
    Command leaf =
        leaves_.add(parent,
                    {"add", "add an account",
                     "  tidings account add acme\n"
                     "  tidings account add shop --parent acme --default-source +61491570150 --credits 1000"},
                    make);
    add_id(leaf);
    body_.text(leaf, {"--parent", "parent", "the account whose keys may act for this one"}).type_name("ID");
    body_.number(leaf, {"--credits", "credits", "the balance to begin with (default: unlimited)"});
    add_rules(leaf);
    add_screening(leaf);
    leaves_.add_gateway(leaf);
}

void AccountCommands::add_set(Command parent)
{
    auto make = [this] {
        if (body_.empty()) throw UsageError("account set: say what to change; see --help");
        Action action = about("PATCH");
        action.body = body_.json();
        return action;
    };
    Command leaf = leaves_.add(
        parent,
        {"set", "change an account; what is not named stays as it is",
         "  tidings account set shop --unregistered-source allow --mms off --messages-per-second 50"},
        make);
    add_id(leaf);
    add_rules(leaf);
    add_screening(leaf);
    leaves_.add_gateway(leaf);
}

void AccountCommands::add_remove(Command parent)
{
    auto make = [this] {
        Action action = about("DELETE");
        action.show = [id = id_](const auto&) {
            return fmt::format("account {} is removed, along with its keys and numbers\n", id);
        };
        return action;
    };
    Command leaf = leaves_.add(
        parent, {"remove", "remove an account with its keys and numbers, at once and for good"}, make);
    add_id(leaf);
    leaves_.add_gateway(leaf);
}

void AccountCommands::add_credits(Command parent)
{
    auto make = [this] {
        Action action = about("GET");
        if (!body_.empty()) {
            action = about("POST", {"credits"});
            action.body = body_.json();
        }
        action.show = [](const auto& answer) { return lines_of(answer, balance); };
        return action;
    };
    Command leaf = leaves_.add(parent,
                               {"credits", "show or change the balance of an account",
                                "  tidings account credits shop\n"
                                "  tidings account credits shop --add 500\n"
                                "  tidings account credits shop --unlimited"},
                               make);
    add_id(leaf);
    Option add = body_.number(leaf, {"--add", "add", "add to the balance; may be negative"});
    Option set = body_.number(leaf, {"--set", "set", "set the balance"});
    auto lift = [this] { body_.set("unlimited", true); };
    Option unlimited = leaf.take_flag("--unlimited", lift, "let the account send without limit");
    add.excludes(set).excludes(unlimited);
    set.excludes(unlimited);
    leaves_.add_gateway(leaf);
}

void AccountCommands::add_suspected(Command parent)
{
    auto make = [] {
        Action action;
        action.method = "GET";
        action.target = path_of("/suspected_opt_outs", {});
        action.show = [](const auto& answer) { return table_of(answer, "suspected_opt_outs", suspected); };
        return action;
    };
    leaves_.add_gateway(leaves_.add(
        parent, {"suspected-opt-outs", "the newest replies that perhaps ask for no more messages"}, make));
}

}  // namespace tidings::cli
