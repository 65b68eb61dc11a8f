// SPDX-License-Identifier: Apache-2.0
// Token buckets: how many requests and messages an account may send. A bucket holds one second's worth and
// fills at the limit, so that an account which kept still may send that much at once. Time goes in, decisions
// come out.
//
// A bucket is kept as the moment at which it will be full again: that needs no ticking and no fractions of
// tokens. Taking from it moves the moment away; a second away, the bucket is empty; farther, it is in debt.
// Debt is for requests of more messages than a bucket holds: one passes when the bucket is full, and whoever
// comes next waits until it is paid.
#pragma once

#include "base/time.hpp"
#include "store/settings.hpp"

#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <unordered_map>

namespace tidings::api {

struct RateLimits {
    std::uint32_t requests_per_second = 0;  // 0: no limit, here and below
    std::uint32_t messages_per_second = 0;
};

// How one bucket stands.
struct Allowance {
    std::uint32_t limit = 0;       // what it holds when full
    std::uint32_t remaining = 0;   // what may be taken at once
    std::chrono::seconds reset{};  // until it is full, rounded up
};

// Why something may not pass now.
struct Excess {
    std::chrono::seconds wait{};  // after which it would, if nothing else came between; at least 1
};

// The buckets of all accounts. Safe to use from every thread.
class RateLimiter {
public:
    // How many accounts are remembered, a few megabytes by default. Beyond, full buckets are forgotten, which
    // changes nothing; if there are none, any.
    explicit RateLimiter(std::size_t accounts_max = 65'536) : accounts_max_(accounts_max) {}

    // Takes one request, or nothing and says how long to wait.
    std::optional<Excess> take_request(store::AccountKey account, const RateLimits& limits, base::Moment now);
    // Takes `count` messages, all or none.
    std::optional<Excess> take_messages(store::AccountKey account, const RateLimits& limits,
                                        std::size_t count, base::Moment now);
    // Of two buckets the one that is emptier for its size. Nothing: no limits.
    std::optional<Allowance> allowance(store::AccountKey account, const RateLimits& limits, base::Moment now);

private:
    using Instant = std::chrono::time_point<base::BootClock, std::chrono::nanoseconds>;
    struct Buckets {
        Instant requests_full{};
        Instant messages_full{};
    };

    Buckets& buckets_of(store::AccountKey account, Instant now);

    const std::size_t accounts_max_;
    std::mutex mutex_;
    std::unordered_map<store::AccountKey, Buckets> buckets_;
};

}  // namespace tidings::api
