// SPDX-License-Identifier: Apache-2.0
// The log of callbacks, and telling them again. What is shown of an entry is what somebody looks for first:
// where it went, in which state it is, and how the last attempt ended.
#include "cli/leaves.hpp"

#include <boost/json.hpp>

namespace tidings::cli {

namespace {

constexpr Field log_fields[] = {
    {"id", "ID"},
    {"account", "ACCOUNT"},
    {"event", "EVENT"},
    {"url", "URL"},
    {"state", "STATE"},
    {"at", "AT", "soon"},
    {"attempts", "ATTEMPTS"},
    {"last", "LAST"},
    {"waits_for", "WAITS FOR", ""},
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
    {"answer", "ANSWER", ""}, {"url", "URL", "callback_url"},
};

// How an attempt went, in one word of a table: the status of the answer, or why there was none. Nothing where
// no attempt was made yet.
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
            // Each state has its time under a name of its own; in a table they share a column.
            if (const boost::json::value* at = row.if_contains(time)) row["at"] = *at;
        rows.push_back(std::move(row));
    }
    boost::json::object shown{{"callbacks", std::move(rows)}};
    std::string text = table_of(shown, "callbacks", fields);
    // Even below an empty page: a filter may leave nothing of what was looked at, and something further on.
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

void add_filter(Command leaf, Asked& asked)
{
    asked.option(leaf, "account", "of this account only").type_name("ID");
    asked.option(leaf, "webhook", "to this webhook only").type_name("ID");
    asked.option(leaf, "message", "about this message only").type_name("ID");
    asked.option(leaf, "after", "go on with the list from here").type_name("PLACE");
}

void add_state(Command leaf, Asked& asked)
{
    asked.option(leaf, "state", "only what is so")
        .type_name("pending|delivered|dead")
        .one_of({"pending", "delivered", "dead"});
    add_filter(leaf, asked);
}

void add_event(Command leaf, Asked& asked)
{
    asked.argument(leaf, "id", "its id: webhook-id, delivery_report_id or reply_id").type_name("ID");
}

void add_order(Command leaf, Asked& asked)
{
    BodyOptions& body = asked.body;
    body.text(leaf, {"id", "id", "the id of one event"}).type_name("ID");
    body.text(leaf, {"--account", "account", "whose events"}).type_name("ID");
    body.text(leaf, {"--webhook", "webhook", "to this webhook only"}).type_name("ID");
    auto take_dead = [&body] { body.set("dead", true); };
    leaf.take_flag("--dead", take_dead, "all dead letters of the account");
    body.text(leaf, {"--from", "from", "all events of the account that were made from then on"})
        .type_name("TIME");
    body.text(leaf, {"--to", "to", "and before then; now when it is not given"}).type_name("TIME");
}

void add_webhook(Command leaf, Asked& asked)
{
    asked.argument(leaf, "account", "whose it is").type_name("ACCOUNT");
    asked.argument(leaf, "webhook", "its id").type_name("ID");
}

void check_order(Asked& asked)
{
    if (asked.body.empty()) throw UsageError("webhook replay: say what: an id, --dead or --from");
}

std::string show_test(const boost::json::value& answer)
{
    std::string id = shown(answer.at("id"));
    return "event " + id + " is on its way; `tidings webhook attempts " + id + "` tells how it went\n";
}

constexpr std::string_view filters[] = {"state", "account", "webhook", "message", "after"};

const Leaf leaves[] = {
    {.name = "log",
     .description = "what was told and what is to be, the newest first",
     .examples = "  tidings webhook log --account shop\n"
                 "  tidings webhook log --state pending\n"
                 "  tidings webhook log --message 877c19ef-fa2e-4cec-827a-e1df9b5509f7",
     .path = "/callbacks",
     .query = filters,
     .options = add_state,
     .show = [](const auto& answer) { return show_list(answer, log_fields); }},
    {.name = "dead-letters",
     .description = "what was given up",
     .examples = "  tidings webhook dead-letters --account shop",
     .path = "/callbacks",
     .query = filters,
     .options = add_filter,
     .complete = [](Asked& asked) { asked.words["state"] = "dead"; },
     .show = [](const auto& answer) { return show_list(answer, dead_fields); }},
    {.name = "attempts",
     .description = "the attempts to tell of an event",
     .examples = "  tidings webhook attempts 019a3c9f-4d2e-7cc1-a1b2-0c3d4e5f6a7b",
     .path = "/callbacks/{id}/attempts",
     .subject = "event {id}",
     .options = add_event,
     .show = show_attempts},
    {.name = "replay",
     .description = "tell applications again, with the same event ids",
     .examples =
         "  tidings webhook replay 019a3c9f-4d2e-7cc1-a1b2-0c3d4e5f6a7b\n"
         "  tidings webhook replay --account shop --dead\n"
         "  tidings webhook replay --account shop --from 2026-11-20T08:00:00Z --to 2026-11-20T10:00:00Z",
     .method = "POST",
     .path = "/callbacks/replay",
     .options = add_order,
     .sends = Sends::body,
     .complete = check_order,
     .show = show_replayed},
    {.name = "test",
     .description = "have a webhook told of an event that did not happen",
     .examples = "  tidings webhook test shop 4b1f0c1c-0e0a-4d5c-9c3f-1a2b3c4d5e6f",
     .method = "POST",
     .path = "/accounts/{account}/webhooks/{webhook}/test",
     .subject = "webhook {webhook} of account {account}",
     .options = add_webhook,
     .show = show_test},
};

}  // namespace

std::span<const Leaf> callback_leaves() { return leaves; }

}  // namespace tidings::cli
