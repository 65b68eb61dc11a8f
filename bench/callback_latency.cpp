// SPDX-License-Identifier: Apache-2.0
// How long after its 202 a message's callback comes, at a rate that fills no queue: one callback, by webhook,
// when the message is delivered. Between the two lie a submit to the carrier, its answer, its receipt, and
// the commit of the report, which cannot be faster than a synced write: times are told as multiples of one.
//
// Messages are known by the number with which their content begins, and which the callback holds as well.
#include "machine.hpp"
#include "probe.hpp"
#include "workload.hpp"

#include <algorithm>
#include <charconv>
#include <stdexcept>

namespace tidings::bench {

using namespace std::chrono_literals;

namespace {

constexpr double rate = 200;  // messages/s
constexpr auto warm_up = 3s;
constexpr auto patience = 2s;  // for what is under way at the end

// What one message went through; nothing: not yet.
struct Times {
    std::optional<SteadyTime> requested, accepted, called_back;
};

// Of the message whose content is at `name` in `text`.
std::optional<std::uint64_t> number_in(std::string_view text, std::string_view name)
{
    auto at = text.find(name);
    if (at == text.npos) return std::nullopt;
    std::uint64_t number = 0;
    auto digits = text.substr(at + name.size(), content_digits);
    auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (error != std::errc()) return std::nullopt;
    return number;
}

class Journal {
public:
    Times& of(std::uint64_t number)
    {
        if (number >= times_.size()) times_.resize(number + 1);
        return times_[number];
    }

    // Milliseconds, in order, of the messages that were to be sent at `begin` or later. A callback that
    // overtook the 202 took no time.
    std::vector<double> delays(std::optional<SteadyTime> Times::*since, SteadyTime begin) const
    {
        std::vector<double> delays;
        for (const Times& times : times_) {
            if (!times.accepted || *times.requested < begin) continue;
            if (!times.called_back) throw std::runtime_error("a callback does not come");
            auto took = std::chrono::duration<double, std::milli>(*times.called_back - *(times.*since));
            delays.push_back(std::max(0.0, took.count()));
        }
        std::sort(delays.begin(), delays.end());
        return delays;
    }

private:
    std::vector<Times> times_;  // by number
};

const std::string scenario = "1 callback by webhook, 200 messages/s";

void append(Metrics& metrics, const std::string& from, const std::vector<double>& delays)
{
    for (auto [name, q] : {std::pair{"p50", 0.5}, {"p99", 0.99}, {"p99.9", 0.999}, {"max", 1.0}})
        metrics.push_back({scenario, from + ": " + name, "ms", quantile(delays, q), 2});
}

}  // namespace

Metrics latency_of_callbacks(const Settings& settings)
{
    double before_us = synced_write_us(settings.folder);
    Journal journal;
    World world(settings, World::CarrierIs::up);
    Workload workload = singles_webhook;
    workload.is_varied = true;
    Traffic traffic(world, workload);
    traffic.on_accepted = [&journal](std::string_view request, SteadyTime due) {
        Times& times = journal.of(*number_in(request, R"("content":")"));
        times.requested = due;
        times.accepted = std::chrono::steady_clock::now();
    };
    world.receiver().on_callback = [&journal](const Receiver::Callback& callback) {
        auto number = number_in(callback.body, R"("original_text":")");
        if (number) journal.of(*number).called_back = std::chrono::steady_clock::now();
    };
    traffic.start_open_loop(rate);
    world.run_for(warm_up);
    auto begin = std::chrono::steady_clock::now();
    world.run_for(std::chrono::seconds(settings.seconds));
    traffic.load().stop();
    world.run_for(patience);
    traffic.load().require_success();
    world.receiver().on_callback = nullptr;
    double write_ms = (before_us + synced_write_us(settings.folder)) / 2 / 1000;

    Metrics metrics;
    std::vector<double> delays = journal.delays(&Times::accepted, begin);
    append(metrics, "after the 202", delays);
    append(metrics, "after the request", journal.delays(&Times::requested, begin));
    metrics.push_back({scenario, "a synced write", "ms", write_ms, 2});
    metrics.push_back(
        {scenario, "p50 in synced writes", "aim: at most 2.5", quantile(delays, 0.5) / write_ms, 1});
    metrics.push_back(
        {scenario, "p99 in synced writes", "aim: at most 5", quantile(delays, 0.99) / write_ms, 1});
    return metrics;
}

}  // namespace tidings::bench
