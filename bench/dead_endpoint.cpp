// SPDX-License-Identifier: Apache-2.0
// What an endpoint that never answers costs: memory for what is pending, and time of those who do answer.
// Two gateways take turns, one with a dead endpoint and one without, so that whatever else the machine does
// meanwhile falls upon both.
#include "scenarios.hpp"

#include "world.hpp"

#include <algorithm>

namespace tidings::bench {

using namespace std::chrono_literals;

namespace {

constexpr std::size_t batch_size = 100;
constexpr std::size_t connections = 8;
constexpr std::size_t callbacks_per_message = 3;  // enroute, submitted, delivered
constexpr std::size_t pending = 100'000;          // callbacks to the dead endpoint
constexpr std::size_t unfinished_max = 2'000;  // messages, so that the application and not a backlog counts
constexpr int pairs = 7;
constexpr auto turn = 4s;

// Sends `messages` to `url` and waits for their receipts.
void fill(World& world, const std::string& url, std::size_t messages)
{
    Load::Options options;
    options.request = post_request(batch_size, world.gateway().authorization(), url);
    options.connections = 1;
    std::uint64_t first = world.arrived(), count = 0;
    options.may_send = [&count, messages] { return count++ * batch_size < messages; };
    world.start_load(std::move(options));
    world.run_until([&] { return world.arrived() - first >= messages; });
    world.load().require_success();
    world.load().stop();
    world.run_for(100ms);
}

// A gateway under a load that can be switched on and off.
class Turns {
public:
    explicit Turns(World& world) : world_(world) {}

    void start()
    {
        Load::Options options;
        options.request = post_request(batch_size, world_.gateway().authorization(), world_.callback_url());
        options.connections = connections;
        first_ = world_.callbacks();
        options.may_send = [this] { return is_on_ && sent() < finished() + unfinished_max; };
        world_.start_load(std::move(options));
    }

    double messages_per_second()
    {
        is_on_ = true;
        world_.run_for(turn / 4);
        std::uint64_t before = finished();
        auto begin = std::chrono::steady_clock::now();
        world_.run_for(turn);
        std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
        double rate = static_cast<double>(finished() - before) / took.count();
        is_on_ = false;
        world_.run_until([this] { return finished() >= sent(); });
        world_.load().require_success();
        return rate;
    }

private:
    std::uint64_t sent() { return world_.load().accepted() * batch_size; }
    std::uint64_t finished() { return (world_.callbacks() - first_) / callbacks_per_message; }

    World& world_;
    std::uint64_t first_ = 0;
    bool is_on_ = false;
};

}  // namespace

Metrics dead_endpoint(const Settings& settings)
{
    const std::string scenario = "100,000 callbacks pending at a dead endpoint";
    const std::size_t messages = pending / callbacks_per_message / batch_size * batch_size + batch_size;
    World clean(settings, World::CarrierIs::up, "clean");
    World burdened(settings, World::CarrierIs::up, "burdened");
    // Both have the same behind them, and only one has it pending.
    fill(clean, clean.callback_url(), messages);
    clean.run_until([&] { return clean.callbacks() >= messages * callbacks_per_message; });
    double before = burdened.gateway().resident_mib();
    fill(burdened, burdened.silent_url(), messages);
    double resident = burdened.gateway().resident_mib();

    Turns without(clean), with(burdened);
    without.start();
    with.start();
    std::vector<double> slowdowns, rates;
    for (int i = 0; i < pairs; ++i) {
        double alone = without.messages_per_second(), beside = with.messages_per_second();
        rates.push_back(beside);
        slowdowns.push_back(100 * (1 - beside / alone));
    }
    std::sort(slowdowns.begin(), slowdowns.end());
    std::sort(rates.begin(), rates.end());
    return {{scenario, "live endpoint beside it", "messages/s", rates[pairs / 2]},
            {scenario, "slowdown, median of 7 pairs", "%", slowdowns[pairs / 2], 1},
            {scenario, "resident before", "MiB", before},
            {scenario, "resident with them", "MiB", resident},
            {scenario, "resident of one without", "MiB", clean.gateway().resident_mib()},
            {scenario, "resident at the end", "MiB", burdened.gateway().resident_mib()}};
}

}  // namespace tidings::bench
