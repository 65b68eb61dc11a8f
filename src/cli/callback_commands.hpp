// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/body_options.hpp"
#include "cli/leaves.hpp"

namespace tidings::cli {

// What webhooks and callback URLs were told, and telling them again.
class CallbackCommands {
public:
    explicit CallbackCommands(Leaves& leaves) : leaves_(leaves) {}
    void add_to(Command webhook);  // the command above them

private:
    void add_log(Command parent);
    void add_dead_letters(Command parent);
    void add_attempts(Command parent);
    void add_replay(Command parent);
    void add_test(Command parent);

    void add_filter(Command leaf);
    Action list(std::string_view state) const;

    Leaves& leaves_;
    BodyOptions body_;
    std::string state_, account_, webhook_, message_, after_, id_;
    bool dead_ = false;
};

}  // namespace tidings::cli
