// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "config.hpp"

#include <functional>

namespace tidings {

enum class Sandbox { off, on };

// Runs a gateway until SIGTERM or SIGINT and then stops it in good order; a second signal ends the process at
// once. On SIGHUP it takes the links and the log level of what `read_again` gives. Throws a sentence for the
// operator when it cannot start.
void serve(const Config& config, Sandbox sandbox, std::function<Config()> read_again);

}  // namespace tidings
