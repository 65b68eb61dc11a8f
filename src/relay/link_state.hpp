// SPDX-License-Identifier: Apache-2.0
// The life of a link's loop, and what it may do in each state. Pure: what happened goes in, the next state
// comes out.
//
//                  takes   submits   gives back   link is over
//     serving        x        x
//     abandoned      x                                 x          the carrier refused us too often
//     draining                x          x                        it is configured no more, or otherwise
//     drained                            x             x
//     stopping                                                    the process ends
//     stopped                                          x
//
// takes: from the link's queue. An abandoned link still does what others need of a queue, but has no room for
// what is in it. gives back: what waits and has no part at the carrier becomes due again. What is in flight
// comes to its end in every state, and everything is recorded.
#pragma once

#include <atomic>
#include <cstdint>

namespace tidings::relay {

enum class LinkState : std::uint8_t { serving, abandoned, draining, drained, stopping, stopped };

// What follows when...
LinkState after_leave(LinkState state);      // ...its successor, or nobody, is to take its place
LinkState after_stop(LinkState state);       // ...the process ends
LinkState after_link_over(LinkState state);  // ...the link has closed for good

constexpr bool takes(LinkState state) { return state == LinkState::serving || state == LinkState::abandoned; }
constexpr bool submits(LinkState state)
{
    return state == LinkState::serving || state == LinkState::draining;
}
constexpr bool gives_back(LinkState state)
{
    return state == LinkState::draining || state == LinkState::drained;
}
constexpr bool is_ending(LinkState state)
{
    return state == LinkState::stopping || state == LinkState::stopped;
}
constexpr bool link_is_over(LinkState state)
{
    return state == LinkState::abandoned || state == LinkState::drained || state == LinkState::stopped;
}

// The state of one loop. Changed on the link's thread, read on every one.
class LinkLife {
public:
    LinkState state() const { return state_; }
    void leave() { state_ = after_leave(state_); }
    void stop() { state_ = after_stop(state_); }
    void link_over() { state_ = after_link_over(state_); }

private:
    std::atomic<LinkState> state_{LinkState::serving};
};

}  // namespace tidings::relay
