// SPDX-License-Identifier: Apache-2.0
#include "relay/endpoint_health.hpp"

#include <algorithm>

namespace tidings::relay {

std::size_t EndpointHealth::out_max() const
{
    if (pause_end_) return 0;
    return is_trying_ ? 1 : out_;
}

std::size_t EndpointHealth::requests_max() const
{
    return std::min(out_max(), is_slow_ ? requests_slow : requests_quick);
}

std::optional<base::Time> EndpointHealth::left_alone_until() const { return pause_end_; }

void EndpointHealth::answered(std::chrono::milliseconds took)
{
    failures_ = 0;
    next_pause_ = pause_first;
    pause_end_.reset();
    is_trying_ = false;
    is_slow_ = took > quick;
    if (is_slow_) {
        out_ = out_first;
        well_ = 0;
    } else if (++well_ >= out_) {
        out_ = std::min(2 * out_, out_most);
        well_ = 0;
    }
}

void EndpointHealth::failed(std::chrono::milliseconds took, base::Time now, std::optional<base::Time> asked)
{
    if (took > quick) is_slow_ = true;
    if (asked) return leave_alone(std::min(*asked, now + pause_longest));
    if (pause_end_) return;  // it was on its way when the others failed
    if (++failures_ < failures_max && !is_trying_) return;
    leave_alone(now + next_pause_);
    next_pause_ = std::min(2 * next_pause_, pause_longest);
}

void EndpointHealth::leave_alone(base::Time until)
{
    pause_end_ = until;
    is_trying_ = false;
    out_ = out_first;
    well_ = 0;
}

void EndpointHealth::pause_ended()
{
    pause_end_.reset();
    is_trying_ = true;
}

}  // namespace tidings::relay
