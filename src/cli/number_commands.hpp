// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/body_options.hpp"
#include "cli/leaves.hpp"

namespace tidings::cli {

class NumberCommands {
public:
    explicit NumberCommands(Leaves& leaves) : leaves_(leaves) {}
    void add_to(CLI::App& app);

private:
    void add_list(CLI::App& parent);
    void add_add(CLI::App& parent);
    void add_remove(CLI::App& parent);
    void add_unmatched(CLI::App& parent);

    void add_number(CLI::App& leaf);

    Leaves& leaves_;
    std::string number_, account_;
    bool pool_ = false;
};

}  // namespace tidings::cli
