// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/body_options.hpp"
#include "cli/leaves.hpp"

namespace tidings::cli {

class AccountCommands {
public:
    explicit AccountCommands(Leaves& leaves) : leaves_(leaves) {}
    void add_to(Command app);

private:
    void add_list(Command parent);
    void add_show(Command parent);
    void add_add(Command parent);
    void add_set(Command parent);
    void add_remove(Command parent);
    void add_credits(Command parent);
    void add_suspected(Command parent);

    void add_id(Command leaf);
    void add_rules(Command leaf);  // what may be changed later, as well as the next
    void add_screening(Command leaf);
    Action about(std::string method, std::initializer_list<std::string_view> below = {}) const;

    Leaves& leaves_;
    std::string id_;
    BodyOptions body_;
};

}  // namespace tidings::cli
