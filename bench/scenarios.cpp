// SPDX-License-Identifier: Apache-2.0
#include "scenarios.hpp"

#include "machine.hpp"
#include "world.hpp"

#include <fmt/format.h>
#include <boost/json.hpp>

#include <algorithm>

namespace tidings::bench {

using namespace std::chrono_literals;

namespace {

constexpr std::size_t batch_size = 100;
constexpr std::size_t batch_connections = 8;
constexpr std::size_t single_connections = 64;
// Messages between 202 and receipt on disk. A closed loop must close around all of it, or it measures how
// fast a backlog grows.
constexpr std::uint64_t unfinished_max = 10'000;
constexpr std::size_t callbacks_per_message = 3;  // enroute, submitted, delivered
constexpr std::size_t backlog_size = 200'000;
constexpr auto link_thread = "io 1";  // the first link lives on the second thread; on one core there is none
constexpr std::size_t stalled_backlog = 20'000;
constexpr int pairs = 7;
constexpr int pool_numbers = 10;
constexpr int opt_outs = 1'000;
constexpr auto warm_up = 3s;
constexpr std::size_t open_loop_connections = 64;

double seconds_since(SteadyTime begin)
{
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

// Runs the load second by second and adds what `finished` counts to `metrics`.
void measure(World& world, const Settings& settings, const std::function<std::uint64_t()>& finished,
             Metrics& metrics, const std::string& scenario)
{
    world.run_for(warm_up);
    std::uint64_t first = finished(), last = first;
    double cpu = world.gateway().cpu_seconds(), own_cpu = own_cpu_seconds();
    double slowest = 1e9;
    auto begin = std::chrono::steady_clock::now();
    for (int i = 0; i < settings.seconds; ++i) {
        auto since = std::chrono::steady_clock::now();
        world.run_for(1s);
        slowest = std::min(slowest, static_cast<double>(finished() - last) / seconds_since(since));
        last = finished();
    }
    auto count = static_cast<double>(last - first);
    metrics.push_back({scenario, "sustained", "messages/s", count / seconds_since(begin)});
    metrics.push_back({scenario, "slowest second", "messages/s", slowest});
    metrics.push_back({scenario, "CPU of the gateway", "us/message",
                       (world.gateway().cpu_seconds() - cpu) * 1e6 / count, 1});
    metrics.push_back(
        {scenario, "CPU of the bench", "us/message", (own_cpu_seconds() - own_cpu) * 1e6 / count, 1});
    metrics.push_back({scenario, "resident at the end", "MiB", world.gateway().resident_mib()});
}

double quantile_ms(const std::vector<std::uint32_t>& sorted, double q)
{
    if (sorted.empty()) return 0;
    auto at = static_cast<std::size_t>(q * static_cast<double>(sorted.size() - 1) + 0.5);
    return sorted[at] / 1000.0;
}

Metrics latency(const Settings& settings, const std::string& scenario, std::size_t messages, double rate)
{
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
    std::vector<std::uint32_t> times = world.load().latencies();
    std::sort(times.begin(), times.end());
    return {{scenario, "offered", "requests/s", rate},
            {scenario, "answered", "requests/s", static_cast<double>(times.size()) / settings.seconds},
            {scenario, "p50", "ms", quantile_ms(times, 0.5), 2},
            {scenario, "p99", "ms", quantile_ms(times, 0.99), 2},
            {scenario, "p99.9", "ms", quantile_ms(times, 0.999), 2},
            {scenario, "max", "ms", quantile_ms(times, 1), 2}};
}

enum class AccountHas { no_features, all_features };

// Everything that is asked of each message, with lists of a size that somebody may have.
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
    Load::Options options;
    options.request = post_request(batch_size, world.gateway().authorization());
    options.vary = Variation(options.request);
    options.connections = batch_connections;
    options.may_send = [&world] {
        return world.load().accepted() * batch_size < world.arrived() + unfinished_max;
    };
    world.start_load(std::move(options));
    Metrics metrics;
    measure(world, settings, [&world] { return world.arrived(); }, metrics, {});
    world.load().require_success();
    return metrics.front().value;
}

double median(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

// Of the account that the load comes from.
void sign_callbacks(const Gateway& gateway)
{
    const std::string keys = "/v1/iam/signature_keys";
    auto made = boost::json::parse(gateway.call("POST", keys, R"({"digest":"SHA256","cipher":"RSA"})"));
    gateway.call("PATCH", keys + "/enabled",
                 fmt::format(R"({{"key_id":"{}"}})", std::string(made.at("key_id").as_string())));
}

}  // namespace

Metrics sustained_batches(const Settings& settings)
{
    World world(settings, World::CarrierIs::up);
    Load::Options options;
    options.request = post_request(batch_size, world.gateway().authorization());
    options.connections = batch_connections;
    options.may_send = [&world] {
        return world.load().accepted() * batch_size < world.arrived() + unfinished_max;
    };
    world.start_load(std::move(options));
    Metrics metrics;
    measure(
        world, settings, [&world] { return world.arrived(); }, metrics, "batches of 100");
    world.load().require_success();
    return metrics;
}

Metrics sustained_callbacks(const Settings& settings, Signatures signatures)
{
    World world(settings, World::CarrierIs::up);
    if (signatures == Signatures::rsa) sign_callbacks(world.gateway());
    auto finished = [&world] { return std::min(world.arrived(), world.callbacks() / callbacks_per_message); };
    Load::Options options;
    options.request = post_request(batch_size, world.gateway().authorization(), world.callback_url());
    options.connections = batch_connections;
    options.may_send = [&world, finished] {
        return world.load().accepted() * batch_size < finished() + unfinished_max;
    };
    world.start_load(std::move(options));
    Metrics metrics;
    const char* scenario = signatures == Signatures::rsa ? "batches of 100, 3 callbacks each, RSA-signed"
                                                         : "batches of 100, 3 callbacks each";
    measure(world, settings, finished, metrics, scenario);
    world.load().require_success();
    return metrics;
}

Metrics sustained_singles(const Settings& settings)
{
    World world(settings, World::CarrierIs::up);
    Load::Options options;
    options.request = post_request(1, world.gateway().authorization());
    options.connections = single_connections;
    options.may_send = [&world] { return world.load().accepted() < world.arrived() + unfinished_max; };
    world.start_load(std::move(options));
    Metrics metrics;
    measure(
        world, settings, [&world] { return world.arrived(); }, metrics, "single messages, 64 connections");
    world.load().require_success();
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

// What a link carries beside one whose carrier answers nothing, for which so many messages wait.
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

    Load::Options own;
    own.request = post_request(batch_size, world.gateway().authorization());
    own.connections = batch_connections;
    own.may_send = [&world] {
        return world.load().accepted() * batch_size < world.arrived() + unfinished_max;
    };
    world.start_load(std::move(own));
    Metrics metrics;
    measure(world, settings, [&world] { return world.arrived(); }, metrics, {});
    world.load().require_success();
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
