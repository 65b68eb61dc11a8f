// SPDX-License-Identifier: Apache-2.0
// File descriptors are what a listener runs out of first. Connections get what links, store and callbacks do
// not need: whoever opens connections must not be able to take those away.
#pragma once

#include <cstddef>

namespace tidings {

// What of the process's descriptors the listeners may use.
struct DescriptorPlan {
    std::size_t connections = 0;        // of the listener for applications
    std::size_t connections_over = 0;   // beyond those, which are told that there are too many
    std::size_t admin_connections = 0;  // of the listener for administration alone, and as many over
};

// Raises the limit of open files as far as `connections_max` has use for it and the system lets us. Gives the
// limit that then holds.
std::size_t raise_descriptor_limit(std::size_t connections_max);

DescriptorPlan plan_descriptors(std::size_t limit, std::size_t connections_max);

}  // namespace tidings
