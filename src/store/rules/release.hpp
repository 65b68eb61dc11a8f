// SPDX-License-Identifier: Apache-2.0
// What becomes of messages that had to wait, when their waiting is over. The store finds their keys, a few
// hundred at a time, and makes an item of them.
#pragma once

#include "store/rules/admission.hpp"
#include "store/rules/item.hpp"

namespace tidings::store::rules {

// Those whose time has come. The rules and hours of their account are those of today, not of their
// acceptance.
class ReleaseScheduled : public Item {
public:
    explicit ReleaseScheduled(const std::vector<MessageKey>& keys);
    void first(const Surroundings& surroundings, Wants& wants) override;
    void second(const Surroundings& surroundings, const Facts& facts, Wants& wants) override;
    void decide(Batch& batch) override;
    std::size_t weight() const override { return messages_.size(); }

private:
    std::vector<Waiting> messages_;
};

}  // namespace tidings::store::rules
