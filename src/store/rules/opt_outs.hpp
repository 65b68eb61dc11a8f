// SPDX-License-Identifier: Apache-2.0
// What a handset asks for when it answers an account: to be on its list of those that are not written to, or
// no more. Accounts without the feature heed that themselves.
#pragma once

#include "store/rules/batch.hpp"

namespace tidings::store::rules {

// Who wrote the reply, should it become this account's: a number without a country code is of its country.
std::string handset_of(const Account& account, const Inbound& reply);

// What heed() has to know, should the reply become this account's. The text of one that comes in parts is not
// known yet, and may ask for anything.
void want_opt_out(const Surroundings& surroundings, AccountKey account, const Inbound& reply, Wants& wants);

// Does what the reply asks for, and says what that is. Who was not on the list before is told once that it is
// now: an answering machine that says STOP gets no second confirmation. That goes out from the number that
// was written to, and past the rules, which would stop it; an account that cannot pay sends none.
message::Wish heed(Batch& batch, const Account& account, const Inbound& reply);

}  // namespace tidings::store::rules
