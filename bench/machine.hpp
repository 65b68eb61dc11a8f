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
    double sync_us = 0;      // median of 4 KiB appends, each synced, in the folder
    double load_before = 0;  // what others do there meanwhile spoils every number
};

Machine look_at_machine(const std::filesystem::path& folder);

}  // namespace tidings::bench
