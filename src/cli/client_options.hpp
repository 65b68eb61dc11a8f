// SPDX-License-Identifier: Apache-2.0
// With which key, and where to, the commands of an application talk.
#pragma once

#include "cli/command_line.hpp"
#include "tidings/client.hpp"

#include <string>

namespace tidings::cli {

struct ClientOptions {
    std::string url;       // empty: see client_of()
    std::string key_file;  // likewise
    std::string data = "data";
    std::string ca_file;
    std::string account;
    bool json = false;

    void add_to(Command command);
};

// The key: from the file that was named, else from the environment, else that of the sandbox in the data
// folder. Where to: what was said, else what the environment says, else what the file of the key says, else
// where a gateway listens that was not told anything. Throws a sentence.
Client client_of(const ClientOptions& options);

}  // namespace tidings::cli
