// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace tidings {

struct SmscFlags {
    int port = 2775;
    std::string http;    // HOST:PORT; empty: no HTTP interface
    std::string folder;  // empty: no journal
};

// Runs the simulated carrier alone, until SIGTERM or SIGINT. Throws a sentence when it cannot start.
void run_smsc(const SmscFlags& flags);

}  // namespace tidings
