// SPDX-License-Identifier: Apache-2.0
#include "cli/leaves.hpp"

namespace tidings::cli {

namespace {

constexpr Field fields[] = {
    {"name", "LINK"},
    {"bound", "BOUND"},
    {"binds", "OF"},
    {"waiting", "WAITING"},
    {"oldest_seconds", "OLDEST S"},
    {"window_in_use", "IN FLIGHT"},
    {"window", "WINDOW"},
    {"rate", "RATE", "no limit"},
    {"submits", "SUBMITS"},
    {"throttled", "THROTTLED"},
    {"refused", "REFUSED"},
    {"doubts", "DOUBTS"},
};

const Leaf leaves[] = {
    {.name = "list",
     .description = "all links, with what waits for each",
     .path = "/links",
     .show = table("links", fields)},
};

}  // namespace

std::span<const Leaf> link_leaves() { return leaves; }

}  // namespace tidings::cli
