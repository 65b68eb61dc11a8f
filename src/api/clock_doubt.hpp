// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.hpp"
#include "wire/json_text.hpp"

namespace tidings::api {

// By how much the wall clock differs from the time that the gateway goes by, and how long still.
void append_doubt(wire::JsonObject& object, const base::ClockDoubt& doubt);

}  // namespace tidings::api
