// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "config.hpp"

#include <functional>

namespace tidings {

enum class Sandbox { off, on };

// At the very beginning of the process: until serve() can take a SIGHUP, one that comes waits instead of
// ending it. For commands that take none: let_hangups_through().
void hold_hangups();
void let_hangups_through();

// Runs a gateway until SIGTERM or SIGINT and then stops it in good order; a second signal ends the process at
// once, and so does a stop that takes stop_wait_s and some seconds more. On SIGHUP it takes the links and the
// log level of what `read_again` gives. Throws a sentence for the operator when it cannot start.
void serve(const Config& config, Sandbox sandbox, std::function<Config()> read_again);

}  // namespace tidings
