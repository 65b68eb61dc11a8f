// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "carrier.hpp"
#include "gateway.hpp"
#include "http/server.hpp"
#include "load.hpp"
#include "scenarios.hpp"

#include <functional>
#include <memory>
#include <optional>

namespace tidings::bench {

// A gateway and everything around it: carrier, application and load live on the one thread that calls run_….
class World {
public:
    enum class CarrierIs { up, down };
    // With `stalled` there is another link, of that name, whose carrier binds and then answers nothing.
    World(const Settings& settings, CarrierIs carrier, const std::string& stalled = {});
    ~World();

    void raise_carrier();
    void put_route(const std::string& link, const std::string& prefix);
    void start_load(Load::Options options);  // `port` is filled in
    void run_for(std::chrono::duration<double> time);
    void run_until(const std::function<bool()>& done);  // throws after some minutes

    Gateway& gateway() { return *gateway_; }
    Load& load() { return *loads_.back(); }  // the last that was started
    std::uint64_t arrived() const { return carrier_ ? carrier_->arrived() : 0; }
    // Callbacks that were answered 200 so far, and where they go.
    std::uint64_t callbacks() const { return callbacks_; }
    std::string callback_url() const;

private:
    asio::io_context context_{1};
    base::SystemClock clock_;
    std::uint16_t carrier_port_;
    std::uint16_t stalled_port_;
    std::optional<Carrier> carrier_, stalled_;
    std::uint64_t callbacks_ = 0;
    std::optional<http::Server> application_;
    std::optional<Gateway> gateway_;
    std::vector<std::unique_ptr<Load>> loads_;
};

}  // namespace tidings::bench
