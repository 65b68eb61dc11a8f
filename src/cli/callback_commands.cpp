// SPDX-License-Identifier: Apache-2.0
#include "cli/callback_commands.hpp"

#include "cli/table.hpp"

#include <boost/json.hpp>

namespace tidings::cli {

namespace {

constexpr std::string_view root = "/callbacks";

constexpr Field log_fields[] = {
    {"id", "ID"},       {"account", "ACCOUNT"}, {"event", "EVENT"},       {"url", "URL"},
    {"state", "STATE"}, {"at", "AT", "soon"},   {"attempts", "ATTEMPTS"}, {"last", "LAST"},
};
constexpr Field dead_fields[] = {
    {"id", "ID"},     {"account", "ACCOUNT"},   {"event", "EVENT"},
    {"url", "URL"},   {"attempts", "ATTEMPTS"}, {"dead_since", "DEAD SINCE"},
    {"last", "LAST"},
};
constexpr Field attempt_fields[] = {
    {"number", "ATTEMPT"},    {"at", "AT"},
    {"took_ms", "MS"},        {"webhook", "WEBHOOK", "callback_url"},
    {"status", "STATUS"},     {"error", "ERROR"},
    {"answer", "ANSWER", ""},
};

// How an attempt went: its status, or why there was none.
boost::json::value outcome_of(const boost::json::value& attempt)
{
    if (!attempt.is_object()) return nullptr;
    const boost::json::value& status = attempt.at("status");
    return status.is_null() ? attempt.at("error") : status;
}

std::string show_list(const boost::json::value& answer, std::span<const Field> fields)
{
    boost::json::array rows;
    for (const boost::json::value& entry : answer.at("callbacks").as_array()) {
        boost::json::object row = entry.as_object();
        row["last"] = outcome_of(row["last_attempt"]);
        for (std::string_view time : {"delivered_at", "dead_since", "next_attempt_at"})
            if (const boost::json::value* at = row.if_contains(time)) row["at"] = *at;
        rows.push_back(std::move(row));
    }
    boost::json::object shown{{"callbacks", std::move(rows)}};
    std::string text = table_of(shown, "callbacks", fields);
    if (const boost::json::value& next = answer.at("next"); next.is_string())
        text += "more: --after " + printable(std::string(next.as_string())) + "\n";
    return text;
}

std::string show_attempts(const boost::json::value& answer)
{
    boost::json::array rows;
    for (const boost::json::value& entry : answer.at("attempts").as_array()) {
        boost::json::object row = entry.at("attempt").as_object();
        row["webhook"] = entry.at("webhook");
        rows.push_back(std::move(row));
    }
    return table_of(boost::json::object{{"attempts", std::move(rows)}}, "attempts", attempt_fields);
}

std::string show_replayed(const boost::json::value& answer)
{
    return shown(answer.at("replayed")) + " replayed\n";
}

}  // namespace

void CallbackCommands::add_to(Command webhook)
{
    add_log(webhook);
    add_dead_letters(webhook);
    add_attempts(webhook);
    add_replay(webhook);
    add_test(webhook);
}

void CallbackCommands::add_filter(Command leaf)
{
    leaf.add_option("--account", account_, "of this account only").type_name("ID");
    leaf.add_option("--webhook", webhook_, "to this webhook only").type_name("ID");
    leaf.add_option("--message", message_, "about this message only").type_name("ID");
    leaf.add_option("--after", after_, "go on with the list from here").type_name("PLACE");
}

Action CallbackCommands::list(std::string_view state) const
{
    Action action;
    action.method = "GET";
    action.target = path_of(root, {});
    const std::pair<std::string_view, std::string_view> filters[] = {{"state", state},
                                                                     {"account", account_},
                                                                     {"webhook", webhook_},
                                                                     {"message", message_},
                                                                     {"after", after_}};
    char before = '?';
    for (const auto& [name, value] : filters) {
        if (value.empty()) continue;
        action.target.append(1, before).append(name).append("=").append(encoded(value));
        before = '&';
    }
    return action;
}

void CallbackCommands::add_log(Command parent)
{
    auto make = [this] {
        Action action = list(state_);
        action.show = [](const auto& answer) { return show_list(answer, log_fields); };
        return action;
    };
    Command leaf = leaves_.add(parent,
                               {"log", "what was told and what is to be, the newest first",
                                "  tidings webhook log --account shop\n"
                                "  tidings webhook log --state pending\n"
                                "  tidings webhook log --message 877c19ef-fa2e-4cec-827a-e1df9b5509f7"},
                               make);
    leaf.add_option("--state", state_, "only what is so")
        .type_name("pending|delivered|dead")
        .one_of({"pending", "delivered", "dead"});
    add_filter(leaf);
    leaves_.add_gateway(leaf);
}

void CallbackCommands::add_dead_letters(Command parent)
{
    auto make = [this] {
        Action action = list("dead");
        action.show = [](const auto& answer) { return show_list(answer, dead_fields); };
        return action;
    };
    Command leaf = leaves_.add(
        parent, {"dead-letters", "what was given up", "  tidings webhook dead-letters --account shop"}, make);
    add_filter(leaf);
    leaves_.add_gateway(leaf);
}

void CallbackCommands::add_attempts(Command parent)
{
    auto make = [this] {
        Action action;
        action.method = "GET";
        action.target = path_of(root, {id_, "attempts"});
        action.subject = "event " + printable(id_);
        action.show = &show_attempts;
        return action;
    };
    Command leaf = leaves_.add(parent,
                               {"attempts", "the attempts to tell of an event",
                                "  tidings webhook attempts 019a3c9f-4d2e-7cc1-a1b2-0c3d4e5f6a7b"},
                               make);
    leaf.add_option("id", id_, "its id: webhook-id, delivery_report_id or reply_id")
        .type_name("ID")
        .required();
    leaves_.add_gateway(leaf);
}

void CallbackCommands::add_replay(Command parent)
{
    auto make = [this] {
        if (dead_) body_.set("dead", true);
        if (body_.empty()) throw UsageError("webhook replay: say what: an id, --dead or --from");
        Action action;
        action.method = "POST";
        action.target = path_of(root, {"replay"});
        action.body = body_.json();
        action.show = &show_replayed;
        return action;
    };
    Command leaf = leaves_.add(
        parent,
        {"replay", "tell applications again, with the same event ids",
         "  tidings webhook replay 019a3c9f-4d2e-7cc1-a1b2-0c3d4e5f6a7b\n"
         "  tidings webhook replay --account shop --dead\n"
         "  tidings webhook replay --account shop --from 2026-11-20T08:00:00Z --to 2026-11-20T10:00:00Z"},
        make);
    body_.text(leaf, {"id", "id", "the id of one event"}).type_name("ID");
    body_.text(leaf, {"--account", "account", "whose events"}).type_name("ID");
    body_.text(leaf, {"--webhook", "webhook", "to this webhook only"}).type_name("ID");
    leaf.add_flag("--dead", dead_, "all dead letters of the account");
    body_.text(leaf, {"--from", "from", "all events of the account that were made from then on"})
        .type_name("TIME");
    body_.text(leaf, {"--to", "to", "and before then; now when it is not given"}).type_name("TIME");
    leaves_.add_gateway(leaf);
}

void CallbackCommands::add_test(Command parent)
{
    auto make = [this] {
        Action action;
        action.method = "POST";
        action.target = path_of("/accounts", {account_, "webhooks", webhook_, "test"});
        action.subject = "webhook " + printable(webhook_) + " of account " + printable(account_);
        action.show = [](const auto& answer) {
            std::string id = shown(answer.at("id"));
            return "event " + id + " is on its way; `tidings webhook attempts " + id +
                   "` tells how it went\n";
        };
        return action;
    };
    Command leaf = leaves_.add(parent,
                               {"test", "have a webhook told of an event that did not happen",
                                "  tidings webhook test shop 4b1f0c1c-0e0a-4d5c-9c3f-1a2b3c4d5e6f"},
                               make);
    leaf.add_option("account", account_, "whose it is").type_name("ACCOUNT").required();
    leaf.add_option("webhook", webhook_, "its id").type_name("ID").required();
    leaves_.add_gateway(leaf);
}

}  // namespace tidings::cli
