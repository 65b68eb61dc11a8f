// SPDX-License-Identifier: Apache-2.0
// When a callback is tried again. After a failure the pause doubles, from five seconds to six hours, spread
// by a fifth either way, so that an application that was down is not met by all of its callbacks at once.
// What a webhook was promised when it was made, so many retries at such a distance, replaces that.
//
// An application may ask for a pause (Retry-After, with 429 or 503). That never brings an attempt forward,
// and never puts it off for longer than our own longest pause. 410 means that nobody will ever be there
// again.
#include "message/retry.hpp"

#include <algorithm>
#include <charconv>

namespace tidings::message {

namespace {

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds first_delay = 5s;
constexpr std::chrono::milliseconds longest_delay = 6h;
constexpr int doublings_max = 13;  // 5 s doubled so often is above 6 h
constexpr std::int64_t spread_percent = 20;

constexpr unsigned gone = 410, too_many_requests = 429, unavailable = 503;

// RFC 7231, 7.1.3: seconds or a date. Digits beyond what fits are a long time.
std::optional<base::Time> parse_retry_after(std::string_view text, base::Time now)
{
    if (auto date = base::parse_http_date(text)) return *date;
    if (text.empty() || text.find_first_not_of("0123456789") != text.npos) return {};
    std::int64_t seconds = 0;
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    std::chrono::seconds longest = std::chrono::duration_cast<std::chrono::seconds>(longest_delay);
    if (error != std::errc() || seconds > longest.count()) return now + longest;
    return now + std::chrono::seconds(seconds);
}

base::Time not_before(std::optional<base::Time> pause, base::Time time)
{
    return pause ? std::max(*pause, time) : time;
}

}  // namespace

std::optional<base::Time> asked_pause(const FailedAttempt& failed)
{
    if (failed.status != too_many_requests && failed.status != unavailable) return {};
    auto time = parse_retry_after(failed.retry_after, failed.at);
    if (!time || *time <= failed.at) return {};
    return std::min(*time, failed.at + longest_delay);
}

std::optional<base::Time> next_callback_attempt(base::Time created_at, const FailedAttempt& failed,
                                                std::uint64_t random)
{
    if (is_gone(failed.status)) return {};
    int doublings = std::clamp(failed.attempts - 1, 0, doublings_max);
    auto delay = std::min(first_delay * (std::int64_t{1} << doublings), longest_delay);
    auto percent = 100 - spread_percent + static_cast<std::int64_t>(random % (2 * spread_percent + 1));
    base::Time next = not_before(asked_pause(failed), failed.at + delay * percent / 100);
    if (next - created_at > give_up_after) return {};
    return next;
}

std::optional<base::Time> next_webhook_attempt(const FixedRetries& rule, const FailedAttempt& failed)
{
    if (is_gone(failed.status) || failed.attempts > rule.retries) return {};
    return not_before(asked_pause(failed), failed.at + rule.delay);
}

bool is_success(unsigned status) { return status >= 200 && status < 300; }

bool is_gone(unsigned status) { return status == gone; }

bool is_trouble(unsigned status) { return status == 0 || status == too_many_requests || status >= 500; }

}  // namespace tidings::message
