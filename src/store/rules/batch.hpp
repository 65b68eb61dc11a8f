// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/uuid_source.hpp"
#include "store/rules/effects.hpp"
#include "store/rules/facts.hpp"
#include "store/rules/link_limits.hpp"
#include "store/settings.hpp"

#include <map>
#include <string>
#include <string_view>

namespace tidings::store::rules {

using LinkNames = std::map<LinkKey, std::string>;  // of all links that there ever were

// What is the same for all items of a batch, and known before anything is loaded.
struct Surroundings {
    const Settings& settings;
    base::Time now{};
    // Between the wall clock and the scale of our own pauses, which nobody sets: see on_pause_scale.
    std::chrono::milliseconds pause_shift{0};
    const LinkNames& link_names;
    const LinkLimits& limits;

    const Account& account(AccountKey key) const { return settings.accounts.at(key); }
    std::string_view link_name(LinkKey link) const;  // for traces and the log
    // Where a time stands on the scale of our own pauses: retries, waiting for parts and receipts. What is
    // agreed with others (scheduled times, expiries, ends of lives) goes by the wall clock.
    base::Time on_pause_scale(base::Time time) const { return time + pause_shift; }
};

// What each rule gets: what it may know, and what it may do. A rule knows no other clock than `now`, and no
// store.
struct Batch : Surroundings {
    Facts& facts;
    Effects& effects;
    base::UuidSource& ids;
    std::int64_t& last_seq;  // of what waits in queues that go by a number

    std::int64_t next_seq() const { return ++last_seq; }
};

}  // namespace tidings::store::rules
