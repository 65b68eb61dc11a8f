// SPDX-License-Identifier: Apache-2.0
// Messages that wait for the operator. Some match a pattern that their account is screened with. And a link
// that must not send anything twice marks what it is about to submit; what is in doubt there is held, and so
// is what was marked when the process ended.
#pragma once

#include "store/rules/admission.hpp"
#include "store/rules/item.hpp"

namespace tidings::store::rules {

class DecideHeld : public Item {
public:
    enum class Decision { release, drop };
    DecideHeld(const MessageKey& key, Decision decision) : message_{.key = key}, decision_(decision) {}
    void first(const Surroundings& surroundings, Wants& wants) override;
    void second(const Surroundings& surroundings, const Facts& facts, Wants& wants) override;
    void decide(Batch& batch) override;

    base::Result<void> result;  // not_found, not_held

private:
    void release(Batch& batch, MessageRow& row);

    Waiting message_;
    Decision decision_;
};

}  // namespace tidings::store::rules
