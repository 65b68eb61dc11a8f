// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/leaves.hpp"

namespace tidings::cli {

class MessageCommands {
public:
    explicit MessageCommands(Leaves& leaves) : leaves_(leaves) {}
    void add_to(CLI::App& app);

private:
    void add_trace(CLI::App& parent);
    void add_held(CLI::App& parent);
    // `command` is the last part of the path, too; `done` what has then happened to the message.
    void add_decision(CLI::App& parent, const LeafText& text, std::string_view done);
    void add_id(CLI::App& leaf);

    Leaves& leaves_;
    std::string id_;
};

}  // namespace tidings::cli
