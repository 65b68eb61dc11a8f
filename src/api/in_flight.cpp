// SPDX-License-Identifier: Apache-2.0
#include "api/in_flight.hpp"

namespace tidings::api {

InFlight::Hold::Hold(InFlight& keys, store::AccountKey account, std::string key)
    : keys_(keys), key_(account, std::move(key))
{
    std::lock_guard lock(keys_.mutex_);
    held_ = keys_.keys_.insert(key_).second;
}

InFlight::Hold::~Hold()
{
    if (!held_) return;
    std::lock_guard lock(keys_.mutex_);
    keys_.keys_.erase(key_);
}

}  // namespace tidings::api
