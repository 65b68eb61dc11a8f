// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <pthread.h>

namespace tidings::base {

// What `top -H` and debuggers call the calling thread; 15 characters at most.
inline void name_this_thread(const char* name) { pthread_setname_np(pthread_self(), name); }

}  // namespace tidings::base
