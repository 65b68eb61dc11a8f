// SPDX-License-Identifier: Apache-2.0
// Every time that the gateway uses comes through now(), on many threads. Nearly always the wall clock is
// where it was before, as seen from the steady one, which is found by one subtraction and without the lock;
// only a step, or a doubt that is still open, takes the lock and asks the watch.
#include "base/guarded_clock.hpp"

#include "base/log.hpp"

#include <fstream>

namespace tidings::base {

using namespace std::chrono_literals;

namespace {

constexpr auto step_told_min = 10s;  // less is the everyday work of NTP

std::string this_boot()
{
    std::string id;
    std::ifstream("/proc/sys/kernel/random/boot_id") >> id;
    return id;
}

std::string span(std::chrono::milliseconds by)
{
    auto seconds = std::chrono::duration_cast<std::chrono::seconds>(std::chrono::abs(by)).count();
    return fmt::format("{} s {}", seconds, by < 0ms ? "back" : "forward");
}

}  // namespace

GuardedClock::GuardedClock(Clock& inner, std::chrono::milliseconds confirm)
    : inner_(inner), boot_(this_boot()), watch_(confirm)
{
    std::lock_guard lock(mutex_);
    look(seen());
}

Time GuardedClock::now() const
{
    Time wall = inner_.now();
    Moment steady = inner_.steady();
    auto offset = wall.time_since_epoch() - steady.time_since_epoch();
    auto step = std::chrono::abs(offset - std::chrono::milliseconds(offset_ms_));
    if (step < JumpWatch::noticed_min && !is_doubted_) return wall;
    std::lock_guard lock(mutex_);
    Sighting sighting = seen();  // in the order of the lock: an older one would seem to be a jump back
    look(sighting);
    return watch_.time(sighting.steady);
}

void GuardedClock::look(const Sighting& seen) const { tell(watch_.look(seen), seen); }

void GuardedClock::tell(Event event, const Sighting& seen) const
{
    is_doubted_ = watch_.doubt(seen.steady).has_value();
    offset_ms_ = (watch_.time(seen.steady).time_since_epoch() - seen.steady.time_since_epoch()).count();
    std::string step = span(watch_.last_step());
    switch (event) {
    case Event::none: return;
    case Event::stepped:
        if (std::chrono::abs(watch_.last_step()) >= step_told_min)
            log_info("the wall clock was set {}", step);
        return;
    case Event::doubted:
        log_error(
            "the wall clock jumped {}, to {}: going on as if it had not, for {} s unless it comes back; is "
            "it right, say so with `tidings clock confirm`",
            step, to_iso(seen.wall), watch_.doubt(seen.steady)->believed_in / 1s);
        return;
    case Event::returned: log_warning("the wall clock came back; nothing was done by what it showed"); return;
    case Event::believed:
        log_warning("the wall clock's jump {} is believed: it is {}", step, to_iso(seen.wall));
    }
}

std::optional<ClockDoubt> GuardedClock::doubt() const
{
    if (!is_doubted_) return {};
    std::lock_guard lock(mutex_);
    Sighting sighting = seen();
    look(sighting);
    return watch_.doubt(sighting.steady);
}

bool GuardedClock::believe()
{
    std::lock_guard lock(mutex_);
    Sighting sighting = seen();
    Event event = watch_.believe(sighting);
    tell(event, sighting);
    return event == Event::believed;
}

// What is kept for the next start: the time that is followed, and not what the wall clock shows.
Sighting GuardedClock::sighting() const
{
    Moment steady = inner_.steady();
    now();
    std::lock_guard lock(mutex_);
    return {watch_.time(steady), steady, boot_};
}

void GuardedClock::resume(const Sighting& last)
{
    std::lock_guard lock(mutex_);
    Sighting sighting = seen();
    watch_.resume(last, sighting);
    look(sighting);
}

}  // namespace tidings::base
