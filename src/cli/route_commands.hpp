// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/body_options.hpp"
#include "cli/leaves.hpp"

namespace tidings::cli {

class RouteCommands {
public:
    explicit RouteCommands(Leaves& leaves) : leaves_(leaves) {}
    void add_to(Command app);

private:
    void add_list(Command parent);
    void add_set(Command parent);
    void add_remove(Command parent);
    void add_test(Command parent);

    void add_name(Command leaf);
    void add_conditions(Command leaf);

    Leaves& leaves_;
    BodyOptions body_;
    std::string name_, number_;
};

}  // namespace tidings::cli
