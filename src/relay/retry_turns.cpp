// SPDX-License-Identifier: Apache-2.0
#include "relay/retry_turns.hpp"

#include <algorithm>

namespace tidings::relay {

namespace {

constexpr int doublings_max = 30;  // far over any pause_max

}  // namespace

std::optional<std::chrono::milliseconds> RetryTurns::refused(const store::MessageKey& key, Blame blame)
{
    int attempts = take(key) + (blame == Blame::message ? 1 : 0);
    if (attempts >= policy_.attempts_max) return {};
    // Two generations in the place of an order by age: what was not refused again while half of all others
    // were is forgotten at once, without a look at each.
    if (young_.size() >= remembered_max / 2) old_ = std::exchange(young_, {});
    young_[key] = attempts;
    int doublings = std::clamp(attempts - 1, 0, doublings_max);
    return std::min(policy_.pause_min * (std::int64_t{1} << doublings), policy_.pause_max);
}

void RetryTurns::forget(const store::MessageKey& key) { take(key); }

int RetryTurns::take(const store::MessageKey& key)
{
    for (Attempts* attempts : {&young_, &old_})
        if (auto node = attempts->extract(key)) return node.mapped();
    return 0;
}

RetryTurns::Blame RefusedInARow::refused(const std::string& destination)
{
    if (destinations_.size() < several) destinations_.insert(destination);
    return destinations_.size() >= several ? RetryTurns::Blame::carrier : RetryTurns::Blame::message;
}

}  // namespace tidings::relay
