// SPDX-License-Identifier: Apache-2.0
// Who is told of an event. The receivers are the callback_url of the message or, where there is none, the
// webhooks of its account that want to hear of such events; both, when the account says so. Each receiver has
// a callback of its own, which is tried and given up apart from the others.
#pragma once

#include "store/rules/batch.hpp"

namespace tidings::store::rules {

// What happened. `row` has its key without a webhook, and no endpoint yet.
struct Told {
    CallbackRow row;
    Callback callback;
    std::optional<base::Uuid> only{};  // the one receiver that is to hear of it; nil: the callback_url
};

// Whether anybody is told of what befalls this message. Where nobody is, nothing of it need be made.
bool is_heard(const Surroundings& surroundings, const MessageRow& row);

void tell(Batch& batch, Told told);

// For one receiver, whom `row` names.
void queue_callback(Batch& batch, Callback callback, CallbackRow row);

}  // namespace tidings::store::rules
