// SPDX-License-Identifier: Apache-2.0
// What applications do with their webhooks, and the operator with those of any account.
#pragma once

#include "api/operation.hpp"

namespace tidings::api {

void append_webhook(std::string& out, const store::Webhook& webhook);

// `account` is in the settings of the call, and so is what `id`, a text from the path, may name.
awaitable<http::Response> add_webhook(const Call& call, const store::Account& account);
http::Response show_webhook(const Call& call, const store::Account& account, std::string_view id);
awaitable<http::Response> change_webhook(const Call& call, const store::Account& account,
                                         std::string_view id);
awaitable<http::Response> remove_webhook(const Call& call, const store::Account& account,
                                         std::string_view id);

}  // namespace tidings::api
