// SPDX-License-Identifier: Apache-2.0
// Token buckets, kept as the one moment at which each will be full again: nothing has to be filled as time
// goes by, and an account that is idle costs nothing. A request moves that moment on by what it costs, and
// may do so while it is at most a second ahead.
//
// A request for many messages may cost more than a bucket ever holds. It passes when the bucket is full, and
// what it took too much is waited for afterwards.
//
// The buckets of many accounts are kept; when there is no room for another, full ones are forgotten, which
// changes nothing.
#include "api/rate_limit.hpp"

#include "wire/submission.hpp"

#include <algorithm>
#include <cassert>

namespace tidings::api {

namespace {

using namespace std::chrono_literals;
using std::chrono::nanoseconds;
using Instant = std::chrono::time_point<base::BootClock, nanoseconds>;

constexpr nanoseconds burst = 1s;  // what a bucket holds, in time at its limit
// The largest request at one message a second; no bucket is farther from full.
constexpr nanoseconds debt_max = std::chrono::seconds(message::messages_max);

nanoseconds cost_of(std::uint64_t count, std::uint32_t limit)
{
    return nanoseconds(static_cast<std::int64_t>(count * std::uint64_t(nanoseconds(1s).count()) / limit));
}

// How far a bucket is from full, as the time that it takes to fill.
nanoseconds missing(Instant full, Instant now)
{
    return std::clamp(nanoseconds(full - now), nanoseconds(0), debt_max);
}

std::optional<Excess> take(Instant& full, std::uint64_t count, std::uint32_t limit, Instant now)
{
    if (limit == 0) return {};
    full = std::min(full, now + debt_max);
    nanoseconds cost = cost_of(count, limit), gone = missing(full, now);
    // What costs more than a bucket holds waits until that is full, and no longer: else it could never pass.
    nanoseconds wait = gone - (burst - std::min(cost, burst));
    if (wait > 0ns) return Excess{std::chrono::ceil<std::chrono::seconds>(wait)};
    full = now + gone + cost;
    return {};
}

// How many tokens a bucket gets in that time at its limit, rounded down, so that no more are promised than
// pass.
std::uint32_t tokens_in(nanoseconds time, std::uint32_t limit)
{
    return static_cast<std::uint32_t>(std::uint64_t(time.count()) * limit / nanoseconds(1s).count());
}

}  // namespace

RateLimiter::Buckets& RateLimiter::buckets_of(store::AccountKey account, Instant now)
{
    if (buckets_.size() >= accounts_max_ && !buckets_.contains(account)) {
        // A full bucket is as good as none.
        std::erase_if(buckets_, [now](const auto& entry) {
            return entry.second.requests_full <= now && entry.second.messages_full <= now;
        });
        // Any of them: its account begins again with a full bucket.
        if (buckets_.size() >= accounts_max_) buckets_.erase(buckets_.begin());
    }
    return buckets_[account];
}

std::optional<Excess> RateLimiter::take_request(store::AccountKey account, const RateLimits& limits,
                                                base::Moment now)
{
    if (limits.requests_per_second == 0) return {};
    std::lock_guard lock(mutex_);
    return take(buckets_of(account, now).requests_full, 1, limits.requests_per_second, now);
}

std::optional<Excess> RateLimiter::take_messages(store::AccountKey account, const RateLimits& limits,
                                                 std::size_t count, base::Moment now)
{
    assert(count <= message::messages_max);
    if (limits.messages_per_second == 0) return {};
    std::lock_guard lock(mutex_);
    return take(buckets_of(account, now).messages_full, count, limits.messages_per_second, now);
}

std::optional<Allowance> RateLimiter::allowance(store::AccountKey account, const RateLimits& limits,
                                                base::Moment now)
{
    if (limits.requests_per_second == 0 && limits.messages_per_second == 0) return {};
    nanoseconds requests{}, messages{};
    {
        std::lock_guard lock(mutex_);
        if (auto found = buckets_.find(account); found != buckets_.end()) {
            requests = missing(found->second.requests_full, now);
            messages = missing(found->second.messages_full, now);
        }
    }
    // The one that is farther from full is nearer to its end.
    bool of_messages =
        limits.requests_per_second == 0 || (limits.messages_per_second != 0 && messages > requests);
    std::uint32_t limit = of_messages ? limits.messages_per_second : limits.requests_per_second;
    nanoseconds gone = of_messages ? messages : requests;
    return Allowance{.limit = limit,
                     .remaining = tokens_in(burst - std::min(gone, burst), limit),
                     .reset = std::chrono::ceil<std::chrono::seconds>(gone)};
}

}  // namespace tidings::api
