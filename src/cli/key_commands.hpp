// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/body_options.hpp"
#include "cli/leaves.hpp"

namespace tidings::cli {

class KeyCommands {
public:
    explicit KeyCommands(Leaves& leaves) : leaves_(leaves) {}
    void add_to(CLI::App& app);

private:
    void add_list(CLI::App& parent);
    void add_add(CLI::App& parent);
    void add_set(CLI::App& parent);
    void add_rotate(CLI::App& parent);
    void add_remove(CLI::App& parent);

    void add_account(CLI::App& leaf);
    void add_key(CLI::App& leaf);
    void add_rules(CLI::App& leaf);
    Action about_account(std::string method) const;
    Action about_key(std::string method) const;

    Leaves& leaves_;
    std::string account_, key_;
    std::string scheme_ = "basic";
    BodyOptions body_;
};

}  // namespace tidings::cli
