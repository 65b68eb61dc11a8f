// SPDX-License-Identifier: Apache-2.0
// The limits of an account, as answers. Two kinds are counted: requests, on their headers, and messages,
// when the body has been read. RateLimit-* tell the one that is nearer to its end
// (draft-ietf-httpapi-ratelimit-headers).
#include "api/throttle.hpp"

#include <fmt/format.h>

namespace tidings::api {

namespace {

RateLimits limits_of(const store::Account& account)
{
    return {.requests_per_second = account.requests_per_second,
            .messages_per_second = account.messages_per_second};
}

}  // namespace

std::optional<Problem> refuse_request(const Call& call)
{
    RateLimits limits = limits_of(*call.account);
    auto excess = call.api.rate_limiter.take_request(call.account->key, limits, call.api.clock.steady());
    if (!excess) return {};
    return too_many_requests(
        excess->wait, fmt::format("The account may make {} requests a second.", limits.requests_per_second));
}

std::optional<Problem> refuse_messages(const Call& call, std::size_t count)
{
    RateLimits limits = limits_of(*call.account);
    auto excess =
        call.api.rate_limiter.take_messages(call.account->key, limits, count, call.api.clock.steady());
    if (!excess) return {};
    return too_many_requests(
        excess->wait, fmt::format("The account may send {} messages a second.", limits.messages_per_second));
}

void tell_allowance(const Call& call, http::Response& response)
{
    auto allowance =
        call.api.rate_limiter.allowance(call.account->key, limits_of(*call.account), call.api.clock.steady());
    if (!allowance) return;
    response.headers.emplace_back("RateLimit-Limit", std::to_string(allowance->limit));
    response.headers.emplace_back("RateLimit-Remaining", std::to_string(allowance->remaining));
    response.headers.emplace_back("RateLimit-Reset", std::to_string(allowance->reset.count()));
}

}  // namespace tidings::api
