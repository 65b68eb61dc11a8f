// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "store/settings.hpp"

#include <string>

namespace tidings::api {

struct NewKey {
    store::ApiKey key;
    std::string secret;  // to be shown once
};

// A name and a secret of the sizes for which the older SDKs do not warn: 20 and 30 characters.
NewKey make_key(store::AccountKey account, store::KeyScheme scheme);

}  // namespace tidings::api
