// SPDX-License-Identifier: Apache-2.0
// Messages that wait for their time, or for the hours in which their account sends.
#pragma once

#include "store/rules/batch.hpp"

namespace tidings::store::rules {

// The first instant, `time` or later, at which the account's hours let the message leave.
base::Time first_allowed(const Surroundings& surroundings, const MessageRow& row, base::Time time);

// It waits until then.
void postpone(MessageRow& row, base::Time until, base::Time now);

}  // namespace tidings::store::rules
