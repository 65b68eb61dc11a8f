// SPDX-License-Identifier: Apache-2.0
// Messages that wait for their time, or for the hours in which their account sends.
#pragma once

#include "store/rules/item.hpp"

namespace tidings::store::rules {

// The first instant, `time` or later, at which the account's hours let the message leave.
base::Time first_allowed(const Surroundings& surroundings, const MessageRow& row, base::Time time);

// It waits until then.
void postpone(MessageRow& row, base::Time until, base::Time now);

// Messages that wait, after the hours of their account changed. Each is to leave when the present hours let
// it, counted from the time that its application wants: that may be later than before, or sooner. One for
// which nothing changes stays as it is, so that it does no harm to meet a message twice.
class PostponeAgain : public Item {
public:
    explicit PostponeAgain(std::vector<MessageKey> keys) : keys_(std::move(keys)) {}
    void first(const Surroundings& surroundings, Wants& wants) override;
    void decide(Batch& batch) override;
    std::size_t weight() const override { return keys_.size(); }

private:
    std::vector<MessageKey> keys_;
};

}  // namespace tidings::store::rules
