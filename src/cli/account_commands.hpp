// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/body_options.hpp"
#include "cli/leaves.hpp"

namespace tidings::cli {

class AccountCommands {
public:
    explicit AccountCommands(Leaves& leaves) : leaves_(leaves) {}
    void add_to(CLI::App& app);

private:
    void add_list(CLI::App& parent);
    void add_show(CLI::App& parent);
    void add_add(CLI::App& parent);
    void add_set(CLI::App& parent);
    void add_remove(CLI::App& parent);
    void add_credits(CLI::App& parent);
    void add_suspected(CLI::App& parent);

    void add_id(CLI::App& leaf);
    void add_rules(CLI::App& leaf);  // what may be changed later, as well as the next
    void add_screening(CLI::App& leaf);
    Action about(std::string method, std::initializer_list<std::string_view> below = {}) const;

    Leaves& leaves_;
    std::string id_;
    BodyOptions body_;
};

}  // namespace tidings::cli
