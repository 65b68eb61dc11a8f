// SPDX-License-Identifier: Apache-2.0
// The service's own way to ask for a balance. Its clients want a number, so an account without limit has a
// large one.
#include "api/operation.hpp"

#include "wire/json_text.hpp"

namespace tidings::api {

namespace {

constexpr std::int64_t unlimited_credits = 1'000'000'000;  // clients want a number

}  // namespace

awaitable<http::Response> get_credits(const Call& call)
{
    store::Credits balance;
    if (call.account->prepaid) balance = co_await call.api.store.credits(call.account->key);
    std::int64_t credits = balance.value_or(unlimited_credits);
    co_return object_response(200, [&](wire::JsonObject& object) {
        object.number("remaining_credits", credits);
        object.number("credits", credits);
        object.null("expiry_date");
    });
}

}  // namespace tidings::api
