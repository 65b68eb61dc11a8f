// SPDX-License-Identifier: Apache-2.0
// Webhooks and the secrets that sign their requests. A template is read from a file, since nobody types one.
#include "cli/leaves.hpp"

#include "base/file.hpp"

#include <boost/json.hpp>

namespace tidings::cli {

namespace {

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

void add_account(Command leaf, Asked& asked)
{
    asked.argument(leaf, "account", "the account's id").type_name("ACCOUNT");
}

void add_id(Command leaf, Asked& asked)
{
    add_account(leaf, asked);
    asked.argument(leaf, "webhook", "its id").type_name("ID");
}

void add_fields(Command leaf, Asked& asked)
{
    add_account(leaf, asked);
    BodyOptions& body = asked.body;
    body.text(leaf, {"url", "url", "where to; references in path and query"}).type_name("URL").required();
    body.texts(leaf, {"--event", "events", "what it is told; may be repeated"}).type_name("EVENT").required();
    body.text(leaf, {"--method", "method", "GET, POST (the default), PATCH, PUT or DELETE"})
        .type_name("METHOD");
    body.text(leaf, {"--encoding", "encoding", "of the body; JSON if absent"})
        .type_name("JSON|FORM_ENCODED|XML");
    auto add_header = [&body](const std::vector<std::string>& lines) {
        for (const std::string& line : lines) {
            std::size_t colon = std::min(line.find(':'), line.size());
            std::size_t value = std::min(line.find_first_not_of(' ', colon + 1), line.size());
            body.set("headers/" + line.substr(0, colon), boost::json::value(line.substr(value)));
        }
    };
    auto has_colon = [](const std::string& line) {
        return line.find(':') == line.npos ? std::string("must be \"NAME: VALUE\"") : std::string();
    };
    leaf.take_texts("--header", add_header, "to send along; may be repeated")
        .type_name("\"NAME: VALUE\"")
        .check(has_colon)
        .may_be_repeated();
    auto read = [&body](const std::string& file) {
        body.set("template", boost::json::value(base::read_file(file)));
    };
    leaf.take_text("--template-file", read, "the body as a Velocity template")
        .type_name("FILE")
        .existing_file();
    body.number(leaf, {"--read-timeout", "read_timeout", "in milliseconds; 20000 if absent"});
    body.number(leaf, {"--retries", "retries", "how often it is tried again"});
    body.number(leaf, {"--retry-delay", "retry_delay", "seconds between tries"});
}

void say_defaults(Asked& asked)
{
    asked.body.set_default("method", "POST");
    asked.body.set_default("encoding", "JSON");
}

void add_overlap(Command leaf, Asked& asked)
{
    add_account(leaf, asked);
    asked.body.duration(
        leaf, {"--overlap", "overlap_s", "how long with the old one: 90s, 30m, 24h (the default), 7d"});
}

std::string show_secret(const boost::json::value& answer)
{
    return lines_of(answer, secret_fields) + "The secret is not shown again: keep it now.\n";
}

const Leaf leaves[] = {
    {.name = "list",
     .description = "the webhooks of an account",
     .path = "/accounts/{account}/webhooks",
     .subject = "account {account}",
     .options = add_account,
     .show = table("webhooks", columns)},
    {.name = "show",
     .description = "one webhook; --json for its headers, too",
     .path = "/accounts/{account}/webhooks/{webhook}",
     .subject = "webhook {webhook} of account {account}",
     .options = add_id,
     .show = lines(fields)},
    {.name = "add",
     .description = "have events of an account told to a URL",
     .examples = "  tidings webhook add shop https://example.com/hook --event RECEIVED_SMS\n"
                 "  tidings webhook add shop 'https://example.com/dr?id=$mtId' --method GET \\\n"
                 "      --event DELIVERED_DR --event FAILED_DR --header 'Authorization: Bearer x'",
     .method = "POST",
     .path = "/accounts/{account}/webhooks",
     .subject = "account {account}",
     .options = add_fields,
     .sends = Sends::body,
     .complete = say_defaults,
     .show = lines(fields)},
    {.name = "remove",
     .description = "remove a webhook",
     .method = "DELETE",
     .path = "/accounts/{account}/webhooks/{webhook}",
     .subject = "webhook {webhook} of account {account}",
     .options = add_id,
     .done = "is removed"},
    {.name = "rotate-secret",
     .description = "sign with a new secret, and for a while with the one before, too",
     .examples = "  tidings webhook rotate-secret shop --overlap 24h",
     .method = "POST",
     .path = "/accounts/{account}/webhook_secret",
     .subject = "account {account}",
     .options = add_overlap,
     .sends = Sends::body,
     .show = show_secret},
};

}  // namespace

std::span<const Leaf> webhook_leaves() { return leaves; }

}  // namespace tidings::cli
