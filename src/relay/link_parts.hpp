// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.hpp"
#include "relay/fleet.hpp"
#include "relay/link.hpp"
#include "relay/link_state.hpp"
#include "relay/ways.hpp"
#include "store/store.hpp"

namespace tidings::relay {

// What the two sides of a link's loop share. All of it outlives them.
struct LinkParts {
    Link& link;
    store::LinkKey key;
    const std::string& name;
    const LinkLife& life;
    Fitness& fitness;
    const Fleet& fleet;
    const Ways& ways;
    store::Store& store;
    base::Clock& clock;
};

}  // namespace tidings::relay
