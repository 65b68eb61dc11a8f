// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

namespace tidings::bench {

struct Machine {
    unsigned cores = 0;
    std::string cpu;
    std::string kernel;
    double memory_gib = 0;
    double append_us = 0;     // medians of 4 KiB writes in the folder, each synced
    double overwrite_us = 0;  // the same place again and again
    double load_before = 0;   // what others do there meanwhile spoils every number
};

Machine look_at_machine(const std::filesystem::path& folder);

// The median of 4 KiB writes at the end of a file in the folder, each synced, at this moment.
double synced_write_us(const std::filesystem::path& folder);

// Of this process so far: application, carrier and receiver of callbacks.
double own_cpu_seconds();

}  // namespace tidings::bench
