// SPDX-License-Identifier: Apache-2.0
// Whether the gateway is in the last minute what it was in the second: messages with callbacks at 70 % of
// what it can do, for as long as is asked, on a store that is empty or has so many messages already.
//
// The run is divided into parts of a minute, or into ten if it is shorter. The second part is compared with
// the last: the first has in it what is done once. A figure that differs by more than a tenth is off, and the
// bench then ends with 1; memory and log may shrink. Memory grows as it should until the gateway holds the
// newest messages that it keeps for receipts and replies, and is judged only if it did in the second part.
#include "machine.hpp"
#include "workload.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace tidings::bench {

using namespace std::chrono_literals;

namespace {

constexpr double share_of_rate = 0.7;
constexpr int seconds_for_rate = 10;
constexpr double tolerance = 0.1;
constexpr int parts_min = 10;
constexpr std::uint64_t kept_in_memory = 200'000;  // messages; Limits::recent of the store
constexpr std::uint64_t fill_step = 100'000;  // messages, so that each step has the patience of run_until()
// With its reports, a stored message takes 500; as much again is for what the load adds.
constexpr std::uint64_t bytes_per_message = 1'000;

// What is compared of a part.
struct Part {
    double rate = 0;    // messages/s
    double p99_ms = 0;  // of the 202
    double cpu_us = 0;  // per message
    double resident_mib = 0;
    double log_mib = 0;
};

void fill(World& world, const Settings& settings, std::uint64_t messages)
{
    if (std::filesystem::space(settings.folder).available < messages * bytes_per_message)
        throw std::runtime_error(fmt::format("{} messages need {} GB in {}, which are not there", messages,
                                             messages * bytes_per_message / 1'000'000'000 + 1,
                                             settings.folder.string()));
    Workload workload = batches;
    workload.is_varied = true;
    Traffic traffic(world, workload);
    traffic.start_closed_loop(messages);
    for (std::uint64_t done = 0; done < messages;) {
        done = std::min(messages, done + fill_step);
        world.run_until([&] { return traffic.finished() >= done; });
    }
    traffic.stop_and_finish();
}

double rate_of(World& world, Traffic& traffic)
{
    Metrics metrics;
    traffic.start_closed_loop();
    measure(world, traffic, seconds_for_rate, {}, metrics);
    traffic.stop_and_finish();
    return metrics.front().value;
}

Part run_part(World& world, Traffic& traffic, std::chrono::duration<double> time)
{
    Gateway& gateway = world.gateway();
    traffic.load().forget_latencies();
    std::uint64_t first = traffic.finished();
    double cpu = gateway.cpu_seconds();
    auto begin = std::chrono::steady_clock::now();
    world.run_for(time);
    std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    auto count = static_cast<double>(traffic.finished() - first);
    traffic.load().require_success();
    return {.rate = count / took.count(),
            .p99_ms = quantile_ms(traffic.load().latencies(), 0.99),
            .cpu_us = (gateway.cpu_seconds() - cpu) * 1e6 / count,
            .resident_mib = gateway.resident_mib(),
            .log_mib = gateway.log_mib()};
}

// While it runs: one can see from where on something goes wrong.
void tell(int number, const Part& part)
{
    fmt::print(stderr,
               "    part {}: {:.0f} messages/s, p99 {:.1f} ms, {:.0f} us, {:.0f} MiB, log {:.1f} MiB\n",
               number, part.rate, part.p99_ms, part.cpu_us, part.resident_mib, part.log_mib);
}

struct Comparison {
    std::string scenario;
    Part second, last;
    bool memory_was_full = false;
};

Metrics compare(const Comparison& parts)
{
    struct Figure {
        const char* name;
        const char* unit;
        double Part::*value;
        int digits;
        bool may_shrink;
        bool is_judged;
    };
    const Figure figures[] = {
        {"rate", "messages/s", &Part::rate, 0, false, true},
        {"p99 of the 202", "ms", &Part::p99_ms, 2, false, true},
        {"CPU of the gateway", "us/message", &Part::cpu_us, 1, false, true},
        {"resident", "MiB", &Part::resident_mib, 0, true, parts.memory_was_full},
        {"log", "MiB", &Part::log_mib, 1, true, true},
    };
    Metrics metrics;
    for (const Figure& figure : figures) {
        std::string name = figure.name;
        double second = parts.second.*figure.value, last = parts.last.*figure.value;
        double ratio = last / second;
        bool is_off = ratio > 1 + tolerance || (ratio < 1 - tolerance && !figure.may_shrink);
        metrics.push_back({parts.scenario, name + ": 2nd part", figure.unit, second, figure.digits});
        metrics.push_back({parts.scenario, name + ": last part", figure.unit, last, figure.digits});
        metrics.push_back({parts.scenario, name + ": ratio", figure.is_judged ? "" : "(not judged)", ratio, 2,
                           figure.is_judged && is_off});
    }
    return metrics;
}

}  // namespace

Metrics endurance(const Settings& settings, std::uint64_t stored)
{
    World world(settings, World::CarrierIs::up);
    if (stored > 0) fill(world, settings, stored);
    Traffic traffic(world, singles_told);
    double rate = share_of_rate * rate_of(world, traffic);
    int parts = std::max(parts_min, settings.minutes);
    std::chrono::duration<double> time = std::chrono::minutes(settings.minutes);
    Comparison comparison;
    comparison.scenario = fmt::format("{} min at {:.0f} messages/s, 3 callbacks, {} stored before",
                                      settings.minutes, rate, stored);
    traffic.start_open_loop(rate);
    for (int i = 0; i < parts; ++i) {
        comparison.last = run_part(world, traffic, time / parts);
        tell(i + 1, comparison.last);
        if (i == 1) {
            comparison.second = comparison.last;
            comparison.memory_was_full = stored + traffic.finished() >= kept_in_memory;
        }
    }
    return compare(comparison);
}

}  // namespace tidings::bench
