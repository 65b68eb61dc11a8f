// SPDX-License-Identifier: Apache-2.0
#include "relay/fleet.hpp"

#include <algorithm>

namespace tidings::relay {

void Fitness::bound(bool is_bound, base::Moment now)
{
    bound_ = is_bound;
    judge(now);
}

void Fitness::look(std::optional<base::Moment> oldest, base::Moment now)
{
    // It rests for a while after its last slow answer, so that a carrier at its limit is not given messages
    // and relieved of them in turn every second.
    if (oldest && now - *oldest >= slow_after) slow_until_ = now + slow_rests;
    if (slow_until_ && *slow_until_ <= now) slow_until_.reset();
    judge(now);
}

void Fitness::strained(const std::optional<std::string>& by)
{
    std::lock_guard lock(mutex_);
    strain_ = by.value_or(std::string());
    is_strained_ = by.has_value();
}

std::string Fitness::strain() const
{
    std::lock_guard lock(mutex_);
    return strain_;
}

void Fitness::judge(base::Moment now)
{
    fit_ = bound_ && !slow_until_;
    if (fit_)
        unfit_since_.reset();
    else if (!unfit_since_)
        unfit_since_ = now;
}

// The lock is held for the copy of a pointer. Whoever got a list keeps it, whatever set() does meanwhile.
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

template <class Condition>
std::size_t Fleet::others(store::LinkKey key, bool with_routes, Condition condition) const
{
    auto all = members();
    auto own = std::ranges::find(*all, key, &Member::key);
    if (own == all->end()) return 0;  // it is about to leave, and gives back what waits in any case
    auto is_fit_other = [&](const Member& member) {
        return member.key != key && (with_routes || !member.by_route_only) &&
               member.formats.overlaps(own->formats) && condition(*member.fitness);
    };
    return static_cast<std::size_t>(std::ranges::count_if(*all, is_fit_other));
}

std::size_t Fleet::fit_others(store::LinkKey key, bool with_routes) const
{
    return others(key, with_routes, [](const Fitness& fitness) { return fitness.fit(); });
}

std::size_t Fleet::calm_others(store::LinkKey key, bool with_routes) const
{
    return others(key, with_routes,
                  [](const Fitness& fitness) { return fitness.fit() && !fitness.is_strained(); });
}

void Fleet::describe(store::LinkStatus& status) const
{
    auto all = members();
    auto own = std::ranges::find(*all, status.link, &Member::key);
    status.place.reset();
    if (own == all->end()) return;
    status.place = static_cast<std::size_t>(own - all->begin());
    status.formats = own->formats;
    status.by_route_only = own->by_route_only;
    status.charset = own->charset;
    status.is_fit = own->fitness->fit();
    status.strained_by = own->fitness->strain();
}

}  // namespace tidings::relay
