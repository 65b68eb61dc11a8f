// SPDX-License-Identifier: Apache-2.0
#include "cli/leaves.hpp"

namespace tidings::cli {

namespace {

constexpr Field fields[] = {
    {"time", "TIME"},
    {"doubted", "DOUBTED"},
    {"jumped_seconds", "JUMPED S"},
    {"believed_in_seconds", "BELIEVED IN S"},
};

const Leaf leaves[] = {
    {.name = "show",
     .description = "that time, and whether the machine's clock shows another one, which is doubted",
     .path = "/clock",
     .show = lines(fields)},
    {.name = "confirm",
     .description = "the machine's clock is right, though it jumped by more than a day",
     .method = "POST",
     .path = "/clock/confirm",
     .show = lines(fields)},
};

}  // namespace

std::span<const Leaf> clock_leaves() { return leaves; }

}  // namespace tidings::cli
