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

}  // namespace

World::World(const Settings& settings, CarrierIs carrier, const std::string& name)
    : carrier_port_(free_port()),
      stalled_port_(free_port()),
      receiver_(context_),
      silent_(context_, tcp::endpoint(asio::ip::address_v4::any(), 0))  // the same for those who never hear
{
    if (carrier != CarrierIs::down) raise_carrier();
    if (carrier == CarrierIs::beside_a_stalled_one)
        stalled_.emplace(context_, clock_, stalled_port_, Carrier::Answers::nothing);
    gateway_.emplace(settings.program, settings.folder / name, links());
}

std::vector<Gateway::Link> World::links() const
{
    std::vector<Gateway::Link> links = {{main_link, carrier_port_}};
    if (stalled_) links.push_back({stalled_link, stalled_port_, window_of_the_stalled_});
    return links;
}

World::~World()
{
    for (auto& load : loads_) load->stop();
    await_end();
}

// What does not end in time is killed by whoever destroys it.
void World::await_end()
{
    gateway_->terminate();
    auto until = std::chrono::steady_clock::now() + stop_patience;
    while (!gateway_->ended() && std::chrono::steady_clock::now() < until) run_for(step);
}

void World::while_stopped(const std::function<void()>& change)
{
    await_end();
    if (!gateway_->ended()) throw std::runtime_error("the gateway does not end");
    change();
    gateway_->start_again();
}

void World::reload(int window_of_the_stalled)
{
    window_of_the_stalled_ = window_of_the_stalled;
    gateway_->reload(links());
}

void World::raise_carrier() { carrier_.emplace(context_, clock_, carrier_port_); }

Load& World::start_load(Load::Options options)
{
    options.port = gateway_->port();
    return *loads_.emplace_back(std::make_unique<Load>(context_, std::move(options)));
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

std::string World::callback_url(int address) const
{
    return fmt::format("http://127.0.0.{}:{}{}", address, receiver_.port(), Receiver::taking_path);
}

std::string World::busy_url() const
{
    return fmt::format("http://127.0.0.1:{}{}", receiver_.port(), Receiver::busy_path);
}

std::string World::silent_url() const
{
    return fmt::format("http://127.0.0.1:{}/callback", silent_.local_endpoint().port());
}

}  // namespace tidings::bench
