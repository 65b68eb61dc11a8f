// SPDX-License-Identifier: Apache-2.0
// Everything that the API answers to, as one table: method, path, who may ask, and what does it. Who may ask
// decides on which listener a path exists at all: what is for administrators and monitors is served only
// where the world cannot reach it.
//
// A request is admitted on its headers, by judge(), and looked at again when its body is here: settings may
// have changed while it came, and a key that was revoked meanwhile is good for nothing any more.
#include "api/operation.hpp"
#include "api/throttle.hpp"

#include "base/log.hpp"

#include <cstdlib>
#include <optional>

namespace tidings::api {

namespace {

using boost::beast::http::verb;

enum class Audience {
    everyone,        // on every listener, without credentials
    applications,    // with a key of an account
    monitors,        // from this machine, or with the admin token, and never on a listener for the world
    administrators,  // with the admin token, and never on a listener for the world
};

struct Entry {
    verb method;
    std::string_view pattern;
    Audience audience;
    Operation operation;
};

constexpr Entry operations[] = {
    {verb::post, "/v1/messages", Audience::applications, &post_messages},
    {verb::post, "/v1/messages/preview", Audience::applications, &preview_messages},
    {verb::get, "/v1/messages/{id}", Audience::applications, &get_message},
    {verb::put, "/v1/messages/{id}", Audience::applications, &put_message},
    {verb::get, "/v1/replies", Audience::applications, &get_replies},
    {verb::post, "/v1/replies/confirmed", Audience::applications, &confirm_replies},
    {verb::get, "/v1/delivery_reports", Audience::applications, &get_delivery_reports},
    {verb::post, "/v1/delivery_reports/confirmed", Audience::applications, &confirm_delivery_reports},
    {verb::get, "/v1/messaging/credits", Audience::applications, &get_credits},
    {verb::get, "/v1/number_authorisation/mt/blacklist", Audience::applications, &get_blacklist},
    {verb::post, "/v1/number_authorisation/mt/blacklist", Audience::applications, &post_blacklist},
    {verb::delete_, "/v1/number_authorisation/mt/blacklist/{number}", Audience::applications,
     &delete_from_blacklist},
    {verb::get, "/v1/number_authorisation/is_authorised/{numbers}", Audience::applications,
     &get_authorisation},

    {verb::post, "/v1/webhooks/messages", Audience::applications, &post_webhook},
    {verb::get, "/v1/webhooks/messages", Audience::applications, &get_webhooks},
    {verb::post, "/v1/webhooks/messages/", Audience::applications, &post_webhook},
    {verb::get, "/v1/webhooks/messages/", Audience::applications, &get_webhooks},  // as the SDKs ask
    {verb::get, "/v1/webhooks/messages/{id}", Audience::applications, &get_webhook},
    {verb::patch, "/v1/webhooks/messages/{id}", Audience::applications, &patch_webhook},
    {verb::delete_, "/v1/webhooks/messages/{id}", Audience::applications, &delete_webhook},

    {verb::post, "/v1/iam/signature_keys", Audience::applications, &post_signature_key},
    {verb::get, "/v1/iam/signature_keys", Audience::applications, &get_signature_keys},
    {verb::get, "/v1/iam/signature_keys/enabled", Audience::applications, &get_enabled_signature_key},
    {verb::patch, "/v1/iam/signature_keys/enabled", Audience::applications, &patch_enabled_signature_key},
    {verb::delete_, "/v1/iam/signature_keys/enabled", Audience::applications, &delete_enabled_signature_key},
    {verb::get, "/v1/iam/signature_keys/{key_id}", Audience::applications, &get_signature_key},
    {verb::delete_, "/v1/iam/signature_keys/{key_id}", Audience::applications, &delete_signature_key},

    {verb::get, "/healthz", Audience::everyone, &get_health},
    {verb::get, "/readyz", Audience::everyone, &get_readiness},
    {verb::get, "/openapi.yaml", Audience::everyone, &get_openapi},
    {verb::get, "/metrics", Audience::monitors, &get_metrics},

    {verb::get, "/admin/v1/routes", Audience::administrators, &get_routes},
    {verb::put, "/admin/v1/routes/{route}", Audience::administrators, &put_route},
    {verb::delete_, "/admin/v1/routes/{route}", Audience::administrators, &delete_route},
    {verb::post, "/admin/v1/route_test", Audience::administrators, &test_routes},
    {verb::get, "/admin/v1/messages/{id}/trace", Audience::administrators, &get_trace},
    {verb::post, "/admin/v1/messages/{id}/release", Audience::administrators, &release_message},
    {verb::post, "/admin/v1/messages/{id}/drop", Audience::administrators, &drop_message},
    {verb::get, "/admin/v1/held_messages", Audience::administrators, &get_held_messages},
    {verb::get, "/admin/v1/accounts", Audience::administrators, &get_accounts},
    {verb::post, "/admin/v1/accounts", Audience::administrators, &post_account},
    {verb::get, "/admin/v1/accounts/{account}", Audience::administrators, &get_account},
    {verb::patch, "/admin/v1/accounts/{account}", Audience::administrators, &patch_account},
    {verb::delete_, "/admin/v1/accounts/{account}", Audience::administrators, &delete_account},
    {verb::post, "/admin/v1/accounts/{account}/credits", Audience::administrators, &post_credits},
    {verb::post, "/admin/v1/accounts/{account}/preview", Audience::administrators, &preview_messages_of},
    {verb::get, "/admin/v1/accounts/{account}/keys", Audience::administrators, &get_keys},
    {verb::post, "/admin/v1/accounts/{account}/keys", Audience::administrators, &post_key},
    {verb::get, "/admin/v1/accounts/{account}/keys/{key}", Audience::administrators, &get_key},
    {verb::patch, "/admin/v1/accounts/{account}/keys/{key}", Audience::administrators, &patch_key},
    {verb::delete_, "/admin/v1/accounts/{account}/keys/{key}", Audience::administrators, &delete_key},
    {verb::post, "/admin/v1/accounts/{account}/keys/{key}/rotate", Audience::administrators, &rotate_key},
    {verb::get, "/admin/v1/accounts/{account}/webhooks", Audience::administrators, &get_account_webhooks},
    {verb::post, "/admin/v1/accounts/{account}/webhooks", Audience::administrators, &post_account_webhook},
    {verb::get, "/admin/v1/accounts/{account}/webhooks/{id}", Audience::administrators, &get_account_webhook},
    {verb::patch, "/admin/v1/accounts/{account}/webhooks/{id}", Audience::administrators,
     &patch_account_webhook},
    {verb::delete_, "/admin/v1/accounts/{account}/webhooks/{id}", Audience::administrators,
     &delete_account_webhook},
    {verb::get, "/admin/v1/accounts/{account}/webhook_secret", Audience::administrators,
     &get_webhook_secrets},
    {verb::post, "/admin/v1/accounts/{account}/webhook_secret", Audience::administrators,
     &rotate_webhook_secret},
    {verb::delete_, "/admin/v1/accounts/{account}/webhook_secret", Audience::administrators,
     &delete_webhook_secrets},
    {verb::get, "/admin/v1/numbers", Audience::administrators, &get_numbers},
    {verb::post, "/admin/v1/numbers", Audience::administrators, &post_number},
    {verb::delete_, "/admin/v1/numbers/{number}", Audience::administrators, &delete_number},
    {verb::get, "/admin/v1/unmatched_replies", Audience::administrators, &get_unmatched_replies},
    {verb::get, "/admin/v1/suspected_opt_outs", Audience::administrators, &get_suspected_opt_outs},
    {verb::get, "/admin/v1/links", Audience::administrators, &get_links},
    {verb::post, "/admin/v1/links/{link}/restart", Audience::administrators, &restart_link},
    {verb::get, "/admin/v1/clock", Audience::administrators, &get_clock},
    {verb::post, "/admin/v1/clock/confirm", Audience::administrators, &confirm_clock},
    {verb::get, "/admin/v1/callbacks", Audience::administrators, &get_callbacks},
    {verb::get, "/admin/v1/callbacks/{id}/attempts", Audience::administrators, &get_callback_attempts},
    {verb::post, "/admin/v1/callbacks/replay", Audience::administrators, &replay_callbacks},
    {verb::post, "/admin/v1/accounts/{account}/webhooks/{webhook}/test", Audience::administrators,
     &test_webhook},
};

bool is_served(Audience audience, Served served)
{
    switch (audience) {
    case Audience::everyone: return true;
    case Audience::applications: return served != Served::administration;
    case Audience::monitors:
    case Audience::administrators: return served != Served::applications;
    }
    std::abort();
}

// The key first and the account then: who has no key learns nothing about accounts.
std::optional<Problem> refuse_application(Call& call)
{
    const AuthOptions& options = call.api.options.auth;
    auto key = authenticate(call.request, *call.settings, call.api.clock.now(), options);
    if (!key) return key.error();
    auto account = effective_account(*call.settings, **key, call.request.header("Account"));
    if (!account) return account.error();
    call.key = *key;
    call.account = *account;
    return {};
}

std::optional<Problem> refuse_monitor(const http::Request& request, const ApiOptions& options)
{
    if (options.open_metrics || is_local(request)) return {};
    return refuse_admin(request, options.admin_token);
}

// Why this request may not be answered, as far as its headers say; finds out for whom it acts.
std::optional<Problem> refusal(Call& call, Audience audience)
{
    switch (audience) {
    case Audience::everyone: return {};
    case Audience::monitors: return refuse_monitor(call.request, call.api.options);
    case Audience::administrators: return refuse_admin(call.request, call.api.options.admin_token);
    case Audience::applications: return refuse_application(call);
    }
    std::abort();
}

// Looks once more at a request whose body took its time: its key may have been revoked while it came, and
// only now is there a body to be checked against the signature.
std::optional<Problem> refusal_since(Call& call, Audience audience)
{
    if (call.request.body.empty()) return {};
    // Snapshots are compared by their address: as long as nothing was changed it is the same one, and nothing
    // is judged twice.
    if (auto settings = call.api.store.settings(); settings != call.settings) {
        call.settings = std::move(settings);
        if (auto problem = refusal(call, audience)) return problem;
    }
    return call.key ? refuse_body(call.request, *call.key, call.api.options.auth) : std::nullopt;
}

awaitable<http::Response> operate(const Call& call, const Entry& entry)
{
    try {
        http::Response response = co_await entry.operation(call);
        co_return response;
    // The one thing that an operation may throw and that has an answer of its own. Whatever else is thrown
    // is a fault of ours: the listener logs it and answers 500.
    } catch (const store::Unavailable& error) {
        base::log_warning("request {} from {}: {} not answered: {}", call.request.id, call.request.peer,
                          entry.pattern, error.what());
    }
    co_return response_of(store_unavailable());
}

// Answers a request that was admitted on its headers, when all of it is here.
awaitable<http::Response> answer(Call call, const Entry& entry)
{
    if (auto problem = refusal_since(call, entry.audience)) co_return response_of(*problem);
    http::Response response = co_await operate(call, entry);
    if (call.account) tell_allowance(call, response);
    co_return response;
}

// Whose bodies are read. What everyone and monitors may ask has no body, so that a stranger cannot make us
// read one.
bool reads_body(Audience audience)
{
    return audience == Audience::applications || audience == Audience::administrators;
}

// Judges a request by its headers: who asks, for which account, and whether the account's limits let it ask
// now. Nothing here waits, since it runs on the connection's thread.
http::Judgement judge(Api& api, const Entry& entry, const http::Request& head)
{
    // One snapshot for the whole request. What `key` and `account` point to lives as long as that does.
    Call call{api, head, api.store.settings()};
    // Health, metrics and administration are answered when there are too many connections, too: that is when
    // an operator needs them.
    http::Judgement judgement{.when_full = entry.audience != Audience::applications};
    if (auto problem = refusal(call, entry.audience)) {
        judgement.refusal = response_of(*problem);
        return judgement;
    }
    judgement.reads_body = reads_body(entry.audience);
    if (call.account) {
        // Memory for bodies is shared by accounts: from here on the body is counted as this one's.
        judgement.payer = static_cast<http::Payer>(call.account->key);
        if (auto problem = refuse_request(call)) {
            judgement.refusal = response_of(*problem);
            tell_allowance(call, *judgement.refusal);
            return judgement;
        }
    }
    judgement.answer = [&api, &entry, settings = std::move(call.settings), account = call.account,
                        key = call.key](const http::Request& request) {
        return answer(Call{api, request, settings, account, key}, entry);
    };
    return judgement;
}

}  // namespace

void add_operations(http::Router& router, Api& api, Served served)
{
    for (const Entry& entry : operations) {
        // Not there at all, rather than forbidden: a listener for the world does not even tell that there are
        // more paths.
        if (!is_served(entry.audience, served)) continue;
        http::Judge judge_entry = [&api, &entry](const http::Request& head) {
            return judge(api, entry, head);
        };
        router.add(entry.method, entry.pattern, std::move(judge_entry));
    }
}

}  // namespace tidings::api
