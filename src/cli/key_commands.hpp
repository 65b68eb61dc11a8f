// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/body_options.hpp"
#include "cli/leaves.hpp"

namespace tidings::cli {

class KeyCommands {
public:
    explicit KeyCommands(Leaves& leaves) : leaves_(leaves) {}
    void add_to(Command app);

private:
    void add_list(Command parent);
    void add_add(Command parent);
    void add_set(Command parent);
    void add_rotate(Command parent);
    void add_remove(Command parent);

    void add_account(Command leaf);
    void add_key(Command leaf);
    void add_rules(Command leaf);
    Action about_account(std::string method) const;
    Action about_key(std::string method) const;

    Leaves& leaves_;
    std::string account_, key_;
    std::string scheme_ = "basic";
    BodyOptions body_;
};

}  // namespace tidings::cli
