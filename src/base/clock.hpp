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
    // Completes on the caller's executor once now() >= time; throws operation_aborted when cancelled.
    virtual boost::asio::awaitable<void> wait_until(Time time) = 0;
    // Uniform over all 64-bit values; for jitter and spreading, not for secrets.
    virtual std::uint64_t random() = 0;
};

class SystemClock : public Clock {
public:
    Time now() const override;
    boost::asio::awaitable<void> wait_until(Time time) override;
    std::uint64_t random() override;
};

}  // namespace tidings::base
