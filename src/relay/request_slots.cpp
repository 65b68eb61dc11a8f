// SPDX-License-Identifier: Apache-2.0
#include "relay/request_slots.hpp"

#include <algorithm>
#include <cstdlib>

namespace tidings::relay {

namespace {

// So many that do not answer double the time to the next first try. With 60 s until they time out, the most
// that a webhook can have, an account comes to hold 16 places of the reserve, and always has one for the
// next.
constexpr std::size_t slowing = 6;

}  // namespace

bool RequestSlots::has_room(store::AccountKey account, Place place, base::Moment now) const
{
    switch (place) {
    case Place::quick: return shared_.has_room(account);
    case Place::slow: return shared_.has_room(account) && slow_.has_room(account);
    case Place::reserved: {
        if (!reserve_.has_room(account) || reserve_.held(account) >= reserve_of_account) return false;
        auto paced = paced_until_.find(account);
        return paced == paced_until_.end() || paced->second <= now + first_tries_at_once * first_try;
    }
    }
    std::abort();
}

void RequestSlots::take(store::AccountKey account, Place place, base::Moment now)
{
    if (place == Place::reserved) {
        reserve_.take(account);
        // Accounts whose time is over, so that the map holds no more of them than are being paced.
        std::erase_if(paced_until_, [now](const auto& paced) { return paced.second <= now; });
        base::Moment& until = paced_until_[account];
        until = std::max(until, now) + first_try * (slowing + reserve_.held(account)) / slowing;
        return;
    }
    shared_.take(account);
    if (place == Place::slow) slow_.take(account);
}

void RequestSlots::give_back(store::AccountKey account, Place place)
{
    if (place == Place::reserved) return reserve_.give_back(account);
    shared_.give_back(account);
    if (place == Place::slow) slow_.give_back(account);
}

}  // namespace tidings::relay
