// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "store/records.hpp"
#include "store/settings.hpp"

namespace tidings::store {

// A message as `account` would send it: an SMS with its text converted as the account wants it, any with its
// cost by what goes out, and with the account's priority, which a key may change.
NewMessage new_message(const base::Uuid& id, message::Submission submission, const Account& account);

}  // namespace tidings::store
