// SPDX-License-Identifier: Apache-2.0
#include "http/fair_budget.hpp"

namespace tidings::http {

bool FairBudget::has_room(Payer payer, std::size_t amount) const
{
    std::lock_guard lock(mutex_);
    return shared_.has_room(payer, amount);
}

bool FairBudget::Share::grow_to(std::size_t amount)
{
    // A share never shrinks before its end, since memory for a body does not either.
    if (amount <= held_) return true;
    std::size_t more = amount - held_;
    std::lock_guard lock(budget_.mutex_);
    if (!budget_.shared_.has_room(payer_, more)) return false;
    budget_.shared_.take(payer_, more);
    held_ = amount;
    return true;
}

FairBudget::Share::~Share()
{
    if (held_ == 0) return;
    std::lock_guard lock(budget_.mutex_);
    budget_.shared_.give_back(payer_, held_);
}

}  // namespace tidings::http
