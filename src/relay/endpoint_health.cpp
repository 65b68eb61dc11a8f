// SPDX-License-Identifier: Apache-2.0
#include "relay/endpoint_health.hpp"

#include <algorithm>

namespace tidings::relay {

Recovery::Round Recovery::begun()
{
    // The round tells later whether a failure is news: what was on its way when a pause began must not
    // lengthen the next one.
    if (is_trying_) ++probes_;
    return round_;
}

void Recovery::went_well()
{
    failures_ = 0;
    next_pause_ = pause_first;
    pause_end_.reset();
    is_trying_ = false;
    probes_ = 0;
}

void Recovery::failed(Round round, base::Moment now, std::optional<base::Moment> asked)
{
    // A receiver that names a time, by Retry-After, knows better than our count of failures; but not for
    // ever.
    if (asked) return leave_alone(std::min(*asked, now + pause_longest));
    if (round != round_) return;  // it was on its way when the others failed
    // After a pause the next one begins when the last of the tries has failed, not when the first has.
    if (is_trying_ ? --probes_ > 0 : ++failures_ < failures_max) return;
    leave_alone(now + next_pause_);
    next_pause_ = std::min(2 * next_pause_, pause_longest);
}

void Recovery::told_nothing(Round round)
{
    if (is_trying_ && round == round_) --probes_;
}

void Recovery::leave_alone(base::Moment until)
{
    pause_end_ = until;
    is_trying_ = false;
    ++round_;
}

void Recovery::pause_ended()
{
    pause_end_.reset();
    is_trying_ = true;
    probes_ = 0;
}

std::size_t EndpointHealth::out_max() const
{
    if (recovery_.left_alone_until()) return 0;
    return recovery_.is_trying() ? Recovery::probes_max : out_;
}

std::size_t EndpointHealth::requests_max() const
{
    if (is_new_) return std::min<std::size_t>(out_max(), 1);
    return std::min(out_max(), is_slow_ ? requests_slow : requests_quick);
}

void EndpointHealth::answered(std::chrono::milliseconds took)
{
    recovery_.went_well();
    is_new_ = false;
    has_answered_ = true;
    // Judged by the last answer alone: one quick answer shows that it can, and one slow one that it may not.
    is_slow_ = took > quick;
    if (is_slow_) {
        begin_with_little();
    } else if (++well_ >= out_) {
        out_ = std::min(2 * out_, out_most);
        well_ = 0;
    }
}

void EndpointHealth::failed(Recovery::Round round, std::chrono::milliseconds took, base::Moment now,
                            std::optional<base::Moment> asked)
{
    note(took);
    recovery_.failed(round, now, asked);
    if (recovery_.left_alone_until()) begin_with_little();
}

void EndpointHealth::not_reached(Recovery::Round round, std::chrono::milliseconds took)
{
    note(took);
    recovery_.told_nothing(round);
}

void EndpointHealth::note(std::chrono::milliseconds took)
{
    is_new_ = has_answered_ = false;
    if (took > quick) is_slow_ = true;
}

void EndpointHealth::begin_with_little()
{
    out_ = out_first;
    well_ = 0;
}

}  // namespace tidings::relay
