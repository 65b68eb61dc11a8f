// SPDX-License-Identifier: Apache-2.0
// How long the messages of others are under way beside each trouble. A gateway of its own for each, which
// measures first without and then with it.
#include "scenarios.hpp"
#include "troubles.hpp"

#include <fmt/format.h>

namespace tidings::bench {

using namespace std::chrono_literals;

namespace {

constexpr auto warm_up = 1s;
constexpr auto time_without = 4s;
constexpr auto time_with = 10s;

Metrics measure(const Settings& settings, const Trouble& trouble)
{
    World world(settings, trouble.carrier);
    Probe probe(world, trouble.arrives, trouble.conduct);
    if (trouble.prepare) trouble.prepare(world);
    probe.run(warm_up);
    Probe::Result without = probe.run(time_without);
    trouble.begin(world);
    Probe::Result with = probe.run(time_with);
    std::string name(trouble.name);
    return {{name, "p50 without", "ms", without.p50_ms, 1},     {name, "p50 with", "ms", with.p50_ms, 1},
            {name, "p99 without", "ms", without.p99_ms, 1},     {name, "p99 with", "ms", with.p99_ms, 1},
            {name, "arrived without", "%", without.arrived, 1}, {name, "arrived with", "%", with.arrived, 1},
            {name, "again with", "times", with.again}};
}

}  // namespace

Metrics neighbours(const Settings& settings)
{
    Metrics all;
    for (const Trouble& trouble : troubles()) {
        if (trouble.name.find(settings.trouble) == trouble.name.npos) continue;
        fmt::print(stderr, "    {} …\n", trouble.name);
        Metrics metrics = measure(settings, trouble);
        all.insert(all.end(), metrics.begin(), metrics.end());
    }
    if (all.empty()) throw std::runtime_error("no trouble has that name");
    return all;
}

}  // namespace tidings::bench
