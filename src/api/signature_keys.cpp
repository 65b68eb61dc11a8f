// SPDX-License-Identifier: Apache-2.0
// RSA keys with which an account's callbacks are signed. Only the public half ever leaves, once, when it is
// made.
#include "api/admin.hpp"
#include "api/query.hpp"

#include "base/utf8.hpp"
#include "message/limits.hpp"
#include "wire/body.hpp"
#include "wire/json_text.hpp"

#include <fmt/format.h>
#include <boost/json/value.hpp>

namespace tidings::api {

namespace {

using message::SignatureDigest;

constexpr std::string_view cipher = "RSA";

enum class PublicKey { shown, left_out };

void append_key(std::string& out, const store::SignatureKey& key, PublicKey public_key)
{
    wire::JsonObject object(out);
    object.id("key_id", key.id);
    if (public_key == PublicKey::shown) object.text("public_key", base::to_base64(key.public_key));
    object.text("cipher", cipher);
    object.text("digest", message::name(key.digest));
    object.time("created", key.created_at);
    object.boolean("enabled", key.enabled);
}

http::Response key_response(const store::SignatureKey& key)
{
    std::string body;
    append_key(body, key, PublicKey::left_out);
    return json_response(200, std::move(body));
}

// The service answers the requests of this family in other words than all others, and its clients know these.
http::Response bad_key_request(std::vector<std::string> details)
{
    return response_of({.status = 400, .message = "Bad Request", .details = std::move(details)});
}
http::Response no_key_enabled()
{
    return response_of({.status = 404, .message = "Currently no key is enabled"});
}
http::Response no_such_key() { return response_of({.status = 404, .message = "Entity not found"}); }

bool is_off(const Call& call) { return !call.account->features.has(store::Feature::signature_keys); }

// The newest documentation of the vendor writes SHA-512, the reference SHA512.
std::optional<SignatureDigest> digest_in(std::string name)
{
    std::erase(name, '-');
    return message::digest_named(name);
}

// The key that the path names; nullptr: the account has none of that id.
const store::SignatureKey* key_of_path(const Call& call)
{
    auto id = base::Uuid::parse(call.request.parameters[0]);
    return id ? call.settings->find_signature_key(call.account->key, *id) : nullptr;
}

// The text of a field; empty when it is absent or no text. It is cut to what may be shown in a fault, which
// is longer than any text that is right.
std::string text_in(const boost::json::object& body, std::string_view name)
{
    const boost::json::value* field = body.if_contains(name);
    if (!field || !field->is_string()) return {};
    return std::string(base::utf8_prefix(field->get_string(), message::field_name_shown_max));
}

http::Response unparsable()
{
    return response_of(bad_request(wire::faults_of(wire::BadBody::no_object).details));
}

}  // namespace

awaitable<http::Response> post_signature_key(const Call& call)
{
    if (is_off(call)) co_return response_of(feature_off());
    auto body = wire::parse_object(call.request.body);
    if (!body) co_return unparsable();
    std::string digest_name = text_in(*body, "digest"), cipher_name = text_in(*body, "cipher");
    auto digest = digest_in(digest_name);
    std::vector<std::string> faults;
    if (cipher_name != cipher) faults.push_back(fmt::format("/cipher: [{}] is invalid", cipher_name));
    if (!digest) faults.push_back(fmt::format("/digest: [{}] is invalid", digest_name));
    if (!faults.empty()) co_return bad_key_request(std::move(faults));

    // After everything that may be wrong with the request: this is what costs.
    auto pair = co_await call.api.key_maker.make();
    if (!pair)
        co_return response_of(
            too_many_requests(std::chrono::seconds(1), "Other signature keys are being made."));
    store::SignatureKey key;
    key.id = call.api.ids.next();
    key.account = call.account->key;
    key.digest = *digest;
    key.private_key = std::move(pair->private_der);
    key.public_key = std::move(pair->public_der);
    key.created_at = call.api.clock.now();
    auto added = co_await call.api.store.add_signature_key(key);
    if (!added) co_return response_of(problem_of(added.error()));
    std::string answer;
    append_key(answer, key, PublicKey::shown);
    co_return json_response(201, std::move(answer));
}

awaitable<http::Response> get_signature_keys(const Call& call)
{
    if (is_off(call)) co_return response_of(feature_off());
    // The documentation requires both; the vendor's SDK sends neither.
    std::vector<std::string> faults;
    Page page = page_in(call.request.query, {"page", "page_size"}, 1, faults);
    if (!faults.empty()) co_return bad_key_request(std::move(faults));
    std::string body;
    wire::append_list(body, items_on(page, 1, call.settings->signature_keys_of(call.account->key)),
                      [](std::string& out, const auto& key) { append_key(out, key, PublicKey::left_out); });
    co_return json_response(200, std::move(body));
}

awaitable<http::Response> get_signature_key(const Call& call)
{
    if (is_off(call)) co_return response_of(feature_off());
    const store::SignatureKey* key = key_of_path(call);
    if (!key) co_return no_such_key();
    co_return key_response(*key);
}

awaitable<http::Response> delete_signature_key(const Call& call)
{
    if (is_off(call)) co_return response_of(feature_off());
    const store::SignatureKey* key = key_of_path(call);
    if (!key) co_return no_such_key();
    auto removed = co_await call.api.store.remove_signature_key(key->account, key->id);
    // Another request was faster.
    if (!removed) co_return no_such_key();
    co_return json_response(200, "{}");
}

awaitable<http::Response> get_enabled_signature_key(const Call& call)
{
    if (is_off(call)) co_return response_of(feature_off());
    const store::SignatureKey* key = call.settings->enabled_signature_key(call.account->key);
    if (!key) co_return no_key_enabled();
    co_return key_response(*key);
}

// One key at most signs. Enabling another one ends the one before in the same change.
awaitable<http::Response> patch_enabled_signature_key(const Call& call)
{
    if (is_off(call)) co_return response_of(feature_off());
    auto body = wire::parse_object(call.request.body);
    if (!body) co_return unparsable();
    std::string text = text_in(*body, "key_id");
    if (text.empty()) co_return bad_key_request({"/key_id: Key id cannot be null"});
    auto id = base::Uuid::parse(text);
    if (!id) co_return bad_key_request({fmt::format("/key_id: [{}] is invalid", text)});
    const store::SignatureKey* found = call.settings->find_signature_key(call.account->key, *id);
    if (!found) co_return no_such_key();
    auto enabled = co_await call.api.store.enable_signature_key(call.account->key, *id);
    if (!enabled) co_return no_such_key();
    store::SignatureKey key = *found;
    key.enabled = true;
    co_return key_response(key);
}

awaitable<http::Response> delete_enabled_signature_key(const Call& call)
{
    if (is_off(call)) co_return response_of(feature_off());
    auto disabled = co_await call.api.store.enable_signature_key(call.account->key, std::nullopt);
    if (!disabled) co_return response_of(problem_of(disabled.error()));
    co_return no_content();
}

}  // namespace tidings::api
