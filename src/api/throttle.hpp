// SPDX-License-Identifier: Apache-2.0
// The rate limits of the account for which a call is made, if it has any.
#pragma once

#include "api/operation.hpp"

#include <cstddef>
#include <optional>

namespace tidings::api {

// Why this call comes too soon after others of its account; counts it otherwise.
std::optional<Problem> refuse_request(const Call& call);

// Why the account may not send `count` messages now, which is at most what one request may hold; counts them
// otherwise. All or none of them.
std::optional<Problem> refuse_messages(const Call& call, std::size_t count);

// Adds RateLimit-Limit, -Remaining and -Reset, of whichever limit is nearer, when the account has one.
void tell_allowance(const Call& call, http::Response& response);

}  // namespace tidings::api
