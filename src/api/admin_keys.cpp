// SPDX-License-Identifier: Apache-2.0
// Keys of an account. A secret is shown once, in the answer that made it. Rotating makes a successor with
// the same rules and ends the key after an overlap, so that applications can change over one by one; it
// never gives a key more time than it had.
#include "api/admin.hpp"
#include "api/new_key.hpp"

#include "wire/json_text.hpp"

#include <algorithm>

namespace tidings::api {

namespace {

using store::KeyScheme;

constexpr std::pair<std::string_view, KeyScheme> schemes[] = {{"basic", KeyScheme::basic},
                                                              {"hmac", KeyScheme::hmac}};

std::string_view name(KeyScheme scheme)
{
    return std::ranges::find(schemes, scheme, [](const auto& it) { return it.second; })->first;
}

// Writes all fields of a key but its secret, which nobody gets to see after the answer that made the key.
void append_fields(wire::JsonObject& object, const Call& call, const store::ApiKey& key)
{
    object.text("key", key.name);
    object.text("scheme", name(key.scheme));
    object.text("account", call.settings->accounts.at(key.account).id);
    object.time_or_null("expires_at", key.expires_at);
    object.text_or_null("priority", key.priority ? message::name(*key.priority) : "");
    object.boolean("expired", key.expires_at && *key.expires_at <= call.api.clock.now());
    if (key.scheme != KeyScheme::hmac) return;
    object.boolean("body_digest_required", key.body_digest_required);
    object.boolean("sha1_allowed", key.sha1_allowed);
}

void append_key(std::string& out, const Call& call, const store::ApiKey& key)
{
    wire::JsonObject object(out);
    append_fields(object, call, key);
}

void append_new_key(wire::JsonObject& object, const Call& call, const NewKey& made)
{
    append_fields(object, call, made.key);
    object.text("secret", made.secret);
}

// The rules of a key that a body changes. Null takes a rule away, "never" or "as the account's", which is not
// the same as a field that is absent.
struct KeyChange {
    bool never_expires = false;
    std::optional<base::Time> expires_at;
    std::optional<bool> body_digest_required, sha1_allowed;
    bool priority_of_account = false;
    std::optional<message::Priority> priority;

    // `scheme`: of the key; nothing: it is not known, which is a fault already.
    KeyChange(BodyFields& fields, std::optional<KeyScheme> scheme)
    {
        never_expires = fields.take_null("expires_at");
        expires_at = fields.time("expires_at");
        body_digest_required = fields.boolean("body_digest_required");
        sha1_allowed = fields.boolean("sha1_allowed");
        priority_of_account = fields.take_null("priority");
        priority = fields.choice<message::Priority>("priority", priorities);
        if (scheme != KeyScheme::basic) return;
        for (std::string_view field : {"body_digest_required", "sha1_allowed"})
            if (fields.has(field)) fields.fault(field, "is for keys with the scheme hmac");
    }

    void apply(store::ApiKey& key) const
    {
        if (never_expires) key.expires_at.reset();
        if (expires_at) key.expires_at = expires_at;
        if (body_digest_required) key.body_digest_required = *body_digest_required;
        if (sha1_allowed) key.sha1_allowed = *sha1_allowed;
        if (priority_of_account) key.priority.reset();
        if (priority) key.priority = priority;
    }
};

// The key that the path names; nullptr: no such account, or no such key of it.
const store::ApiKey* key_of_path(const Call& call)
{
    const store::Account* account = find_account(*call.settings, call.request.parameters[0]);
    auto found = call.settings->keys.find(call.request.parameters[1]);
    // Names of keys are unique over all accounts. A key of another account is as good as none here, so that a
    // mistyped path cannot change it.
    bool is_own = account && found != call.settings->keys.end() && found->second.account == account->key;
    return is_own ? &found->second : nullptr;
}

http::Response key_response(const Call& call, const store::ApiKey& key)
{
    std::string body;
    append_key(body, call, key);
    return json_response(200, std::move(body));
}

}  // namespace

awaitable<http::Response> get_keys(const Call& call)
{
    const store::Account* account = find_account(*call.settings, call.request.parameters[0]);
    if (!account) co_return response_of(not_found());
    std::vector<const store::ApiKey*> keys;
    // Through all keys there are. This is the operator's list; requests find their key by its name.
    for (const auto& [_, key] : call.settings->keys)
        if (key.account == account->key) keys.push_back(&key);
    std::ranges::sort(keys, {}, &store::ApiKey::name);
    co_return list_response("keys", keys,
                            [&](std::string& out, const store::ApiKey* key) { append_key(out, call, *key); });
}

awaitable<http::Response> get_key(const Call& call)
{
    const store::ApiKey* key = key_of_path(call);
    if (!key) co_return response_of(not_found());
    co_return key_response(call, *key);
}

awaitable<http::Response> post_key(const Call& call)
{
    const store::Account* account = find_account(*call.settings, call.request.parameters[0]);
    if (!account) co_return response_of(not_found());
    BodyFields fields(call.request.body);
    auto scheme = fields.choice<KeyScheme>("scheme", schemes);
    if (!scheme) fields.fault("scheme", "is required");
    KeyChange rules(fields, scheme);
    // Of a new key only. To give an old one an end in the past is a way to end it at once.
    if (rules.expires_at && *rules.expires_at <= call.api.clock.now())
        fields.fault("expires_at", "must be in the future");
    if (auto faults = fields.faults(); !faults.empty()) co_return response_of(bad_request(std::move(faults)));

    NewKey made = make_key(account->key, *scheme);
    rules.apply(made.key);
    co_await call.api.store.add_key(made.key);
    co_return object_response(201, [&](wire::JsonObject& object) { append_new_key(object, call, made); });
}

awaitable<http::Response> patch_key(const Call& call)
{
    const store::ApiKey* key = key_of_path(call);
    if (!key) co_return response_of(not_found());
    BodyFields fields(call.request.body);
    KeyChange change(fields, key->scheme);
    fields.require_any();
    if (auto faults = fields.faults(); !faults.empty()) co_return response_of(bad_request(std::move(faults)));

    auto edit = [change](store::ApiKey& it) { change.apply(it); };
    auto changed = co_await call.api.store.change_key(key->account, key->name, std::move(edit));
    if (!changed) co_return response_of(problem_of(changed.error()));
    co_return key_response(call, *changed);
}

awaitable<http::Response> delete_key(const Call& call)
{
    const store::ApiKey* key = key_of_path(call);
    if (!key) co_return response_of(not_found());
    auto removed = co_await call.api.store.remove_key(key->account, key->name);
    if (!removed) co_return response_of(problem_of(removed.error()));
    co_return no_content();
}

awaitable<http::Response> rotate_key(const Call& call)
{
    const store::ApiKey* key = key_of_path(call);
    if (!key) co_return response_of(not_found());
    BodyFields fields(call.request.body.empty() ? "{}" : std::string_view(call.request.body));
    std::chrono::seconds overlap = overlap_in(fields);
    if (auto faults = fields.faults(); !faults.empty()) co_return response_of(bad_request(std::move(faults)));

    NewKey made = make_key(key->account, key->scheme);
    made.key.body_digest_required = key->body_digest_required;
    made.key.sha1_allowed = key->sha1_allowed;
    // And no expires_at: the successor of a key that was about to end is not to end with it.
    made.key.priority = key->priority;
    base::Time until = call.api.clock.now() + overlap;
    auto rotated = co_await call.api.store.rotate_key(key->name, made.key, until);
    if (!rotated) co_return response_of(problem_of(rotated.error()));
    co_return object_response(201, [&](wire::JsonObject& object) {
        append_new_key(object, call, made);
        wire::JsonObject replaced(object.value("replaces"));
        replaced.text("key", key->name);
        replaced.text("expires_at", base::to_iso(std::min(until, key->expires_at.value_or(until))));
    });
}

}  // namespace tidings::api
