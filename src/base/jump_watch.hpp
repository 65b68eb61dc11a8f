// SPDX-License-Identifier: Apache-2.0
// Notices when somebody sets the wall clock, and says which time to go by.
//
// Between two looks the wall clock and the steady one pass the same time, unless one was set. A step of a day
// at most is followed at once. A longer one is doubted: until it is believed, time goes on as if nothing had
// happened, so that a clock that shows the next year by mistake ends no lives, releases nothing, and leaves
// no times behind that nobody would understand when it comes back. It is believed when it has lasted for
// `confirm`, or when the operator says so.
//
//               a jump of more than a day                 lasted, or the operator says so
//   believed ──────────────────────────────► in doubt ──────────────────────────────────► believed
//                                             │    ▲ another jump: the wait begins anew
//                                             └────┘
//            ◄──────────── it came back ──────┘
#pragma once

#include "base/clock.hpp"

#include <optional>

namespace tidings::base {

class JumpWatch {
public:
    // Whatever is ended or given up, is so after days: a day more or less loses nothing.
    static constexpr std::chrono::milliseconds followed_max = std::chrono::hours(24);
    // How long a machine may have been switched off between two sightings. A clock that a dead battery or a
    // mistyped year put wrong is further away.
    static constexpr std::chrono::milliseconds off_max = std::chrono::hours(7 * 24);

    // The clocks are read one after the other, and slewed by whoever keeps the time: less is no step.
    static constexpr std::chrono::milliseconds noticed_min = std::chrono::seconds(1);

    explicit JumpWatch(std::chrono::milliseconds confirm) : confirm_(confirm) {}

    enum class Event {
        none,
        stepped,   // and followed
        doubted,   // and not followed
        returned,  // what was doubted is over
        believed,  // what was doubted counts from now on
    };
    // The first look, and none before resume(), believes what it sees.
    Event look(const Sighting& seen);
    // Before the first look: `last` is of an earlier process. Has the machine been on since, both tell
    // exactly; else the wall clock must have gone forward, and by off_max at most.
    void resume(const Sighting& last, const Sighting& seen);
    Event believe(const Sighting& seen);  // none: nothing was doubted

    // By the last look.
    Time time(Moment moment) const { return Time(moment.time_since_epoch() + offset_.value()); }
    std::chrono::milliseconds last_step() const { return last_step_; }
    std::optional<ClockDoubt> doubt(Moment moment) const;

private:
    using Offset = std::chrono::milliseconds;  // the wall clock's, from the steady one

    static Offset offset_of(const Sighting& seen);

    struct Doubted {
        Offset offset;
        Moment since;
    };
    std::chrono::milliseconds confirm_;
    std::optional<Offset> offset_;  // what counts
    std::optional<Doubted> doubted_;
    std::chrono::milliseconds last_step_{};
};

}  // namespace tidings::base
