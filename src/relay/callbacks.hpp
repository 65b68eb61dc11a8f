// SPDX-License-Identifier: Apache-2.0
// Tells applications what became of their messages. Every endpoint (scheme, host and port) has as many
// requests at a time as it is trusted with, and the callbacks of one message go one after the other, so that
// they arrive in order while all is well. What fails goes back to the store with a time for the next attempt;
// what waits for an endpoint that fails waits in the store. A slow or dead endpoint holds up nobody else.
#pragma once

#include "base/signal.hpp"
#include "http/client.hpp"
#include "message/retry.hpp"
#include "relay/callback_requests.hpp"
#include "relay/endpoint_health.hpp"
#include "store/store.hpp"

#include <deque>
#include <unordered_map>

namespace tidings::relay {

namespace asio = boost::asio;

class Callbacks {
public:
    Callbacks(asio::any_io_executor executor, store::Store& store, http::Client& client, base::Clock& clock,
              DefaultBodies bodies);

    // Three loops, all on the executor's one thread.
    asio::awaitable<void> run_taking();
    asio::awaitable<void> run_recording();
    asio::awaitable<void> run_trying_again();
    void stop();  // takes no more and begins no more
    bool idle() const { return in_flight_ == 0 && outcomes_.empty() && !recording_; }

private:
    static constexpr std::size_t in_memory_max = 20'000;  // for all endpoints, 2 KiB each
    static constexpr std::size_t slow_max = 256;  // requests to slow endpoints: half of what the client makes
    static constexpr std::size_t endpoints_max = 10'000;  // remembered; idle ones are forgotten beyond

    // A message of which a callback is on its way.
    struct Busy {
        store::Callback callback;
        std::deque<store::Callback> behind;
        bool counts_as_slow = false;
    };
    struct Endpoint {
        EndpointHealth health;
        std::size_t told_max = EndpointHealth::out_first;  // as the store knows it
        std::deque<store::Callback> waiting;
        std::unordered_map<base::Uuid, Busy> busy;  // by message
        std::size_t requests = 0;
        bool is_in_line = false;  // for one of the slow requests
    };
    using Named = std::pair<const store::EndpointKey, Endpoint>;

    void enqueue(store::Callback callback);
    void begin_requests(Named& named);
    bool may_begin(Named& named);
    asio::awaitable<void> deliver(Named& named, base::Uuid message);
    void finished(Named& named, const base::Uuid& message);
    asio::awaitable<store::CallbackOutcome> attempt(Endpoint& endpoint, const store::Callback& callback);
    asio::awaitable<store::Callback> with_attachments(store::Callback callback);
    store::CallbackOutcome settle(Endpoint& endpoint, const store::Callback& callback,
                                  const http::ClientResult& answer, base::Time begun);
    void plan_next(store::CallbackOutcome& outcome, const store::Callback& callback,
                   const message::FailedAttempt& failed);
    asio::awaitable<void> disable(store::CallbackKey key);
    void tell_store(Named& named);
    void send_back_waiting(Endpoint& endpoint);
    void send_back(const store::Callback& callback);
    void finish(store::CallbackOutcome outcome);
    void forget_idle();

    asio::any_io_executor executor_;
    store::Store& store_;
    http::Client& client_;
    base::Clock& clock_;
    CallbackRequests requests_;
    std::unordered_map<store::EndpointKey, Endpoint> endpoints_;
    std::deque<store::EndpointKey> in_line_;  // endpoints that wait for one of the slow requests
    std::size_t slow_requests_ = 0;
    std::size_t in_memory_ = 0;
    std::size_t in_flight_ = 0;
    base::Signal room_;
    base::Signal left_alone_;  // an endpoint is from now on
    std::vector<store::CallbackOutcome> outcomes_;
    bool recording_ = false;
    base::Signal finished_;
    bool stopping_ = false;
};

}  // namespace tidings::relay
