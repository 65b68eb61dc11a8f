// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "store/rules/batch.hpp"

namespace tidings::store::rules {

// Tells a handset that it is on the list now. Once, to who was not on it before: an answering machine that
// says STOP gets no second one. It goes out from the number that was written to, and past the rules, which
// would stop it. The account's balance must have been wanted; one that cannot pay sends none.
void confirm_opt_out(Batch& batch, const Account& account, const Inbound& inbound);

}  // namespace tidings::store::rules
