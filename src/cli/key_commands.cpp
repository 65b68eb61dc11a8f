// SPDX-License-Identifier: Apache-2.0
#include "cli/key_commands.hpp"

#include "cli/table.hpp"

#include <fmt/format.h>
#include <boost/json.hpp>

namespace tidings::cli {

namespace {

constexpr std::string_view root = "/accounts";

constexpr Field fields[] = {
    {"key", "KEY"},
    {"scheme", "SCHEME"},
    {"expires_at", "EXPIRES", "never"},
    {"expired", "EXPIRED"},
    {"priority", "PRIORITY", "the account's"},
    {"body_digest_required", "BODY DIGEST REQUIRED"},
    {"sha1_allowed", "SHA-1 ALLOWED"},
};
constexpr Field new_fields[] = {
    {"key", "KEY"},
    {"secret", "SECRET"},
    {"scheme", "SCHEME"},
    {"account", "ACCOUNT"},
    {"expires_at", "EXPIRES", "never"},
};

std::string show_key(const boost::json::value& answer) { return lines_of(answer, fields); }

std::string show_new_key(const boost::json::value& answer)
{
    return lines_of(answer, new_fields) + "The secret is not shown again: keep it now.\n";
}

std::string show_successor(const boost::json::value& answer)
{
    const boost::json::value& old = answer.at("replaces");
    return show_new_key(answer) +
           fmt::format("Key {} works until {}.\n", shown(old.at("key")), shown(old.at("expires_at")));
}

}  // namespace

void KeyCommands::add_to(Command app)
{
    Command key = app.add_command("key", "list, add, change, rotate and remove the keys of an account");
    key.needs_a_command();
    add_list(key);
    add_add(key);
    add_set(key);
    add_rotate(key);
    add_remove(key);
}

void KeyCommands::add_account(Command leaf)
{
    leaf.add_option("account", account_, "the account's id").type_name("ID").required();
}

void KeyCommands::add_key(Command leaf)
{
    leaf.add_option("key", key_, "the key, as the list shows it").type_name("KEY").required();
}

void KeyCommands::add_rules(Command leaf)
{
    body_.time_or_never(leaf, {"--expires-at", "expires_at", "when it ends, as 2027-01-01T00:00:00Z"});
    body_.on_off(
        leaf, {"--body-digest-required", "body_digest_required", "hmac: whether bodies must be signed, too"});
    body_.on_off(leaf, {"--sha1-allowed", "sha1_allowed", "hmac: whether signatures may be by SHA-1"});
    body_.text(leaf, {"--priority", "priority", "of what is sent with it (default: the account's)"})
        .type_name("high|normal|low")
        .one_of({"high", "normal", "low"});
}

Action KeyCommands::about_account(std::string method) const
{
    Action action;
    action.method = std::move(method);
    action.target = path_of(root, {account_}) + "/keys";
    action.subject = "account " + printable(account_);
    action.show = &show_key;
    return action;
}

Action KeyCommands::about_key(std::string method) const
{
    Action action = about_account(std::move(method));
    action.target = path_of(root, {account_, "keys", key_});
    action.subject = fmt::format("key {} of account {}", printable(key_), printable(account_));
    return action;
}

void KeyCommands::add_list(Command parent)
{
    auto make = [this] {
        Action action = about_account("GET");
        action.show = [](const auto& answer) { return table_of(answer, "keys", fields); };
        return action;
    };
    Command leaf = leaves_.add(parent, {"list", "the keys of an account, without their secrets"}, make);
    add_account(leaf);
    leaves_.add_gateway(leaf);
}

void KeyCommands::add_add(Command parent)
{
    auto make = [this] {
        body_.set("scheme", boost::json::value(scheme_));
        Action action = about_account("POST");
        action.body = body_.json();
        action.show = &show_new_key;
        return action;
    };
    Command leaf = leaves_.add(parent,
                               {"add", "make a key and print it with its secret",
                                "  tidings key add shop\n"
                                "  tidings key add shop --scheme hmac --sha1-allowed off"},
                               make);
    add_account(leaf);
    leaf.add_option("--scheme", scheme_, "how requests prove that they know the secret")
        .type_name("basic|hmac")
        .one_of({"basic", "hmac"})
        .shows_default();
    add_rules(leaf);
    leaves_.add_gateway(leaf);
}

void KeyCommands::add_set(Command parent)
{
    auto make = [this] {
        if (body_.empty()) throw UsageError("key set: say what to change; see --help");
        Action action = about_key("PATCH");
        action.body = body_.json();
        return action;
    };
    Command leaf = leaves_.add(parent,
                               {"set", "change a key; what is not named stays as it is",
                                "  tidings key set shop KEY --expires-at 2027-01-01T00:00:00Z"},
                               make);
    add_account(leaf);
    add_key(leaf);
    add_rules(leaf);
    leaves_.add_gateway(leaf);
}

void KeyCommands::add_rotate(Command parent)
{
    auto make = [this] {
        Action action = about_key("POST");
        action.target += "/rotate";
        action.body = body_.json();
        action.show = &show_successor;
        return action;
    };
    Command leaf = leaves_.add(parent,
                               {"rotate", "make a successor of a key, and let the key end after a while",
                                "  tidings key rotate shop KEY --overlap 24h"},
                               make);
    add_account(leaf);
    add_key(leaf);
    body_.duration(
        leaf, {"--overlap", "overlap_s", "how long the old key works on: 90s, 30m, 24h (the default), 7d"});
    leaves_.add_gateway(leaf);
}

void KeyCommands::add_remove(Command parent)
{
    auto make = [this] {
        Action action = about_key("DELETE");
        action.show = [subject = action.subject](const auto&) { return subject + " is removed\n"; };
        return action;
    };
    Command leaf = leaves_.add(parent, {"remove", "remove a key: nobody gets in with it any more"}, make);
    add_account(leaf);
    add_key(leaf);
    leaves_.add_gateway(leaf);
}

}  // namespace tidings::cli
