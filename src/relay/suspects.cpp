// SPDX-License-Identifier: Apache-2.0
#include "relay/suspects.hpp"

#include <utility>

namespace tidings::relay {

void Suspects::lost(std::span<const std::uint64_t> messages, Cause cause)
{
    if (cause == Cause::unanswered) {  // it took nobody along, and goes among others again
        for (std::uint64_t message : messages) ++losses_[message].alone;
        return;
    }
    // A loss says something about a message only if the carrier had answered since the loss before: a carrier
    // that is down loses whatever is in flight, again and again, and no message is to blame for that.
    bool was_alive = std::exchange(is_alive_, false);
    for (std::uint64_t message : messages) ++losses_[message].all;
    if (messages.size() != 1) return;
    Losses& losses = losses_[messages.front()];
    if (was_alive) {
        ++losses.alone;
        return;
    }
    ++losses.unproven;
    if (cause == Cause::closed) ++losses.closed;
    unproven_.insert(messages.front());
}

// The carrier answers, so it is alive, and what it lost before says something. If that was always the same
// message it was lost by its own fault; if there were several, by the line's.
void Suspects::answered(std::uint64_t message)
{
    forget(message);
    is_alive_ = true;
    bool is_one = unproven_.size() == 1;
    for (std::uint64_t each : std::exchange(unproven_, {})) {
        Losses& losses = losses_.at(each);
        int unproven = std::exchange(losses.unproven, 0);
        losses.closed = 0;
        if (is_one) losses.alone += unproven;
    }
}

void Suspects::forget(std::uint64_t message)
{
    losses_.erase(message);
    unproven_.erase(message);
}

bool Suspects::goes_alone(std::uint64_t message) const
{
    auto found = losses_.find(message);
    return found != losses_.end() && found->second.all >= losses_max;
}

bool Suspects::is_to_blame(std::uint64_t message) const
{
    auto found = losses_.find(message);
    if (found == losses_.end()) return false;
    int unproven = unproven_.size() == 1 ? found->second.closed : 0;
    return found->second.alone + unproven >= alone_max;
}

}  // namespace tidings::relay
