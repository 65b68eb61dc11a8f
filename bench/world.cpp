// SPDX-License-Identifier: Apache-2.0
#include "world.hpp"

#include <fmt/format.h>

#include <stdexcept>

namespace tidings::bench {

using asio::ip::tcp;
using namespace std::chrono_literals;

namespace {

constexpr auto step = 5ms;
constexpr auto patience = 5min;
constexpr auto stop_patience = 15s;  // the gateway itself waits 10 s at most

std::uint16_t free_port()
{
    asio::io_context context;
    tcp::acceptor acceptor(context, tcp::endpoint(asio::ip::address_v4::loopback(), 0));
    return acceptor.local_endpoint().port();
}

asio::awaitable<http::Response> take_callback(std::uint64_t& count)
{
    ++count;
    co_return http::Response{};
}

}  // namespace

World::World(const Settings& settings, CarrierIs carrier) : carrier_port_(free_port())
{
    http::Router router;
    router.add(boost::beast::http::verb::post, "/callback",
               [this](const http::Request&) { return take_callback(callbacks_); });
    http::ServerOptions options;
    options.port = 0;
    application_.emplace(std::vector{&context_}, clock_, std::move(router), options);
    application_->start();
    if (carrier == CarrierIs::up) raise_carrier();
    gateway_.emplace(settings.program, settings.folder / "gateway", carrier_port_);
}

World::~World()
{
    if (load_) load_->stop();
    gateway_->terminate();
    auto until = std::chrono::steady_clock::now() + stop_patience;
    while (!gateway_->ended() && std::chrono::steady_clock::now() < until) run_for(step);
}

void World::raise_carrier() { carrier_.emplace(context_, clock_, carrier_port_); }

void World::start_load(Load::Options options)
{
    options.port = gateway_->port();
    load_.emplace(context_, std::move(options));
}

void World::run_for(std::chrono::duration<double> time)
{
    context_.restart();
    context_.run_for(std::chrono::duration_cast<std::chrono::nanoseconds>(time));
}

void World::run_until(const std::function<bool()>& done)
{
    auto until = std::chrono::steady_clock::now() + patience;
    while (!done()) {
        if (std::chrono::steady_clock::now() > until) throw std::runtime_error("the gateway does not get on");
        run_for(step);
    }
}

std::string World::callback_url() const
{
    return fmt::format("http://127.0.0.1:{}/callback", application_->port());
}

}  // namespace tidings::bench
