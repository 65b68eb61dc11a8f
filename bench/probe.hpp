// SPDX-License-Identifier: Apache-2.0
// Somebody's few messages, sent at a fixed rate whatever becomes of the ones before, and how long each was
// under way from the moment when it was to be sent. What has not arrived when the measurement ends counts as
// having taken until then: a delay that is shown is at least so long.
#pragma once

#include "world.hpp"

namespace tidings::bench {

class Probe {
public:
    enum class Arrives {
        at_carrier,       // its first submit_sm
        as_callback,      // the first callback about it
        at_new_endpoint,  // the same, at an address that each run has for itself
    };
    struct Result {
        double p50_ms = 0;
        double p99_ms = 0;
        double arrived = 0;  // of 100
        double again = 0;    // times that the carrier got what it had already
    };

    // Takes over the callbacks of the world and what its carrier is told to do; `conduct` still decides.
    Probe(World& world, Arrives arrives, std::function<Conduct(const smpp::ShortMessage&)> conduct);
    ~Probe();
    Probe(const Probe&) = delete;

    Result run(std::chrono::seconds time);

private:
    void arrived(std::string_view number);
    Load::Options options() const;
    std::string url() const;
    Result result(SteadyTime end);

    World& world_;
    const Arrives arrives_;
    int runs_ = 0;
    std::uint64_t first_ = 0;  // number of the messages of this run; each has its own
    SteadyTime begin_{};
    std::vector<std::optional<double>> delays_ms_;  // nothing: not yet
    std::uint64_t again_ = 0;
};

double quantile(const std::vector<double>& sorted, double q);

}  // namespace tidings::bench
