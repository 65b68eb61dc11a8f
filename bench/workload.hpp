// SPDX-License-Identifier: Apache-2.0
// What an application sends, how it is told of the outcome, and the closed loop in which rates are measured.
#pragma once

#include "world.hpp"

namespace tidings::bench {

enum class Told {
    nobody,
    by_callback_url,         // of each message: enroute, submitted, delivered
    by_signed_callback_url,  // the same, RSA-signed
    by_webhook,              // of the account, for DELIVERED_DR alone
};

struct Workload {
    const char* name;
    std::size_t batch = 1;  // messages in a request
    std::size_t connections = 1;
    Told told = Told::nobody;
    bool is_varied = false;  // no two messages are the same, and they go to 100,000 handsets
};

constexpr std::size_t batch_size = 100;  // the most that a request may have

constexpr Workload batches{"batches of 100", batch_size, 8};
constexpr Workload batches_told{"batches of 100, 3 callbacks each", batch_size, 8, Told::by_callback_url};
constexpr Workload batches_signed{"batches of 100, 3 callbacks each, RSA-signed", batch_size, 8,
                                  Told::by_signed_callback_url};
constexpr Workload batches_webhook{"batches of 100, 1 callback by webhook", batch_size, 8, Told::by_webhook};
constexpr Workload singles{"single messages, 64 connections", 1, 64};
constexpr Workload singles_told{"single messages, 3 callbacks each", 1, 64, Told::by_callback_url};
constexpr Workload singles_webhook{"single messages, 1 callback by webhook", 1, 64, Told::by_webhook};

// A workload in a world. What came before in that world does not count.
class Traffic {
public:
    // Makes the webhook or the signing key, of which a world has room for one.
    Traffic(World& world, const Workload& workload);
    Traffic(const Traffic&) = delete;

    // As fast as messages get finished; see unfinished_max. At most so many in all.
    void start_closed_loop(std::uint64_t messages = std::uint64_t(-1));
    // Whatever becomes of the ones before.
    void start_open_loop(double requests_per_second);
    void stop_and_finish();  // waits for what is under way

    Load& load() { return *load_; }                                             // the last that was started
    std::function<void(std::string_view request, SteadyTime due)> on_accepted;  // see Load::Options
    // Messages whose receipt is acknowledged and whose callbacks have come.
    std::uint64_t finished() const;

private:
    std::uint64_t sent() const { return sent_before_ + load_->accepted() * workload_.batch; }
    void start(Load::Options options);
    Load::Options options() const;

    World& world_;
    const Workload workload_;
    const std::uint64_t first_arrived_, first_callback_;
    std::uint64_t sent_before_ = 0;  // by loads that were stopped
    Load* load_ = nullptr;
};

// Of microseconds in any order.
double quantile_ms(std::vector<std::uint32_t> times, double q);

// Runs the load second by second, after a warm-up, and appends what `traffic` finished and what that cost.
void measure(World& world, const Traffic& traffic, int seconds, const std::string& scenario,
             Metrics& metrics);

}  // namespace tidings::bench
