// SPDX-License-Identifier: Apache-2.0
// Idempotency keys of requests that are being answered. A key is held from before the store is asked until
// the answer is made, on whichever thread that is.
#include "api/in_flight.hpp"

namespace tidings::api {

InFlight::Hold::Hold(InFlight& keys, store::AccountKey account, std::string key)
    : keys_(keys), key_(account, std::move(key))
{
    std::lock_guard lock(keys_.mutex_);
    // Within this process alone. That two processes with the same store both answer is seen by the store,
    // which accepts once.
    held_ = keys_.keys_.insert(key_).second;
}

InFlight::Hold::~Hold()
{
    if (!held_) return;
    std::lock_guard lock(keys_.mutex_);
    keys_.keys_.erase(key_);
}

}  // namespace tidings::api
