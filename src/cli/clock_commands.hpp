// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/leaves.hpp"

namespace tidings::cli {

class ClockCommands {
public:
    explicit ClockCommands(Leaves& leaves) : leaves_(leaves) {}
    void add_to(Command app);

private:
    Leaves& leaves_;
};

}  // namespace tidings::cli
