// SPDX-License-Identifier: Apache-2.0
#include "message/retry.hpp"

#include <algorithm>

namespace tidings::message {

namespace {

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds first_delay = 5s;
constexpr std::chrono::milliseconds longest_delay = 6h;
constexpr std::chrono::milliseconds give_up_after = 72h;
constexpr int doublings_max = 13;  // 5 s doubled so often is above 6 h
constexpr std::int64_t spread_percent = 20;

}  // namespace

std::optional<base::Time> next_callback_attempt(base::Time created_at, int attempts, base::Time now,
                                                std::uint64_t random)
{
    auto delay = std::min(first_delay * (std::int64_t{1} << std::clamp(attempts - 1, 0, doublings_max)),
                          longest_delay);
    auto percent = 100 - spread_percent + static_cast<std::int64_t>(random % (2 * spread_percent + 1));
    base::Time next = now + delay * percent / 100;
    if (next - created_at > give_up_after) return {};
    return next;
}

}  // namespace tidings::message
