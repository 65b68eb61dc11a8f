// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "carrier.hpp"
#include "gateway.hpp"
#include "load.hpp"
#include "receiver.hpp"
#include "scenarios.hpp"

#include <functional>
#include <memory>
#include <optional>

namespace tidings::bench {

// A gateway and everything around it: carrier, application and load live on the one thread that calls run_….
class World {
public:
    // Of its links: the one that is measured, and, if there is one beside it, that to a carrier which binds
    // and then answers nothing.
    static constexpr auto main_link = "bench", stalled_link = "stalled";

    enum class CarrierIs { up, down, beside_a_stalled_one };
    // `name` tells worlds of one time apart.
    World(const Settings& settings, CarrierIs carrier, const std::string& name = "gateway");
    ~World();

    void raise_carrier();
    Load& start_load(Load::Options options);  // `port` is filled in
    void run_for(std::chrono::duration<double> time);
    void run_until(const std::function<bool()>& done);  // throws after some minutes

    // Stops the gateway, calls `change` while nobody has the data open, and starts it again.
    void while_stopped(const std::function<void()>& change);
    void reload(int window_of_the_stalled);

    Gateway& gateway() { return *gateway_; }
    Carrier& carrier() { return *carrier_; }
    Load& load() { return *loads_.back(); }  // the last that was started
    std::uint64_t arrived() const { return carrier_ ? carrier_->arrived() : 0; }
    // Callbacks that were answered 200 so far, and where they go.
    std::uint64_t callbacks() const { return receiver_.taken(); }
    Receiver& receiver() { return receiver_; }
    std::string callback_url(int address = 1) const;  // by 127.0.0.`address`, each an endpoint of its own
    std::string busy_url() const;    // on the same host and port; answers 503 and asks for a minute
    std::string silent_url() const;  // of an endpoint that takes connections and never answers

private:
    std::vector<Gateway::Link> links() const;
    void await_end();

    asio::io_context context_{1};
    base::SystemClock clock_;
    std::uint16_t carrier_port_;
    std::uint16_t stalled_port_;
    std::optional<Carrier> carrier_, stalled_;
    int window_of_the_stalled_ = 1'000;
    Receiver receiver_;
    asio::ip::tcp::acceptor silent_;
    std::optional<Gateway> gateway_;
    std::vector<std::unique_ptr<Load>> loads_;
};

}  // namespace tidings::bench
