// SPDX-License-Identifier: Apache-2.0
// Tells applications at their callback_url. Every endpoint (scheme, host and port) has lanes of its own; a
// message belongs to one lane, so that its callbacks arrive in order while all is well, and a slow endpoint
// holds up nobody else. What fails goes back to the store with a time for the next attempt; an endpoint that
// failed several times in a row is left alone for a while, and what waits for it goes back unattempted.
#pragma once

#include "base/signal.hpp"
#include "http/client.hpp"
#include "store/store.hpp"

#include <array>
#include <deque>
#include <unordered_map>

namespace tidings::relay {

namespace asio = boost::asio;

class Callbacks {
public:
    Callbacks(asio::any_io_executor executor, store::Store& store, http::Client& client, base::Clock& clock,
              std::string vendor_id);

    // Two loops, both on the executor's one thread.
    asio::awaitable<void> run_taking();
    asio::awaitable<void> run_recording();
    void stop();  // takes no more and begins no more
    bool idle() const { return in_flight_ == 0 && outcomes_.empty() && !recording_; }

private:
    static constexpr std::size_t lane_count = 32;       // requests at a time to one endpoint
    static constexpr std::size_t waiting_max = 10'000;  // callbacks in memory for one endpoint; more go back
    static constexpr std::size_t in_memory_max = 20'000;  // for all endpoints, 2 KiB each
    static constexpr std::size_t endpoints_max = 10'000;  // remembered; idle ones are forgotten beyond
    static constexpr int failures_max = 5;                // in a row, then the endpoint is left alone

    struct Lane {
        std::deque<store::Callback> waiting;
        bool busy = false;
    };
    struct Endpoint {
        std::array<Lane, lane_count> lanes;
        std::size_t waiting = 0;
        int failures = 0;
        base::Time left_alone_until{};
    };

    void enqueue(store::Callback callback);
    asio::awaitable<void> serve(std::string name, std::size_t lane);
    asio::awaitable<http::ClientResult> attempt(const store::Callback& callback);
    void settle(Endpoint& endpoint, const store::Callback& callback, const http::ClientResult& answer);
    void send_back(const store::Callback& callback, base::Time at);
    void finish(store::CallbackOutcome outcome);
    void forget_idle();

    asio::any_io_executor executor_;
    store::Store& store_;
    http::Client& client_;
    base::Clock& clock_;
    const std::string vendor_id_;
    std::unordered_map<std::string, Endpoint> endpoints_;
    std::size_t in_memory_ = 0;
    std::size_t in_flight_ = 0;
    base::Signal room_;
    std::vector<store::CallbackOutcome> outcomes_;
    bool recording_ = false;
    base::Signal finished_;
    bool stopping_ = false;
};

}  // namespace tidings::relay
