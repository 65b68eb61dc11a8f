// SPDX-License-Identifier: Apache-2.0
// How a receipt finds its message, and what it does to it.
//
// It finds it by the carrier's id, if a message is known to have that. Of several the one counts whose
// destination the receipt names, then the newest: carriers give ids again. If none has it the receipt is
// parked: the response with the id may still be on its way, or lost with its connection. Whoever records the
// response takes what waits for it (record.hpp); a lost response left a doubt behind (doubts.hpp).
//
// A message in parts has a receipt for each. What they say of the whole is a verdict (message/status.hpp),
// which waits a minute for the other parts once one has failed, and a day for something better than
// "unknown".
//
// A carrier can send any number of receipts, with any ids: each looks at a few messages, and so many of them
// wait for a message at most (LinkLimits).
#pragma once

#include "store/rules/item.hpp"

#include <string>
#include <vector>

namespace tidings::store::rules {

class Receipts : public Item {
public:
    Receipts(LinkKey link, std::vector<Receipt> receipts) : link_(link), receipts_(std::move(receipts)) {}
    void first(const Surroundings& surroundings, Wants& wants) override;
    void second(const Surroundings& surroundings, const Facts& facts, Wants& wants) override;
    void decide(Batch& batch) override;
    std::size_t weight() const override { return receipts_.size(); }

private:
    void park(Batch& batch, Receipt& receipt) const;

    LinkKey link_;
    std::vector<Receipt> receipts_;
};

// Messages whose parts were waited for long enough.
class ReachVerdicts : public Item {
public:
    explicit ReachVerdicts(std::vector<MessageKey> keys) : keys_(std::move(keys)) {}
    void first(const Surroundings& surroundings, Wants& wants) override;
    void decide(Batch& batch) override;
    std::size_t weight() const override { return keys_.size(); }

private:
    std::vector<MessageKey> keys_;
};

// What waits under this id is the part's; nullptr: the message's, which never left, and changes nothing.
void apply_parked(Batch& batch, const CarrierId& id, MessageRow& row, PartRow* part);

}  // namespace tidings::store::rules
