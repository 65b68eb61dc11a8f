// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/body_options.hpp"
#include "cli/leaves.hpp"

namespace tidings::cli {

// The webhooks of accounts and the secrets with which they are signed, as settings.
class WebhookCommands {
public:
    explicit WebhookCommands(Leaves& leaves) : leaves_(leaves) {}
    void add_to(Command webhook);  // the command above them

private:
    void add_list(Command parent);
    void add_show(Command parent);
    void add_add(Command parent);
    void add_remove(Command parent);
    void add_rotate(Command parent);

    void add_account(Command leaf);
    void add_id(Command leaf);
    void add_fields(Command leaf);
    Action about_account(std::string method, std::string_view list) const;
    Action about_webhook(std::string method) const;

    Leaves& leaves_;
    BodyOptions body_;
    std::string account_, id_;
};

}  // namespace tidings::cli
