// SPDX-License-Identifier: Apache-2.0
// The commands of an application: tidings send|status|cancel|replies|reports|credits|watch.
#pragma once

#include "cli/campaign.hpp"
#include "cli/client_options.hpp"

#include <functional>
#include <string>
#include <vector>

namespace tidings::cli {

class ClientCommands {
public:
    // Adds the commands. `app` may be parsed as long as this lives.
    explicit ClientCommands(Command app);
    ClientCommands(const ClientCommands&) = delete;
    ClientCommands& operator=(const ClientCommands&) = delete;

    // What the parsed command line asks for, which prints and gives the exit status, or throws a sentence;
    // nothing: it was none of these commands.
    const std::function<int()>& action() const { return action_; }

private:
    Command add(Command app, const char* name, const char* description, std::function<int()> action);
    void add_send(Command app);
    void add_message(Command leaf);
    int send();
    int send_file(const Client& client);
    int status() const;
    int cancel() const;
    int credits() const;
    int watch() const;

    ClientOptions options_;
    std::function<int()> action_;
    std::vector<std::string> numbers_;
    std::vector<std::string> ids_;
    std::string text_, scheduled_, idempotency_key_;
    Message message_;
    CampaignOptions campaign_;
    bool confirms_ = false;
    double interval_s_ = 1;
};

}  // namespace tidings::cli
