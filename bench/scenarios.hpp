// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace tidings::bench {

struct Settings {
    std::filesystem::path program;   // tidings
    std::filesystem::path folder;    // for data; on the disk to be measured
    int seconds = 30;                // of load in each scenario, but for endurance()
    int minutes = 1;                 // of endurance()
    std::uint64_t stored = 200'000;  // messages, before the second endurance()
    std::string trouble;             // of neighbours(): those whose names hold it
};

struct Metric {
    std::string scenario, name, unit;
    double value = 0;
    int digits = 0;          // shown behind the point
    bool is_missed = false;  // what must hold does not: the bench ends with 1
};
using Metrics = std::vector<Metric>;

struct Workload;

// Each starts a gateway of its own.
Metrics sustained(const Settings& settings, const Workload& workload);
Metrics latency_of_batches(const Settings& settings, double requests_per_second);
Metrics latency_of_singles(const Settings& settings, double requests_per_second);
Metrics latency_of_callbacks(const Settings& settings);
Metrics backlog(const Settings& settings);
Metrics stalled_neighbour(const Settings& settings);
Metrics dead_endpoint(const Settings& settings);
// What somebody's messages suffer from the troubles of others: each in turn, first without and then with it.
Metrics neighbours(const Settings& settings);
// Whether the gateway stays what it is, beginning with so many messages.
Metrics endurance(const Settings& settings, std::uint64_t stored);
// What the features of accounts cost: runs with none and with all of them, in turns, so that both see the
// same machine.
Metrics features(const Settings& settings);

}  // namespace tidings::bench
