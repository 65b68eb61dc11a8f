// SPDX-License-Identifier: Apache-2.0
// Keys of an account. A secret is shown once, when it is made, and says so.
#include "cli/leaves.hpp"

#include <fmt/format.h>
#include <boost/json.hpp>

namespace tidings::cli {

namespace {

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

void add_account(Command leaf, Asked& asked)
{
    asked.argument(leaf, "account", "the account's id").type_name("ID");
}

void add_key(Command leaf, Asked& asked)
{
    add_account(leaf, asked);
    asked.argument(leaf, "key", "the key, as the list shows it").type_name("KEY");
}

void add_rules(Command leaf, BodyOptions& body)
{
    body.time_or_never(leaf, {"--expires-at", "expires_at", "when it ends, as 2027-01-01T00:00:00Z"});
    body.on_off(
        leaf, {"--body-digest-required", "body_digest_required", "hmac: whether bodies must be signed, too"});
    body.on_off(leaf, {"--sha1-allowed", "sha1_allowed", "hmac: whether signatures may be by SHA-1"});
    body.text(leaf, {"--priority", "priority", "of what is sent with it (default: the account's)"})
        .type_name("high|normal|low")
        .one_of({"high", "normal", "low"});
}

void add_new(Command leaf, Asked& asked)
{
    add_account(leaf, asked);
    asked.words["scheme"] = "basic";
    asked.option(leaf, "scheme", "how requests prove that they know the secret")
        .type_name("basic|hmac")
        .one_of({"basic", "hmac"})
        .shows_default();
    add_rules(leaf, asked.body);
}

void add_changes(Command leaf, Asked& asked)
{
    add_key(leaf, asked);
    add_rules(leaf, asked.body);
}

void add_overlap(Command leaf, Asked& asked)
{
    add_key(leaf, asked);
    asked.body.duration(
        leaf, {"--overlap", "overlap_s", "how long the old key works on: 90s, 30m, 24h (the default), 7d"});
}

const Leaf leaves[] = {
    {.name = "list",
     .description = "the keys of an account, without their secrets",
     .path = "/accounts/{account}/keys",
     .subject = "account {account}",
     .options = add_account,
     .show = table("keys", fields)},
    {.name = "add",
     .description = "make a key and print it with its secret",
     .examples = "  tidings key add shop\n"
                 "  tidings key add shop --scheme hmac --sha1-allowed off",
     .method = "POST",
     .path = "/accounts/{account}/keys",
     .subject = "account {account}",
     .options = add_new,
     .sends = Sends::body,
     .complete = [](Asked& asked) { asked.body.set("scheme", boost::json::value(asked.word("scheme"))); },
     .show = show_new_key},
    {.name = "set",
     .description = "change a key; what is not named stays as it is",
     .examples = "  tidings key set shop KEY --expires-at 2027-01-01T00:00:00Z",
     .method = "PATCH",
     .path = "/accounts/{account}/keys/{key}",
     .subject = "key {key} of account {account}",
     .options = add_changes,
     .sends = Sends::change,
     .show = lines(fields)},
    {.name = "rotate",
     .description = "make a successor of a key, and let the key end after a while",
     .examples = "  tidings key rotate shop KEY --overlap 24h",
     .method = "POST",
     .path = "/accounts/{account}/keys/{key}/rotate",
     .subject = "key {key} of account {account}",
     .options = add_overlap,
     .sends = Sends::body,
     .show = show_successor},
    {.name = "remove",
     .description = "remove a key: nobody gets in with it any more",
     .method = "DELETE",
     .path = "/accounts/{account}/keys/{key}",
     .subject = "key {key} of account {account}",
     .options = add_key,
     .done = "is removed"},
};

}  // namespace

std::span<const Leaf> key_leaves() { return leaves; }

}  // namespace tidings::cli
