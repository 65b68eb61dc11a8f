// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "config.hpp"

namespace tidings {

enum class Sandbox { off, on };

// Runs a gateway until SIGTERM or SIGINT and then stops it in good order; a second signal ends the process at
// once. Throws a sentence for the operator when it cannot start.
void serve(const Config& config, Sandbox sandbox);

}  // namespace tidings
