// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/jump_watch.hpp"

#include <atomic>
#include <mutex>

namespace tidings::base {

// The clock of a gateway: goes by what `inner` shows as long as jump_watch.hpp believes it, and logs what it
// does not. now() is called for every message, and costs no lock unless the clock was set.
class GuardedClock : public Clock {
public:
    GuardedClock(Clock& inner, std::chrono::milliseconds confirm);

    Time now() const override;
    Moment steady() const override { return inner_.steady(); }
    boost::asio::awaitable<void> wait_until(Moment moment) override { return inner_.wait_until(moment); }
    std::uint64_t random() override { return inner_.random(); }

    std::optional<ClockDoubt> doubt() const override;
    bool believe() override;
    Sighting sighting() const override;
    void resume(const Sighting& last) override;

private:
    using Event = JumpWatch::Event;

    Sighting seen() const { return {inner_.now(), inner_.steady(), boot_}; }
    void tell(Event event, const Sighting& seen) const;  // with the lock
    void look(const Sighting& seen) const;               // with the lock

    Clock& inner_;
    const std::string boot_;
    mutable std::mutex mutex_;
    mutable JumpWatch watch_;                         // with the lock
    mutable std::atomic<bool> is_doubted_{false};     // of watch_
    mutable std::atomic<std::int64_t> offset_ms_{0};  // of what counts from the steady clock; of watch_
};

}  // namespace tidings::base
