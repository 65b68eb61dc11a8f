// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/body_options.hpp"
#include "cli/leaves.hpp"

namespace tidings::cli {

class MessageCommands {
public:
    explicit MessageCommands(Leaves& leaves) : leaves_(leaves) {}
    void add_to(Command app);

private:
    void add_trace(Command parent);
    void add_held(Command parent);
    // `command` is the last part of the path, too; `done` what has then happened to the message.
    void add_decision(Command parent, const LeafText& text, std::string_view done);
    void add_id(Command leaf);
    void add_preview(Command parent);

    Leaves& leaves_;
    BodyOptions body_;
    std::string id_, account_, number_, content_;
};

}  // namespace tidings::cli
