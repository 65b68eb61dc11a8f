// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "api/operation.hpp"

#include "base/error.hpp"

#include <vector>

namespace tidings::api {

// The messages in the body of a request, as `account` would send them: each with an id, its text converted,
// and its cost. `key` is null when it is not an application that asks.
base::Result<std::vector<store::NewMessage>, Problem> read_messages(const Call& call,
                                                                    const store::Account& account,
                                                                    const store::ApiKey* key);

}  // namespace tidings::api
