// SPDX-License-Identifier: Apache-2.0
// What every operation of the API is made of. routes.cpp decides who may call which; an operation begins
// after that.
#pragma once

#include "api/api.hpp"
#include "api/problem.hpp"
#include "wire/json_text.hpp"

#include <boost/asio/awaitable.hpp>

#include <memory>
#include <string>
#include <string_view>

namespace tidings::api {

using boost::asio::awaitable;

// One request, admitted. Lives until its operation has completed.
struct Call {
    Api& api;
    const http::Request& request;
    std::shared_ptr<const store::Settings> settings;  // shared with all who still read that version
    const store::Account* account = nullptr;  // in settings: for whom an application acts; others have none
    const store::ApiKey* key = nullptr;       // in settings: with which it does
};

using Operation = awaitable<http::Response> (*)(const Call& call);

awaitable<http::Response> post_messages(const Call& call);
awaitable<http::Response> preview_messages(const Call& call);
awaitable<http::Response> get_message(const Call& call);
awaitable<http::Response> put_message(const Call& call);
awaitable<http::Response> get_replies(const Call& call);
awaitable<http::Response> confirm_replies(const Call& call);
awaitable<http::Response> get_delivery_reports(const Call& call);
awaitable<http::Response> confirm_delivery_reports(const Call& call);
awaitable<http::Response> get_credits(const Call& call);

awaitable<http::Response> post_webhook(const Call& call);
awaitable<http::Response> get_webhooks(const Call& call);
awaitable<http::Response> get_webhook(const Call& call);
awaitable<http::Response> patch_webhook(const Call& call);
awaitable<http::Response> delete_webhook(const Call& call);
awaitable<http::Response> post_signature_key(const Call& call);
awaitable<http::Response> get_signature_keys(const Call& call);
awaitable<http::Response> get_signature_key(const Call& call);
awaitable<http::Response> delete_signature_key(const Call& call);
awaitable<http::Response> get_enabled_signature_key(const Call& call);
awaitable<http::Response> patch_enabled_signature_key(const Call& call);
awaitable<http::Response> delete_enabled_signature_key(const Call& call);
awaitable<http::Response> get_blacklist(const Call& call);
awaitable<http::Response> post_blacklist(const Call& call);
awaitable<http::Response> delete_from_blacklist(const Call& call);
awaitable<http::Response> get_authorisation(const Call& call);

awaitable<http::Response> get_health(const Call& call);
awaitable<http::Response> get_readiness(const Call& call);
awaitable<http::Response> get_metrics(const Call& call);
awaitable<http::Response> get_openapi(const Call& call);

awaitable<http::Response> get_routes(const Call& call);
awaitable<http::Response> put_route(const Call& call);
awaitable<http::Response> delete_route(const Call& call);
awaitable<http::Response> test_routes(const Call& call);

awaitable<http::Response> get_trace(const Call& call);
awaitable<http::Response> get_held_messages(const Call& call);
awaitable<http::Response> release_message(const Call& call);
awaitable<http::Response> drop_message(const Call& call);
awaitable<http::Response> preview_messages_of(const Call& call);

awaitable<http::Response> get_accounts(const Call& call);
awaitable<http::Response> post_account(const Call& call);
awaitable<http::Response> get_account(const Call& call);
awaitable<http::Response> patch_account(const Call& call);
awaitable<http::Response> delete_account(const Call& call);
awaitable<http::Response> post_credits(const Call& call);
awaitable<http::Response> get_keys(const Call& call);
awaitable<http::Response> post_key(const Call& call);
awaitable<http::Response> get_key(const Call& call);
awaitable<http::Response> patch_key(const Call& call);
awaitable<http::Response> delete_key(const Call& call);
awaitable<http::Response> rotate_key(const Call& call);
awaitable<http::Response> get_numbers(const Call& call);
awaitable<http::Response> post_number(const Call& call);
awaitable<http::Response> delete_number(const Call& call);
awaitable<http::Response> get_unmatched_replies(const Call& call);
awaitable<http::Response> get_suspected_opt_outs(const Call& call);
awaitable<http::Response> get_links(const Call& call);
awaitable<http::Response> restart_link(const Call& call);
awaitable<http::Response> get_account_webhooks(const Call& call);
awaitable<http::Response> post_account_webhook(const Call& call);
awaitable<http::Response> get_account_webhook(const Call& call);
awaitable<http::Response> patch_account_webhook(const Call& call);
awaitable<http::Response> delete_account_webhook(const Call& call);
awaitable<http::Response> get_webhook_secrets(const Call& call);
awaitable<http::Response> rotate_webhook_secret(const Call& call);
awaitable<http::Response> delete_webhook_secrets(const Call& call);
awaitable<http::Response> get_callbacks(const Call& call);
awaitable<http::Response> get_callback_attempts(const Call& call);
awaitable<http::Response> replay_callbacks(const Call& call);
awaitable<http::Response> test_webhook(const Call& call);
awaitable<http::Response> get_clock(const Call& call);
awaitable<http::Response> confirm_clock(const Call& call);

using http::json_response;

// An answer that is one object: `fill(object)` writes its fields.
template <class Fill>
http::Response object_response(unsigned status, Fill fill)
{
    std::string body;
    {
        wire::JsonObject object(body);
        fill(object);
    }
    return json_response(status, std::move(body));
}

// The answer {"name":[…]}; `append(out, item)` writes one item.
template <class Items, class Append>
http::Response list_response(std::string_view name, const Items& items, Append append)
{
    return object_response(200, [&](wire::JsonObject& object) { object.list(name, items, append); });
}

http::Response no_content();

// The OpenAPI description as it was when this program was built.
std::string_view openapi_text();

}  // namespace tidings::api
