// SPDX-License-Identifier: Apache-2.0
// Who may make a request to an application now. The places for requests are shared by the accounts; nobody
// can take so many, or hold them for so long, that others wait.
//
// What goes to endpoints that are slow, or new, may hold its place until it times out, so that only some of
// the places are for it. A new one, or a slow one that does answer, takes one of the reserve if it finds none
// of these: however many endpoints never answer, the first try of another one is not behind them. Whoever
// makes up ever new endpoints gets those of the reserve at a rate at which they time out again before all of
// its share is taken.
#pragma once

#include "base/fair_share.hpp"
#include "base/time.hpp"
#include "store/settings.hpp"

#include <map>

namespace tidings::relay {

enum class Place { quick, slow, reserved };

class RequestSlots {
public:
    static constexpr std::size_t shared = 384;    // each a socket and some 10 KiB
    static constexpr std::size_t slow_max = 256;  // of these, to endpoints that are slow or new
    static constexpr std::size_t reserve = 128;   // beside these, for first tries
    static constexpr std::size_t reserve_of_account = 24;
    // Of an account, from the reserve; and then one each first_try, longer the more of them do not answer.
    static constexpr int first_tries_at_once = 4;
    static constexpr std::chrono::milliseconds first_try{1'000};

    bool has_room(store::AccountKey account, Place place, base::Moment now) const;
    void take(store::AccountKey account, Place place, base::Moment now);
    void give_back(store::AccountKey account, Place place);

private:
    base::FairShare<store::AccountKey> shared_{shared};
    base::FairShare<store::AccountKey> slow_{slow_max};
    base::FairShare<store::AccountKey> reserve_{reserve};
    std::map<store::AccountKey, base::Moment> paced_until_;  // by first tries from the reserve
};

}  // namespace tidings::relay
