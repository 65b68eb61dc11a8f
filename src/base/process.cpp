// SPDX-License-Identifier: Apache-2.0
// Before anything else: files of ours are for nobody else, and a write that fails (a file too large, a pipe
// or socket whose reader has gone) is an error to be handled and not the end of the process.
#include "base/process.hpp"

#include <sys/stat.h>

#include <csignal>

namespace tidings::base {

void prepare_process()
{
    ::umask(S_IRWXG | S_IRWXO);
    std::signal(SIGXFSZ, SIG_IGN);
    std::signal(SIGPIPE, SIG_IGN);
}

}  // namespace tidings::base
