// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace tidings::base {

// First of all, for a process that serves. Files that anybody in it makes are the owner's alone, whatever the
// umask was. A file that reaches a limit of the system, and a log that nobody reads any more, fail the write
// that met them; by default, they would end the process.
void prepare_process();

}  // namespace tidings::base
