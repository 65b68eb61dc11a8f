// SPDX-License-Identifier: Apache-2.0
// What a link says became of a message that it was given: its carrier took it, or did not; or it waits for
// the operator. A receipt may have been faster than the response with its id, and has waited for it.
#pragma once

#include "store/rules/item.hpp"

#include <vector>

namespace tidings::store::rules {

class Record : public Item {
public:
    explicit Record(std::vector<Change> changes) : changes_(std::move(changes)) {}
    void first(const Surroundings& surroundings, Wants& wants) override;
    void second(const Surroundings& surroundings, const Facts& facts, Wants& wants) override;
    void decide(Batch& batch) override;
    std::size_t weight() const override { return changes_.size(); }

private:
    std::vector<Change> changes_;
};

// The carrier took it, under the ids of `change`: from now on receipts and replies find it. Those that waited
// under these ids, which must have been wanted as parked receipts, are applied.
void submit(Batch& batch, MessageRow& row, const Change& change);

}  // namespace tidings::store::rules
