// SPDX-License-Identifier: Apache-2.0
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
