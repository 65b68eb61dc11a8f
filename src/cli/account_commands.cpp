// SPDX-License-Identifier: Apache-2.0
// Accounts. The options that set a rule are the same for a new account and for one that is changed; their
// names are those of the fields, with hyphens.
#include "cli/leaves.hpp"

namespace tidings::cli {

namespace {

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
    {"country", ""},
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

void add_id(Command leaf, Asked& asked)
{
    asked.argument(leaf, "account", "the account's id").type_name("ID");
}

void add_rules(Command leaf, BodyOptions& body)
{
    body.text(leaf, {"--default-source", "default_source",
                     "number or name from which messages go that name none; \"\": none"})
        .type_name("NUMBER");
    body.text(leaf, {"--unregistered-source", "unregistered_source",
                     "what becomes of messages from sources that are not the account's"})
        .type_name("reject|substitute|allow")
        .one_of({"reject", "substitute", "allow"});
    body.on_off(leaf, {"--mms", "features/mms", "whether it may send MMS"});
    body.on_off(leaf, {"--tts", "features/tts", "whether it may send text to speech"});
    body.on_off(leaf, {"--inbound-mms", "features/inbound_mms", "whether it gets MMS"});
    body.on_off(leaf, {"--signature-keys", "features/signature_keys", "whether it may have signature keys"});
    body.on_off(
        leaf, {"--opt-out", "features/opt_out", "whether a handset that replies STOP gets no more messages"});
    body.text(leaf, {"--opt-out-confirmation", "opt_out_confirmation",
                     "what a handset gets that opts out; \"\": nothing"})
        .type_name("TEXT");
    body.on_off(leaf, {"--familiar-sender", "features/familiar_sender",
                       "whether a handset always gets its messages from the same number of the pool"});
    body.on_off(leaf, {"--familiar-source", "features/familiar_source",
                       "whether that number becomes the one that a message names, if it names one"});
    body.on_off(leaf, {"--billing-units", "features/billing_units", "whether its reports tell the credits"});
    body.on_off(
        leaf, {"--send-both", "send_both", "whether its webhooks hear of messages with a callback URL, too"});
    body.number(leaf, {"--requests-per-second", "requests_per_second", "0: no limit"});
    body.number(leaf, {"--messages-per-second", "messages_per_second", "0: no limit"});
    body.text(leaf, {"--priority", "priority", "of its messages beside those of others"})
        .type_name("high|normal|low")
        .one_of({"high", "normal", "low"});
    body.duration(leaf, {"--duplicates", "duplicate_window_s",
                         "within what time the same text to the same number is withheld; on: 24h"})
        .words_for(duplicate_windows)
        .type_name("off|on|TIME");
    body.text(leaf, {"--converter", "converter",
                     "write texts in the GSM 7-bit alphabet: all, or those that lose nothing by it"})
        .type_name("off|strict|lossless")
        .one_of({"off", "strict", "lossless"});
    body.text(leaf,
              {"--hours", "hours",
               "let messages leave from 8 to 18 o'clock only, in the account's zone or the recipient's"})
        .type_name("off|account|recipient")
        .one_of({"off", "account", "recipient"});
    body.text(leaf, {"--zone", "zone", "its time zone, as Australia/Sydney"}).type_name("NAME");
    body.text(leaf, {"--country", "country",
                     "of the numbers that it writes without a country code, as AU; \"\": it may not"})
        .type_name("COUNTRY");
}

void add_screening(Command leaf, BodyOptions& body)
{
    body.number(leaf, {"--daily-cap", "daily_cap", "messages in a day of UTC; 0: no cap"});
    body.number(leaf, {"--monthly-cap", "monthly_cap", "messages in a month of UTC; 0: no cap"});
    body.texts(leaf, {"--blocked-source", "blocked_sources",
                      "it may not send from there; repeat for more, \"\": none"})
        .type_name("NUMBER");
    body.texts(leaf,
               {"--drop-pattern", "drop_patterns",
                "words with which a message is dropped, as \"free * prize\"; repeat for more, \"\": none"})
        .type_name("WORDS");
    body.texts(leaf, {"--hold-pattern", "hold_patterns",
                      "words with which a message waits for `message release`; repeat for more, \"\": none"})
        .type_name("WORDS");
}

void add_new(Command leaf, Asked& asked)
{
    add_id(leaf, asked);
    asked.body.text(leaf, {"--parent", "parent", "the account whose keys may act for this one"})
        .type_name("ID");
    asked.body.number(leaf, {"--credits", "credits", "the balance to begin with (default: unlimited)"});
    add_rules(leaf, asked.body);
    add_screening(leaf, asked.body);
}

void add_changes(Command leaf, Asked& asked)
{
    add_id(leaf, asked);
    add_rules(leaf, asked.body);
    add_screening(leaf, asked.body);
}

void add_balance(Command leaf, Asked& asked)
{
    add_id(leaf, asked);
    BodyOptions& body = asked.body;
    Option add = body.number(leaf, {"--add", "add", "add to the balance; may be negative"});
    Option set = body.number(leaf, {"--set", "set", "set the balance"});
    auto lift = [&body] { body.set("unlimited", true); };
    Option unlimited = leaf.take_flag("--unlimited", lift, "let the account send without limit");
    add.excludes(set).excludes(unlimited);
    set.excludes(unlimited);
}

// The account tells its balance; who says how to change it asks for that instead.
void change_balance(Action& action, const Asked& asked)
{
    if (asked.body.empty()) return;
    action.method = "POST";
    action.target += "/credits";
    action.body = asked.body.json();
}

const Leaf leaves[] = {
    {.name = "list", .description = "all accounts", .path = "/accounts", .show = table("accounts", columns)},
    {.name = "show",
     .description = "one account",
     .path = "/accounts/{account}",
     .subject = "account {account}",
     .options = add_id,
     .show = lines(fields)},
    {.name = "add",
     .description = "add an account",
     .examples = "  tidings account add acme\n"
                 "  tidings account add shop --parent acme --default-source +61491570150 --credits 1000",
     .method = "POST",
     .path = "/accounts",
     .subject = "account {account}",
     .options = add_new,
     .sends = Sends::body,
     .complete = [](Asked& asked) { asked.body.set("id", boost::json::value(asked.word("account"))); },
     .show = lines(fields)},
    {.name = "set",
     .description = "change an account; what is not named stays as it is",
     .examples = "  tidings account set shop --unregistered-source allow --mms off --messages-per-second 50",
     .method = "PATCH",
     .path = "/accounts/{account}",
     .subject = "account {account}",
     .options = add_changes,
     .sends = Sends::change,
     .show = lines(fields)},
    {.name = "remove",
     .description = "remove an account with its keys and numbers, at once and for good",
     .method = "DELETE",
     .path = "/accounts/{account}",
     .subject = "account {account}",
     .options = add_id,
     .done = "is removed, along with its keys and numbers"},
    {.name = "credits",
     .description = "show or change the balance of an account",
     .examples = "  tidings account credits shop\n"
                 "  tidings account credits shop --add 500\n"
                 "  tidings account credits shop --unlimited",
     .path = "/accounts/{account}",
     .subject = "account {account}",
     .options = add_balance,
     .adjust = change_balance,
     .show = lines(balance)},
    {.name = "suspected-opt-outs",
     .description = "the newest replies that perhaps ask for no more messages",
     .path = "/suspected_opt_outs",
     .show = table("suspected_opt_outs", suspected)},
};

}  // namespace

std::span<const Leaf> account_leaves() { return leaves; }

}  // namespace tidings::cli
