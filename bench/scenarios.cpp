// SPDX-License-Identifier: Apache-2.0
#include "scenarios.hpp"

#include "machine.hpp"
#include "workload.hpp"

#include <fmt/format.h>
#include <boost/json.hpp>

#include <algorithm>

namespace tidings::bench {

using namespace std::chrono_literals;

namespace {

constexpr std::size_t backlog_size = 200'000;
constexpr auto link_thread = "io 1";  // the first link lives on the second
                                      // thread; on one core there is none
constexpr std::size_t stalled_backlog = 20'000;
constexpr int pairs = 7;
constexpr int pool_numbers = 10;
constexpr int opt_outs = 1'000;
constexpr auto warm_up = 3s;
constexpr std::size_t open_loop_connections = 64;
// What the p99 of a 202 may take.
constexpr double writes_allowed = 5, beside_writes_ms = 5;

double seconds_since(SteadyTime begin)
{
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

Metrics latency(const Settings& settings, const std::string& scenario, std::size_t messages, double rate)
{
    double before_us = synced_write_us(settings.folder);
    World world(settings, World::CarrierIs::up);
    Load::Options options;
    options.request = post_request(messages, world.gateway().authorization());
    options.connections = open_loop_connections;
    options.rate = rate;
    world.start_load(std::move(options));
    world.run_for(warm_up);
    world.load().forget_latencies();
    world.run_for(std::chrono::seconds(settings.seconds));
    world.load().require_success();
    const std::vector<std::uint32_t>& times = world.load().latencies();
    double write_ms = (before_us + synced_write_us(settings.folder)) / 2 / 1000;
    return {{scenario, "offered", "requests/s", rate},
            {scenario, "answered", "requests/s", static_cast<double>(times.size()) / settings.seconds},
            {scenario, "p50", "ms", quantile_ms(times, 0.5), 2},
            {scenario, "p99", "ms", quantile_ms(times, 0.99), 2},
            {scenario, "5 synced writes + 5 ms", "ms, aim of the p99",
             writes_allowed * write_ms + beside_writes_ms, 2},
            {scenario, "p99.9", "ms", quantile_ms(times, 0.999), 2},
            {scenario, "max", "ms", quantile_ms(times, 1), 2}};
}

enum class AccountHas { no_features, all_features };

// Everything that is asked of each message, with lists of a size that somebody
// may have.
void turn_on_features(const Gateway& gateway)
{
    for (int i = 0; i < pool_numbers; ++i)
        gateway.administer("POST", "/numbers",
                           fmt::format(R"({{"number":"+614915750{:02}","pool":true}})", i));
    gateway.administer("PATCH", "/accounts/sandbox", R"({
        "default_source": null, "converter": "strict", "features": {"opt_out": true, "familiar_sender": true},
        "duplicate_window_s": 86400, "daily_cap": 1000000000, "monthly_cap": 1000000000,
        "blocked_sources": ["Bank", "+61491570999"], "drop_patterns": ["free * prize", "casino*"],
        "hold_patterns": ["lottery", "click * here"]})");
    for (int i = 0; i < opt_outs; i += 10) {
        std::string numbers;
        for (int k = i; k < i + 10; ++k)
            numbers += fmt::format(R"({}"+6140{:07}")", numbers.empty() ? "" : ",", k);
        gateway.call("POST", "/v1/number_authorisation/mt/blacklist",
                     fmt::format(R"({{"numbers":[{}]}})", numbers));
    }
}

// Messages a second.
double varied_batches(const Settings& settings, AccountHas has)
{
    World world(settings, World::CarrierIs::up);
    if (has == AccountHas::all_features)
        turn_on_features(world.gateway());
    else
        world.gateway().administer("PATCH", "/accounts/sandbox", R"({"features": {"opt_out": false}})");
    Workload workload = batches;
    workload.is_varied = true;
    Traffic traffic(world, workload);
    traffic.start_closed_loop();
    Metrics metrics;
    measure(world, traffic, settings.seconds, {}, metrics);
    traffic.load().require_success();
    return metrics.front().value;
}

double median(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

}  // namespace

Metrics sustained(const Settings& settings, const Workload& workload)
{
    World world(settings, World::CarrierIs::up);
    Traffic traffic(world, workload);
    traffic.start_closed_loop();
    Metrics metrics;
    measure(world, traffic, settings.seconds, workload.name, metrics);
    traffic.load().require_success();
    return metrics;
}

Metrics latency_of_batches(const Settings& settings, double requests_per_second)
{
    return latency(settings, "202 of batches at half load", batch_size, requests_per_second);
}

Metrics latency_of_singles(const Settings& settings, double requests_per_second)
{
    return latency(settings, "202 of singles at half load", 1, requests_per_second);
}

Metrics backlog(const Settings& settings)
{
    const std::string scenario = "200,000 waiting, link down";
    World world(settings, World::CarrierIs::down);
    double idle = world.gateway().resident_mib();
    Load::Options options;
    options.request = post_request(batch_size, world.gateway().authorization());
    options.connections = 1;
    options.may_send = [&world] { return world.load().accepted() * batch_size < backlog_size; };
    world.start_load(std::move(options));
    auto begin = std::chrono::steady_clock::now();
    world.run_until([&world] { return world.load().accepted() * batch_size >= backlog_size; });
    double accept_time = seconds_since(begin);
    world.load().stop();
    world.run_for(2s);
    double waiting = world.gateway().resident_mib();

    double link_cpu = world.gateway().cpu_seconds(link_thread);
    begin = std::chrono::steady_clock::now();
    world.raise_carrier();
    world.run_until([&world] { return world.arrived() >= backlog_size; });
    double drain_time = seconds_since(begin);
    link_cpu = world.gateway().cpu_seconds(link_thread) - link_cpu;
    world.load().require_success();
    return {{scenario, "resident before", "MiB", idle},
            {scenario, "accepted", "messages/s", backlog_size / accept_time},
            {scenario, "resident while waiting", "MiB", waiting},
            {scenario, "drained after reconnect", "messages/s", backlog_size / drain_time},
            {scenario, "time to drain", "s", drain_time, 1},
            {scenario, "CPU of the link's thread", "us/message", link_cpu * 1e6 / backlog_size, 1},
            {scenario, "resident peak", "MiB", world.gateway().resident_peak_mib()}};
}

namespace {

void put_route(const Gateway& gateway, const std::string& link, const std::string& prefix)
{
    gateway.administer("PUT", "/routes/" + link,
                       fmt::format(R"({{"link":"{}","destination_prefix":"{}"}})", link, prefix));
}

// What a link carries beside one whose carrier answers nothing, for which so
// many messages wait.
double beside_a_stalled_link(const Settings& settings, std::size_t waiting)
{
    World world(settings, World::CarrierIs::beside_a_stalled_one);
    put_route(world.gateway(), World::main_link, "614");
    put_route(world.gateway(), World::stalled_link, "642");
    Load::Options options;
    options.connections = 1;
    options.request = post_request(batch_size, world.gateway().authorization(), {}, "+6421");
    options.may_send = [&world, waiting] { return world.load().accepted() * batch_size < waiting; };
    world.start_load(std::move(options));
    world.run_until([&world, waiting] { return world.load().accepted() * batch_size >= waiting; });

    Traffic traffic(world, batches);
    traffic.start_closed_loop();
    Metrics metrics;
    measure(world, traffic, settings.seconds, {}, metrics);
    traffic.load().require_success();
    return metrics.front().value;
}

}  // namespace

Metrics stalled_neighbour(const Settings& settings)
{
    std::vector<double> alone, beside, ratios;
    for (int i = 0; i < pairs; ++i) {
        auto measure_alone = [&] { alone.push_back(beside_a_stalled_link(settings, 0)); };
        if (i % 2 == 0) measure_alone();
        beside.push_back(beside_a_stalled_link(settings, stalled_backlog));
        if (i % 2 != 0) measure_alone();
        ratios.push_back(beside.back() / alone.back());
    }
    const std::string scenario = "batches beside a stalled link";
    return {{scenario, "without what waits", "messages/s", median(alone)},
            {scenario, "20,000 wait for the other", "messages/s", median(beside)},
            {scenario, "median of 7 ratios", "", median(ratios), 3}};
}

Metrics features(const Settings& settings)
{
    const std::string scenario = "batches of 100, account features";
    std::vector<double> without, with, loss;
    for (int pair = 0; pair < pairs; ++pair) {
        without.push_back(varied_batches(settings, AccountHas::no_features));
        with.push_back(varied_batches(settings, AccountHas::all_features));
        loss.push_back(100 - 100 * with.back() / without.back());
    }
    return {{scenario, "sustained with all", "messages/s", median(with)},
            {scenario, "sustained with none", "messages/s", median(without)},
            {scenario, "loss", "%", median(loss), 1}};
}

}  // namespace tidings::bench
