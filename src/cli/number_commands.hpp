// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/body_options.hpp"
#include "cli/leaves.hpp"

namespace tidings::cli {

class NumberCommands {
public:
    explicit NumberCommands(Leaves& leaves) : leaves_(leaves) {}
    void add_to(Command app);

private:
    void add_list(Command parent);
    void add_add(Command parent);
    void add_remove(Command parent);
    void add_unmatched(Command parent);

    void add_number(Command leaf);

    Leaves& leaves_;
    std::string number_, account_;
    bool pool_ = false;
};

}  // namespace tidings::cli
