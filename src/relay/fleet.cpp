// SPDX-License-Identifier: Apache-2.0
#include "relay/fleet.hpp"

#include <algorithm>

namespace tidings::relay {

void Fitness::bound(bool is_bound, base::Moment now)
{
    bound_ = is_bound;
    settle(now);
}

void Fitness::look(std::optional<base::Moment> oldest, base::Moment now)
{
    if (oldest && now - *oldest >= slow_after) slow_until_ = now + slow_rests;
    if (slow_until_ && *slow_until_ <= now) slow_until_.reset();
    settle(now);
}

void Fitness::settle(base::Moment now)
{
    fit_ = bound_ && !slow_until_;
    if (fit_)
        unfit_since_.reset();
    else if (!unfit_since_)
        unfit_since_ = now;
}

std::shared_ptr<const Fleet::Members> Fleet::members() const
{
    std::lock_guard lock(mutex_);
    return members_;
}

void Fleet::set(Members members)
{
    auto shared = std::make_shared<const Members>(std::move(members));
    std::lock_guard lock(mutex_);
    members_ = std::move(shared);
}

std::size_t Fleet::fit_others(store::LinkKey key, bool with_routes) const
{
    auto all = members();
    auto is_fit_other = [&](const Member& member) {
        return member.key != key && (with_routes || !member.by_route_only) && member.fitness->fit();
    };
    return static_cast<std::size_t>(std::ranges::count_if(*all, is_fit_other));
}

}  // namespace tidings::relay
