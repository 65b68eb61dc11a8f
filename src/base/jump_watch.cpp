// SPDX-License-Identifier: Apache-2.0
// The rule alone, without clocks: it is fed with sightings of both clocks and keeps the offset between them
// that is followed. An offset within a day of that is followed at once. One farther off is doubted: it is
// followed when it has stayed for as long as configured, and a return before that ends the doubt as if
// nothing had been.
//
// At a start there is the last sighting of the life before. In the same boot the steady clock went on and
// the offset counts; after another boot only the wall clock is left, and it is likely unless it is far back,
// or longer ahead than a machine may be off.
#include "base/jump_watch.hpp"

#include <algorithm>
#include <utility>

namespace tidings::base {

using namespace std::chrono_literals;

JumpWatch::Offset JumpWatch::offset_of(const Sighting& seen)
{
    return seen.wall.time_since_epoch() - seen.steady.time_since_epoch();
}

void JumpWatch::resume(const Sighting& last, const Sighting& seen)
{
    if (!last.boot.empty() && last.boot == seen.boot) {
        offset_ = offset_of(last);
        return;
    }
    auto off = seen.wall - last.wall;
    bool is_likely = off >= -followed_max && off <= off_max;
    offset_ = is_likely ? offset_of(seen) : offset_of({last.wall, seen.steady});
}

JumpWatch::Event JumpWatch::look(const Sighting& seen)
{
    Offset offset = offset_of(seen);
    Offset before = offset_.value_or(offset);
    last_step_ = offset - before;
    if (std::chrono::abs(last_step_) <= followed_max) {
        offset_ = offset;
        if (std::exchange(doubted_, {})) return Event::returned;
        return std::chrono::abs(last_step_) >= noticed_min ? Event::stepped : Event::none;
    }
    bool is_new = !doubted_ || std::chrono::abs(offset - doubted_->offset) > followed_max;
    if (is_new) doubted_ = {offset, seen.steady};
    doubted_->offset = offset;
    if (seen.steady - doubted_->since >= confirm_) return believe(seen);
    return is_new ? Event::doubted : Event::none;
}

JumpWatch::Event JumpWatch::believe(const Sighting& seen)
{
    if (!doubted_) return Event::none;
    offset_ = offset_of(seen);
    doubted_.reset();
    return Event::believed;
}

std::optional<ClockDoubt> JumpWatch::doubt(Moment moment) const
{
    if (!doubted_) return {};
    return ClockDoubt{doubted_->offset - *offset_, std::max(0ms, confirm_ - (moment - doubted_->since))};
}

}  // namespace tidings::base
