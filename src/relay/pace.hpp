// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/time.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>

namespace tidings::relay {

// When a link may submit next: at most so many submit_sm a second, evenly spread, and fewer while its carrier
// asks for less. Times go in, decisions come out.
//
// Many carriers count in a second that slides, so submits leave one at a time, and what a late timer missed
// is made up for within 10 ms or not at all.
//
// A carrier that throttles is left in peace for a second and then gets half of what it got. From there the
// rate grows by 5 % a second: half is made up for in 14 s. A factor, and not a constant step, because it fits
// a link of 1 a second as well as one of 1,000, and because it leaves a rate that was halved often as fast as
// one that was halved once; a step that suits the configured rate overruns at once a carrier that takes a
// hundredth of it. Senders that share a carrier need not come to equal shares: it limits each account by
// itself.
class Pace {
public:
    // Submits a second; 0: as many as the carrier takes.
    explicit Pace(std::uint32_t rate);

    // When the next submit may leave: now or later.
    base::Moment next(base::Moment now) const;
    void submitted(base::Moment now);

    // ESME_RTHROTTLED or ESME_RMSGQFUL for a submit of that time. What was sent before the link slowed down
    // says nothing new.
    void throttled(base::Moment sent, base::Moment now);
    // congestion_state of a response (SMPP 5.0, 4.8.4.18): below 80 the carrier has room, from 80 to 89 it
    // works at its best, from 90 on it comes to its limit, 100 is that.
    void congested(std::uint32_t state, base::Moment sent, base::Moment now);

    std::optional<double> rate(base::Moment now) const;  // in force; nothing: no limit
    // How many messages to hold ready: what leaves within 100 ms, so that urgent ones that come later do not
    // wait for more than that. `most` without a limit.
    std::size_t ready_max(base::Moment now, std::size_t most) const;

private:
    using Fine = std::chrono::time_point<base::BootClock, std::chrono::nanoseconds>;

    void cut(double factor, base::Moment now);
    double value(base::Moment now) const;
    double measured(base::Moment now) const;

    const double ceiling_;  // infinite: none
    double rate_;           // what it was at grows_from_; infinite: no limit
    base::Moment grows_from_{};
    Fine next_{};
    base::Moment throttled_at_{};
    base::Moment eased_at_{};

    // Submits of the second that began at second_, and of the one before.
    base::Moment second_{};
    double count_ = 0;
    double count_before_ = 0;
};

}  // namespace tidings::relay
