// SPDX-License-Identifier: Apache-2.0
// Starts the built gateway, plays application and carrier around it, and measures what arrives. Results and
// how to read them: doc/performance.md.
//
// To compare two builds, --against takes turns with the other one, so that both meet the same moods of the
// machine, and tells the ratios within the pairs.
#include "base/log.hpp"
#include "machine.hpp"
#include "scenarios.hpp"
#include "workload.hpp"

#include <fmt/format.h>
#include <CLI/CLI.hpp>
#include <boost/json.hpp>

#include <algorithm>
#include <cstdio>

namespace {

using namespace tidings::bench;

// In what order, and which are left out when --only names others.
Metrics run_all(const Settings& settings, const std::string& only)
{
    Metrics all;
    auto add = [&](std::string_view letter, const std::function<Metrics()>& scenario) {
        if (!only.empty() && only.find(letter) == only.npos) return 0.0;
        fmt::print(stderr, "scenario {} …\n", letter);
        Metrics metrics = scenario();
        all.insert(all.end(), metrics.begin(), metrics.end());
        return metrics.front().value;
    };
    double batch_rate = add("a", [&] { return sustained(settings, batches); });
    add("k", [&] { return sustained(settings, batches_told); });
    add("w", [&] { return sustained(settings, batches_webhook); });
    add("r", [&] { return sustained(settings, batches_signed); });
    double single_rate = add("b", [&] { return sustained(settings, singles); });
    add("i", [&] { return sustained(settings, singles_told); });
    add("v", [&] { return sustained(settings, singles_webhook); });
    // Without a measured value the latencies are taken at half of what is asked of a gateway on two cores.
    double half_batches = (batch_rate > 0 ? batch_rate : 6'000) / 2 / 100,
           half_singles = (single_rate > 0 ? single_rate : 5'000) / 2;
    add("c", [&] {
        Metrics metrics = latency_of_batches(settings, half_batches);
        Metrics of_singles = latency_of_singles(settings, half_singles);
        metrics.insert(metrics.end(), of_singles.begin(), of_singles.end());
        return metrics;
    });
    add("l", [&] { return latency_of_callbacks(settings); });
    add("d", [&] { return backlog(settings); });
    add("s", [&] { return stalled_neighbour(settings); });
    add("e", [&] { return dead_endpoint(settings); });
    add("f", [&] { return features(settings); });
    add("n", [&] { return neighbours(settings); });
    add("t", [&] { return endurance(settings, 0); });
    add("u", [&] { return endurance(settings, settings.stored); });
    return all;
}

// The runs measured the same things in the same order; the middle one of each counts. What most of them
// missed is missed.
Metrics median_of(const std::vector<Metrics>& runs)
{
    Metrics result = runs.front();
    for (std::size_t i = 0; i < result.size(); ++i) {
        std::vector<double> values;
        for (const Metrics& run : runs) values.push_back(run[i].value);
        std::sort(values.begin(), values.end());
        result[i].value = values[values.size() / 2];
        auto misses = std::ranges::count_if(runs, [i](const Metrics& run) { return run[i].is_missed; });
        result[i].is_missed = 2 * static_cast<std::size_t>(misses) > runs.size();
    }
    return result;
}

void print_machine(const Machine& machine)
{
    fmt::print(
        "{} cores, {}, {:.0f} GiB, Linux {}; a synced 4 KiB write takes {:.0f} us at the end of a file, "
        "{:.0f} us within; load before {:.1f}\n",
        machine.cores, machine.cpu, machine.memory_gib, machine.kernel, machine.append_us,
        machine.overwrite_us, machine.load_before);
}

void print_table(const Machine& machine, const Metrics& metrics)
{
    print_machine(machine);
    std::string scenario;
    for (const Metric& metric : metrics) {
        if (metric.scenario != scenario) fmt::print("\n{}\n", metric.scenario);
        scenario = metric.scenario;
        fmt::print("    {:<30}{:>12.{}f} {}{}\n", metric.name, metric.value, metric.digits, metric.unit,
                   metric.is_missed ? "<- off" : "");
    }
}

// The runs of each gateway; those at the same place ran one after the other.
struct Pairs {
    std::vector<Metrics> others;
    std::vector<Metrics> ours;
};

double median_ratio(const Pairs& pairs, std::size_t metric)
{
    std::vector<double> ratios;
    for (std::size_t i = 0; i < pairs.ours.size(); ++i)
        ratios.push_back(pairs.ours[i][metric].value / pairs.others[i][metric].value);
    std::sort(ratios.begin(), ratios.end());
    return ratios[ratios.size() / 2];
}

void print_ratios(const Machine& machine, const Pairs& pairs)
{
    print_machine(machine);
    Metrics others = median_of(pairs.others), ours = median_of(pairs.ours);
    std::string scenario;
    for (std::size_t i = 0; i < ours.size(); ++i) {
        const Metric& metric = ours[i];
        if (metric.scenario != scenario)
            fmt::print("\n{:<58}{:>12}{:>12}{:>8}\n", metric.scenario, "other", "this", "ratio");
        scenario = metric.scenario;
        fmt::print("    {:<30}{:<24}{:>12.{}f}{:>12.{}f}{:>8.2f}\n", metric.name, metric.unit,
                   others[i].value, metric.digits, metric.value, metric.digits, median_ratio(pairs, i));
    }
}

void print_json(const Machine& machine, const Metrics& metrics)
{
    boost::json::array values;
    for (const Metric& metric : metrics)
        values.push_back({{"scenario", metric.scenario},
                          {"name", metric.name},
                          {"unit", metric.unit},
                          {"value", metric.value},
                          {"is_missed", metric.is_missed}});
    boost::json::object document{{"cores", machine.cores},
                                 {"cpu", machine.cpu},
                                 {"memory_gib", machine.memory_gib},
                                 {"kernel", machine.kernel},
                                 {"append_us", machine.append_us},
                                 {"overwrite_us", machine.overwrite_us},
                                 {"load_before", machine.load_before},
                                 {"metrics", std::move(values)}};
    fmt::print("{}\n", boost::json::serialize(document));
}

}  // namespace

int main(int argc, char** argv)
{
    CLI::App app("Measures a Tidings gateway from end to end.", "bench_end_to_end");
    Settings settings;
    std::string only, other;
    int runs = 1;
    bool json = false;
    app.add_option("--gateway", settings.program, "the program to measure")
        ->required()
        ->check(CLI::ExistingFile);
    auto* against = app.add_option("--against", other, "another build, which takes turns with it")
                        ->check(CLI::ExistingFile);
    app.add_option("--folder", settings.folder, "for its data, on the disk to measure")
        ->default_val("build/bench");
    app.add_option("--seconds", settings.seconds, "of load in each scenario")
        ->default_val(30)
        ->check(CLI::Range(1, 36'000));
    app.add_option("--runs", runs, "of which the median is shown; of pairs, if there is another")
        ->default_val(1)
        ->check(CLI::Range(1, 99));
    app.add_option(
        "--only", only,
        "letters of: a batches, k with 3 callbacks, w with 1 by webhook, r with signed ones; "
        "b singles, i with 3 callbacks, v with 1 by webhook; c latency of the 202, l of callbacks; "
        "d backlog, s stalled link, e dead endpoint, f account features, n neighbours in trouble; "
        "t endurance, u on a store that has messages");
    app.add_option("--trouble", settings.trouble, "of the neighbours, a part of its name; without it all");
    app.add_option("--minutes", settings.minutes, "of endurance")
        ->default_val(1)
        ->check(CLI::Range(1, 24 * 60));
    app.add_option("--stored", settings.stored, "messages that the second endurance begins with")
        ->default_val(200'000)
        ->check(CLI::Range(1, 1'000'000'000));
    app.add_flag("--json", json, "for machines")->excludes(against);
    CLI11_PARSE(app, argc, argv);
    tidings::base::set_log_level(tidings::base::LogLevel::error);
    try {
        std::filesystem::create_directories(settings.folder);
        Machine machine = look_at_machine(settings.folder);
        Settings of_other = settings;
        of_other.program = other;
        Pairs pairs;
        for (int i = 0; i < runs; ++i) {
            if (!other.empty()) pairs.others.push_back(run_all(of_other, only));
            pairs.ours.push_back(run_all(settings, only));
        }
        Metrics ours = median_of(pairs.ours);
        if (!other.empty())
            print_ratios(machine, pairs);
        else
            (json ? print_json : print_table)(machine, ours);
        return std::ranges::any_of(ours, &Metric::is_missed) ? 1 : 0;
    } catch (const std::exception& error) {
        fmt::print(stderr, "bench_end_to_end: {}\n", error.what());
        return 1;
    }
}
