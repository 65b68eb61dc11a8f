// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/leaves.hpp"

namespace tidings::cli {

class MessageCommands {
public:
    explicit MessageCommands(Leaves& leaves) : leaves_(leaves) {}
    void add_to(CLI::App& app);

private:
    Leaves& leaves_;
    std::string id_;
};

}  // namespace tidings::cli
