// SPDX-License-Identifier: Apache-2.0
#include "http/fair_budget.hpp"

namespace tidings::http {

bool FairBudget::has_room_locked(Payer payer, std::size_t amount) const
{
    auto found = held_.find(payer);
    std::size_t held = found == held_.end() ? 0 : found->second;
    return held + amount + amount <= max_ - total_;  // what is free is less afterwards
}

bool FairBudget::has_room(Payer payer, std::size_t amount) const
{
    std::lock_guard lock(mutex_);
    return has_room_locked(payer, amount);
}

bool FairBudget::Share::grow_to(std::size_t amount)
{
    if (amount <= held_) return true;
    std::size_t more = amount - held_;
    std::lock_guard lock(budget_.mutex_);
    if (!budget_.has_room_locked(payer_, more)) return false;
    budget_.held_[payer_] += more;
    budget_.total_ += more;
    held_ = amount;
    return true;
}

FairBudget::Share::~Share()
{
    if (held_ == 0) return;
    std::lock_guard lock(budget_.mutex_);
    budget_.total_ -= held_;
    auto found = budget_.held_.find(payer_);
    found->second -= held_;
    if (found->second == 0) budget_.held_.erase(found);
}

}  // namespace tidings::http
