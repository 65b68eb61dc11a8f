// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/time.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstdint>

namespace tidings::base {

// The only source of time and chance. Whoever waits, reads the time or rolls dice takes a Clock by reference,
// so that tests run days of a loop's life in milliseconds. Safe to use from every thread.
class Clock {
public:
    virtual ~Clock() = default;
    virtual Time now() const = 0;
    virtual Moment steady() const = 0;
    // Completes on the caller's executor once steady() >= moment; throws operation_aborted when cancelled.
    virtual boost::asio::awaitable<void> wait_until(Moment moment) = 0;
    // The same for as long as it is to that time by the wall clock as it is now.
    boost::asio::awaitable<void> wait_until(Time time) { return wait_until(steady() + (time - now())); }
    // Uniform over all 64-bit values; for jitter and spreading, not for secrets.
    virtual std::uint64_t random() = 0;
};

class SystemClock : public Clock {
public:
    using Clock::wait_until;
    Time now() const override;
    Moment steady() const override;
    boost::asio::awaitable<void> wait_until(Moment moment) override;
    std::uint64_t random() override;
};

}  // namespace tidings::base
