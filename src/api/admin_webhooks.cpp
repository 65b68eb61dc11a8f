// SPDX-License-Identifier: Apache-2.0
#include "api/admin.hpp"
#include "api/webhooks.hpp"

#include "webhook/signature.hpp"
#include "wire/json_text.hpp"

namespace tidings::api {

namespace {

// As for keys: a day for receivers to learn the new secret, and not so long that a leaked one is forgotten.
constexpr std::chrono::seconds overlap_default = std::chrono::hours(24);
constexpr std::chrono::seconds overlap_max = std::chrono::days(30);

const store::Account* account_of_path(const Call& call)
{
    return find_account(*call.settings, call.request.parameters[0]);
}

void append_secret(std::string& out, const store::WebhookSecret& secret)
{
    wire::JsonObject object(out);
    object.text("created_at", base::to_iso(secret.created_at));
    if (secret.expires_at)
        object.text("expires_at", base::to_iso(*secret.expires_at));
    else
        object.null("expires_at");
}

}  // namespace

awaitable<http::Response> get_account_webhooks(const Call& call)
{
    const store::Account* account = account_of_path(call);
    if (!account) co_return response_of(not_found());
    std::string body = R"({"webhooks":)";
    append_list(body, call.settings->webhooks_of(account->key), append_webhook);
    body += '}';
    co_return json_response(200, std::move(body));
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
    std::string body = R"({"secrets":)";
    append_list(body, call.settings->webhook_secrets_of(account->key), append_secret);
    body += '}';
    co_return json_response(200, std::move(body));
}

awaitable<http::Response> rotate_webhook_secret(const Call& call)
{
    const store::Account* account = account_of_path(call);
    if (!account) co_return response_of(not_found());
    BodyFields fields(call.request.body.empty() ? "{}" : std::string_view(call.request.body));
    auto seconds = fields.integer("overlap_s", {0, overlap_max.count()});
    if (auto faults = fields.faults(); !faults.empty()) co_return response_of(bad_request(std::move(faults)));

    store::WebhookSecret secret;
    secret.secret = base::random_bytes(webhook::secret_size);
    secret.created_at = call.api.clock.now();
    base::Time until = secret.created_at + std::chrono::seconds(seconds.value_or(overlap_default.count()));
    co_await call.api.store.rotate_webhook_secret(account->key, secret, until);
    std::string body;
    {
        wire::JsonObject object(body);
        object.text("secret", webhook::written_secret(secret.secret));
        object.text("created_at", base::to_iso(secret.created_at));
        if (call.settings->webhook_secrets_of(account->key).empty())
            object.null("other_until");
        else
            object.text("other_until", base::to_iso(until));
    }
    co_return json_response(201, std::move(body));
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
