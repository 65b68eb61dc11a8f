// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/body_options.hpp"
#include "cli/leaves.hpp"

namespace tidings::cli {

class RouteCommands {
public:
    explicit RouteCommands(Leaves& leaves) : leaves_(leaves) {}
    void add_to(CLI::App& app);

private:
    void add_list(CLI::App& parent);
    void add_set(CLI::App& parent);
    void add_remove(CLI::App& parent);
    void add_test(CLI::App& parent);

    void add_name(CLI::App& leaf);
    void add_conditions(CLI::App& leaf);

    Leaves& leaves_;
    BodyOptions body_;
    std::string name_, number_;
};

}  // namespace tidings::cli
