// SPDX-License-Identifier: Apache-2.0
#include "relay/pace.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace tidings::relay {

using namespace std::chrono_literals;

namespace {

constexpr auto no_limit = std::numeric_limits<double>::infinity();

constexpr auto catch_up_max = 10ms;  // how late a timer may be without loss of speed
constexpr auto throttle_pause = 1s;  // what a carrier that says "slower" expects at least
constexpr double throttle_factor = 0.5;
constexpr auto ease_period = 1s;  // between two looks at a congestion: to see what the last step did
constexpr double ease_factor = 0.9;
constexpr double growth = 1.05;  // in a second
constexpr double rate_min = 1;   // so that a link finds out when its carrier takes more again
constexpr auto ready_time = 100ms;

// A link without a configured rate is slowed down from what it sent in the last second, but from this at
// least: little traffic says nothing about what a carrier can take. And above this there is no limit again.
constexpr double measured_min = 20;
constexpr double limit_max = 10'000;

namespace congestion {

constexpr std::uint32_t optimum = 80;
constexpr std::uint32_t nearing = 90;
constexpr std::uint32_t full = 100;

}  // namespace congestion

double seconds(base::Moment from, base::Moment to)
{
    return std::chrono::duration<double>(to - from).count();
}

}  // namespace

Pace::Pace(std::uint32_t rate) : ceiling_(rate == 0 ? no_limit : rate), rate_(ceiling_) {}

base::Moment Pace::next(base::Moment now) const
{
    // Rounded up to what the clock shows, so that no submit leaves before its turn.
    return std::max(now, std::chrono::ceil<std::chrono::milliseconds>(next_));
}

void Pace::submitted(base::Moment now)
{
    if (now - second_ >= 1s) {
        count_before_ = now - second_ < 2s ? count_ : 0;
        count_ = 0;
        second_ = now;
    }
    ++count_;
    auto distance = std::chrono::duration<double>(1 / value(now));
    // The next turn is counted from the last turn and not from now, so that timers that are late by a little
    // do not add up to a slower link; and from now at the earliest less catch_up_max, so that a link that had
    // nothing to send does not make up for it in a burst.
    next_ = std::max<Fine>(next_, now - catch_up_max) +
            std::chrono::duration_cast<std::chrono::nanoseconds>(distance);
}

void Pace::throttled(base::Moment sent, base::Moment now)
{
    // It left before the link slowed down. To halve the rate for each answer of a full window would bring it
    // to nearly nothing at the first trouble.
    if (sent <= throttled_at_) return;
    throttled_at_ = now;
    cut(throttle_factor, now);
    grows_from_ = now + throttle_pause;
    next_ = std::max<Fine>(next_, grows_from_);
}

void Pace::congested(std::uint32_t state, base::Moment sent, base::Moment now)
{
    if (state < congestion::optimum || state > congestion::full) return;
    if (state == congestion::full) return throttled(sent, now);
    if (state < congestion::nearing) {
        rate_ = value(now);
        grows_from_ = std::max(grows_from_, now + ease_period);
    } else if (now - eased_at_ >= ease_period) {
        eased_at_ = now;
        cut(ease_factor, now);
    }
}

std::optional<double> Pace::rate(base::Moment now) const
{
    double in_force = value(now);
    if (in_force == no_limit) return {};
    return in_force;
}

std::size_t Pace::ready_max(base::Moment now, std::size_t most) const
{
    double ready = std::ceil(value(now) * std::chrono::duration<double>(ready_time).count());
    return ready < static_cast<double>(most) ? static_cast<std::size_t>(ready) : most;
}

void Pace::cut(double factor, base::Moment now)
{
    // From the rate in force, which may have grown since the last cut, and not from what it was then.
    double before = value(now);
    if (before == no_limit) before = std::max(measured_min, measured(now));
    rate_ = std::max(rate_min, before * factor);
    grows_from_ = std::max(grows_from_, now);
}

double Pace::value(base::Moment now) const
{
    if (rate_ == ceiling_ || now <= grows_from_) return rate_;
    double grown = std::min(ceiling_, rate_ * std::pow(growth, seconds(grows_from_, now)));
    return ceiling_ == no_limit && grown >= limit_max ? no_limit : grown;
}

double Pace::measured(base::Moment now) const
{
    double part = seconds(second_, now);
    if (part >= 2) return 0;
    return part < 1 ? count_before_ * (1 - part) + count_ : count_ * (2 - part);
}

}  // namespace tidings::relay
