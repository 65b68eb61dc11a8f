// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "store/rules/item.hpp"

namespace tidings::store::rules {

// How long after a message's expiry its carrier may still report on it.
constexpr auto report_grace = std::chrono::hours(12);

// Messages whose time is over, as their store found them by status and expiry: those that wait, when they
// expire; those that a carrier has, report_grace later. Not among them is what somebody has in hand: it may
// be at the carrier already, and whoever has it looks at its expiry itself.
class Expire : public Item {
public:
    explicit Expire(std::vector<MessageKey> keys) : keys_(std::move(keys)) {}
    void first(const Surroundings& surroundings, Wants& wants) override;
    void decide(Batch& batch) override;
    std::size_t weight() const override { return keys_.size(); }

private:
    std::vector<MessageKey> keys_;
};

}  // namespace tidings::store::rules
