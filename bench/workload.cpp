// SPDX-License-Identifier: Apache-2.0
#include "workload.hpp"

#include "machine.hpp"

#include <fmt/format.h>
#include <boost/json.hpp>

#include <algorithm>
#include <cstdlib>

namespace tidings::bench {

using namespace std::chrono_literals;

namespace {

// Messages between 202 and the last that is told of them. A closed loop must close around all of it, or it
// measures how fast a backlog grows.
constexpr std::uint64_t unfinished_max = 10'000;
constexpr auto warm_up = 3s;

std::size_t callbacks_per_message(Told told)
{
    switch (told) {
    case Told::nobody: return 0;
    case Told::by_callback_url:
    case Told::by_signed_callback_url: return 3;
    case Told::by_webhook: return 1;
    }
    std::abort();
}

// Of the account that the load comes from.
void sign_callbacks(const Gateway& gateway)
{
    const std::string keys = "/v1/iam/signature_keys";
    auto made = boost::json::parse(gateway.call("POST", keys, R"({"digest":"SHA256","cipher":"RSA"})"));
    gateway.call("PATCH", keys + "/enabled",
                 fmt::format(R"({{"key_id":"{}"}})", std::string(made.at("key_id").as_string())));
}

void add_webhook(const World& world, const Gateway& gateway)
{
    boost::json::object webhook{{"url", world.callback_url()},
                                {"method", "POST"},
                                {"encoding", "JSON"},
                                {"events", boost::json::array{"DELIVERED_DR"}}};
    gateway.call("POST", "/v1/webhooks/messages", boost::json::serialize(webhook));
}

double seconds_since(SteadyTime begin)
{
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

}  // namespace

Traffic::Traffic(World& world, const Workload& workload)
    : world_(world), workload_(workload), first_arrived_(world.arrived()), first_callback_(world.callbacks())
{
    if (workload.told == Told::by_signed_callback_url) sign_callbacks(world.gateway());
    if (workload.told == Told::by_webhook) add_webhook(world, world.gateway());
}

std::uint64_t Traffic::finished() const
{
    std::uint64_t arrived = world_.arrived() - first_arrived_;
    std::size_t callbacks = callbacks_per_message(workload_.told);
    if (callbacks == 0) return arrived;
    return std::min(arrived, (world_.callbacks() - first_callback_) / callbacks);
}

Load::Options Traffic::options() const
{
    bool has_url = workload_.told == Told::by_callback_url || workload_.told == Told::by_signed_callback_url;
    std::string url = has_url ? world_.callback_url() : "";
    Load::Options options;
    options.request = post_request(workload_.batch, world_.gateway().authorization(), url);
    options.connections = workload_.connections;
    options.on_accepted = on_accepted;
    if (workload_.is_varied) options.vary = Variation(options.request);
    return options;
}

void Traffic::start(Load::Options options)
{
    if (load_) sent_before_ = sent();
    load_ = &world_.start_load(std::move(options));
}

void Traffic::start_closed_loop(std::uint64_t messages)
{
    Load::Options closed = options();
    closed.may_send = [this, messages] { return sent() < std::min(messages, finished() + unfinished_max); };
    start(std::move(closed));
}

void Traffic::start_open_loop(double requests_per_second)
{
    Load::Options open = options();
    open.rate = requests_per_second;
    start(std::move(open));
}

void Traffic::stop_and_finish()
{
    load_->stop();
    world_.run_until([this] {
        load_->require_success();
        return load_->is_idle() && finished() >= sent();
    });
}

double quantile_ms(std::vector<std::uint32_t> times, double q)
{
    if (times.empty()) return 0;
    auto at = static_cast<std::ptrdiff_t>(q * static_cast<double>(times.size() - 1) + 0.5);
    std::nth_element(times.begin(), times.begin() + at, times.end());
    return times[static_cast<std::size_t>(at)] / 1000.0;
}

void measure(World& world, const Traffic& traffic, int seconds, const std::string& scenario, Metrics& metrics)
{
    world.run_for(warm_up);
    std::uint64_t first = traffic.finished(), last = first;
    double cpu = world.gateway().cpu_seconds(), own_cpu = own_cpu_seconds();
    double slowest = 1e9;
    auto begin = std::chrono::steady_clock::now();
    for (int i = 0; i < seconds; ++i) {
        auto since = std::chrono::steady_clock::now();
        world.run_for(1s);
        std::uint64_t now = traffic.finished();
        slowest = std::min(slowest, static_cast<double>(now - last) / seconds_since(since));
        last = now;
    }
    auto count = static_cast<double>(last - first);
    double took = seconds_since(begin);
    cpu = world.gateway().cpu_seconds() - cpu;
    own_cpu = own_cpu_seconds() - own_cpu;
    metrics.push_back({scenario, "sustained", "messages/s", count / took});
    metrics.push_back({scenario, "slowest second", "messages/s", slowest});
    metrics.push_back({scenario, "CPU of the gateway", "us/message", cpu * 1e6 / count, 1});
    metrics.push_back({scenario, "CPU of the bench", "us/message", own_cpu * 1e6 / count, 1});
    metrics.push_back({scenario, "resident at the end", "MiB", world.gateway().resident_mib()});
}

}  // namespace tidings::bench
