// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "carrier.hpp"
#include "gateway.hpp"
#include "http/server.hpp"
#include "load.hpp"
#include "scenarios.hpp"

#include <functional>
#include <optional>

namespace tidings::bench {

// A gateway and everything around it: carrier, application and load live on the one thread that calls run_….
class World {
public:
    enum class CarrierIs { up, down };
    World(const Settings& settings, CarrierIs carrier);
    ~World();

    void raise_carrier();
    void start_load(Load::Options options);  // `port` is filled in
    void run_for(std::chrono::duration<double> time);
    void run_until(const std::function<bool()>& done);  // throws after some minutes

    Gateway& gateway() { return *gateway_; }
    Load& load() { return *load_; }
    std::uint64_t arrived() const { return carrier_ ? carrier_->arrived() : 0; }
    // Callbacks that were answered 200 so far, and where they go.
    std::uint64_t callbacks() const { return callbacks_; }
    std::string callback_url() const;

private:
    asio::io_context context_{1};
    base::SystemClock clock_;
    std::uint16_t carrier_port_;
    std::optional<Carrier> carrier_;
    std::uint64_t callbacks_ = 0;
    std::optional<http::Server> application_;
    std::optional<Gateway> gateway_;
    std::optional<Load> load_;
};

}  // namespace tidings::bench
