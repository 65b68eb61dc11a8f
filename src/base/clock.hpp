// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/time.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace tidings::base {

// What both clocks showed at one moment. `boot`: names the start of the machine since which the steady one
// counts; empty: unknown.
struct Sighting {
    Time wall;
    Moment steady;
    std::string boot{};
};

// How the wall clock differs from what now() goes by, and in what time it is believed unless it comes back.
struct ClockDoubt {
    std::chrono::milliseconds by{};
    std::chrono::milliseconds believed_in{};
};

// The only source of time and chance. Whoever waits, reads the time or rolls dice takes a Clock by reference,
// so that tests run days of a loop's life in milliseconds. Safe to use from every thread.
class Clock {
public:
    virtual ~Clock() = default;
    virtual Time now() const = 0;
    virtual Moment steady() const = 0;
    // Completes on the caller's executor once steady() >= moment; throws operation_aborted when cancelled.
    virtual boost::asio::awaitable<void> wait_until(Moment moment) = 0;
    // Uniform over all 64-bit values; for jitter and spreading, not for secrets.
    virtual std::uint64_t random() = 0;

    // A clock that is guarded (guarded_clock.hpp) may doubt what the wall clock shows; others never do.
    virtual std::optional<ClockDoubt> doubt() const { return {}; }
    virtual bool believe() { return false; }  // now, because the operator says so; false: nothing is doubted
    virtual Sighting sighting() const { return {now(), steady()}; }
    virtual void resume(const Sighting&) {}  // the last one of an earlier process: may show a jump
};

class SystemClock : public Clock {
public:
    Time now() const override;
    Moment steady() const override;
    boost::asio::awaitable<void> wait_until(Moment moment) override;
    std::uint64_t random() override;
};

}  // namespace tidings::base
