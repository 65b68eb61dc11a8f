// SPDX-License-Identifier: Apache-2.0
#include "relay/link_state.hpp"

#include <cstdlib>

namespace tidings::relay {

// Each of these is total: whatever happens in whichever state has an answer, since the configuration may
// change, the carrier give us up and the process end in any order.
LinkState after_leave(LinkState state)
{
    switch (state) {
    case LinkState::serving:
    case LinkState::draining: return LinkState::draining;
    case LinkState::abandoned:
    case LinkState::drained: return LinkState::drained;
    case LinkState::stopping:
    case LinkState::stopped: return state;  // what the end of the process leaves is due at the next start
    }
    std::abort();
}

LinkState after_stop(LinkState state)
{
    return link_is_over(state) ? LinkState::stopped : LinkState::stopping;
}

LinkState after_link_over(LinkState state)
{
    switch (state) {
    case LinkState::serving:
    case LinkState::abandoned: return LinkState::abandoned;
    case LinkState::draining:
    case LinkState::drained: return LinkState::drained;
    case LinkState::stopping:
    case LinkState::stopped: return LinkState::stopped;
    }
    std::abort();
}

}  // namespace tidings::relay
