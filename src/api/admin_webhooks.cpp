// SPDX-License-Identifier: Apache-2.0
// What an operator does for an account: the same operations that its own applications have, and the secrets
// by which its receivers verify signatures (Standard Webhooks). Secrets are shown once. While one is being
// replaced, requests are signed by both.
#include "api/admin.hpp"
#include "api/webhooks.hpp"

#include "webhook/signature.hpp"
#include "wire/json_text.hpp"

namespace tidings::api {

namespace {

const store::Account* account_of_path(const Call& call)
{
    return find_account(*call.settings, call.request.parameters[0]);
}

void append_secret(std::string& out, const store::WebhookSecret& secret)
{
    wire::JsonObject object(out);
    object.time("created_at", secret.created_at);
    object.time_or_null("expires_at", secret.expires_at);
}

}  // namespace

awaitable<http::Response> get_account_webhooks(const Call& call)
{
    const store::Account* account = account_of_path(call);
    if (!account) co_return response_of(not_found());
    co_return list_response("webhooks", call.settings->webhooks_of(account->key), append_webhook);
}

awaitable<http::Response> post_account_webhook(const Call& call)
{
    const store::Account* account = account_of_path(call);
    if (!account) co_return response_of(not_found());
    co_return co_await add_webhook(call, *account);
}

awaitable<http::Response> get_account_webhook(const Call& call)
{
    const store::Account* account = account_of_path(call);
    if (!account) co_return response_of(not_found());
    co_return show_webhook(call, *account, call.request.parameters[1]);
}

awaitable<http::Response> patch_account_webhook(const Call& call)
{
    const store::Account* account = account_of_path(call);
    if (!account) co_return response_of(not_found());
    co_return co_await change_webhook(call, *account, call.request.parameters[1]);
}

awaitable<http::Response> delete_account_webhook(const Call& call)
{
    const store::Account* account = account_of_path(call);
    if (!account) co_return response_of(not_found());
    co_return co_await remove_webhook(call, *account, call.request.parameters[1]);
}

awaitable<http::Response> get_webhook_secrets(const Call& call)
{
    const store::Account* account = account_of_path(call);
    if (!account) co_return response_of(not_found());
    co_return list_response("secrets", call.settings->webhook_secrets_of(account->key), append_secret);
}

awaitable<http::Response> rotate_webhook_secret(const Call& call)
{
    const store::Account* account = account_of_path(call);
    if (!account) co_return response_of(not_found());
    // A rotation has nothing that must be said, so that a request without a body is one with the default
    // overlap.
    BodyFields fields(call.request.body.empty() ? "{}" : std::string_view(call.request.body));
    std::chrono::seconds overlap = overlap_in(fields);
    if (auto faults = fields.faults(); !faults.empty()) co_return response_of(bad_request(std::move(faults)));

    store::WebhookSecret secret;
    secret.secret = base::random_bytes(webhook::secret_size);
    secret.created_at = call.api.clock.now();
    base::Time until = secret.created_at + overlap;
    co_await call.api.store.rotate_webhook_secret(account->key, secret, until);
    co_return object_response(201, [&](wire::JsonObject& object) {
        object.text("secret", webhook::written_secret(secret.secret));
        object.time("created_at", secret.created_at);
        if (call.settings->webhook_secrets_of(account->key).empty())
            object.null("other_until");
        else
            object.time("other_until", until);
    });
}

awaitable<http::Response> delete_webhook_secrets(const Call& call)
{
    const store::Account* account = account_of_path(call);
    if (!account) co_return response_of(not_found());
    auto removed = co_await call.api.store.remove_webhook_secrets(account->key);
    if (!removed) co_return response_of(problem_of(removed.error()));
    co_return no_content();
}

}  // namespace tidings::api
