// SPDX-License-Identifier: Apache-2.0
#include "cli/webhook_commands.hpp"

#include "base/file.hpp"
#include "cli/table.hpp"

#include <boost/json.hpp>

namespace tidings::cli {

namespace {

constexpr std::string_view webhooks = "webhooks";

constexpr Field columns[] = {
    {"id", "ID"}, {"method", "METHOD"}, {"url", "URL"}, {"events", "EVENTS"}, {"disabled", "DISABLED", "no"},
};
constexpr Field fields[] = {
    {"id", "ID"},
    {"method", "METHOD"},
    {"url", "URL"},
    {"encoding", "ENCODING"},
    {"events", "EVENTS"},
    {"template", "TEMPLATE", "none: the body of a callback"},
    {"read_timeout", "READ TIMEOUT", "20000"},
    {"retries", "RETRIES"},
    {"retry_delay", "RETRY DELAY"},
    {"disabled", "DISABLED", "no"},
};
constexpr Field secret_fields[] = {
    {"secret", "SECRET"},
    {"created_at", "CREATED"},
    {"other_until", "OTHER UNTIL", "there was none"},
};

std::string show_webhook(const boost::json::value& answer) { return lines_of(answer, fields); }

}  // namespace

void WebhookCommands::add_to(Command webhook)
{
    add_list(webhook);
    add_show(webhook);
    add_add(webhook);
    add_remove(webhook);
    add_rotate(webhook);
}

void WebhookCommands::add_account(Command leaf)
{
    leaf.add_option("account", account_, "the account's id").type_name("ACCOUNT").required();
}

void WebhookCommands::add_id(Command leaf)
{
    leaf.add_option("webhook", id_, "its id").type_name("ID").required();
}

Action WebhookCommands::about_account(std::string method, std::string_view list) const
{
    Action action;
    action.method = std::move(method);
    action.target = path_of("/accounts", {account_, list});
    action.subject = "account " + printable(account_);
    return action;
}

Action WebhookCommands::about_webhook(std::string method) const
{
    Action action;
    action.method = std::move(method);
    action.target = path_of("/accounts", {account_, webhooks, id_});
    action.subject = "webhook " + printable(id_) + " of account " + printable(account_);
    action.show = &show_webhook;
    return action;
}

void WebhookCommands::add_list(Command parent)
{
    auto make = [this] {
        Action action = about_account("GET", webhooks);
        action.show = [](const auto& answer) { return table_of(answer, webhooks, columns); };
        return action;
    };
    Command leaf = leaves_.add(parent, {"list", "the webhooks of an account"}, make);
    add_account(leaf);
    leaves_.add_gateway(leaf);
}

void WebhookCommands::add_show(Command parent)
{
    Command leaf = leaves_.add(parent, {"show", "one webhook; --json for its headers, too"},
                               [this] { return about_webhook("GET"); });
    add_account(leaf);
    add_id(leaf);
    leaves_.add_gateway(leaf);
}

void WebhookCommands::add_fields(Command leaf)
{
    body_.text(leaf, {"url", "url", "where to; references in path and query"}).type_name("URL").required();
    body_.texts(leaf, {"--event", "events", "what it is told; may be repeated"})
        .type_name("EVENT")
        .required();
    body_.text(leaf, {"--method", "method", "GET, POST (the default), PATCH, PUT or DELETE"})
        .type_name("METHOD");
    body_.text(leaf, {"--encoding", "encoding", "of the body; JSON if absent"})
        .type_name("JSON|FORM_ENCODED|XML");
    auto add_header = [this](const std::vector<std::string>& lines) {
        for (const std::string& line : lines) {
            std::size_t colon = std::min(line.find(':'), line.size());
            std::size_t value = std::min(line.find_first_not_of(' ', colon + 1), line.size());
            body_.set("headers/" + line.substr(0, colon), boost::json::value(line.substr(value)));
        }
    };
    auto has_colon = [](const std::string& line) {
        return line.find(':') == line.npos ? std::string("must be \"NAME: VALUE\"") : std::string();
    };
    leaf.take_texts("--header", add_header, "to send along; may be repeated")
        .type_name("\"NAME: VALUE\"")
        .check(has_colon)
        .may_be_repeated();
    auto read = [this](const std::string& file) {
        body_.set("template", boost::json::value(base::read_file(file)));
    };
    leaf.take_text("--template-file", read, "the body as a Velocity template")
        .type_name("FILE")
        .existing_file();
    body_.number(leaf, {"--read-timeout", "read_timeout", "in milliseconds; 20000 if absent"});
    body_.number(leaf, {"--retries", "retries", "how often it is tried again"});
    body_.number(leaf, {"--retry-delay", "retry_delay", "seconds between tries"});
}

void WebhookCommands::add_add(Command parent)
{
    auto make = [this] {
        body_.set_default("method", "POST");
        body_.set_default("encoding", "JSON");
        Action action = about_account("POST", webhooks);
        action.body = body_.json();
        action.show = &show_webhook;
        return action;
    };
    Command leaf =
        leaves_.add(parent,
                    {"add", "have events of an account told to a URL",
                     "  tidings webhook add shop https://example.com/hook --event RECEIVED_SMS\n"
                     "  tidings webhook add shop 'https://example.com/dr?id=$mtId' --method GET \\\n"
                     "      --event DELIVERED_DR --event FAILED_DR --header 'Authorization: Bearer x'"},
                    make);
    add_account(leaf);
    add_fields(leaf);
    leaves_.add_gateway(leaf);
}

void WebhookCommands::add_remove(Command parent)
{
    auto make = [this] {
        Action action = about_webhook("DELETE");
        action.show = [subject = action.subject](const auto&) { return subject + " is removed\n"; };
        return action;
    };
    Command leaf = leaves_.add(parent, {"remove", "remove a webhook"}, make);
    add_account(leaf);
    add_id(leaf);
    leaves_.add_gateway(leaf);
}

void WebhookCommands::add_rotate(Command parent)
{
    auto make = [this] {
        Action action = about_account("POST", "webhook_secret");
        action.body = body_.json();
        action.show = [](const auto& answer) {
            return lines_of(answer, secret_fields) + "The secret is not shown again: keep it now.\n";
        };
        return action;
    };
    Command leaf =
        leaves_.add(parent,
                    {"rotate-secret", "sign with a new secret, and for a while with the one before, too",
                     "  tidings webhook rotate-secret shop --overlap 24h"},
                    make);
    add_account(leaf);
    body_.duration(leaf,
                   {"--overlap", "overlap_s", "how long with the old one: 90s, 30m, 24h (the default), 7d"});
    leaves_.add_gateway(leaf);
}

}  // namespace tidings::cli
