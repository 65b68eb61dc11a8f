// SPDX-License-Identifier: Apache-2.0
#include "world.hpp"

#include "http/client.hpp"

#include <fmt/format.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include <stdexcept>

namespace tidings::bench {

using asio::ip::tcp;
using namespace std::chrono_literals;

namespace {

constexpr auto main_link = "bench";
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

World::World(const Settings& settings, CarrierIs carrier, const std::string& stalled)
    : carrier_port_(free_port()), stalled_port_(free_port())
{
    http::Router router;
    router.add(boost::beast::http::verb::post, "/callback",
               [this](const http::Request&) { return take_callback(callbacks_); });
    http::ServerOptions options;
    options.port = 0;
    application_.emplace(std::vector{&context_}, clock_, std::move(router), options);
    application_->start();
    if (carrier == CarrierIs::up) raise_carrier();
    std::vector<Gateway::Link> links = {{main_link, carrier_port_}};
    if (!stalled.empty()) {
        stalled_.emplace(context_, clock_, stalled_port_, Carrier::Answers::nothing);
        links.push_back({stalled, stalled_port_});
    }
    gateway_.emplace(settings.program, settings.folder / "gateway", links);
}

World::~World()
{
    for (auto& load : loads_) load->stop();
    gateway_->terminate();
    auto until = std::chrono::steady_clock::now() + stop_patience;
    while (!gateway_->ended() && std::chrono::steady_clock::now() < until) run_for(step);
}

void World::put_route(const std::string& link, const std::string& prefix)
{
    http::ClientOptions options;
    options.addresses.allow_loopback = true;
    http::Client client(options);
    http::ClientRequest request;
    request.method = "PUT";
    request.url = fmt::format("http://127.0.0.1:{}/admin/v1/routes/{}", gateway_->port(), link);
    request.headers = {{"Content-Type", "application/json"},
                       {"Authorization", gateway_->admin_authorization()}};
    request.body = fmt::format(R"({{"link":"{}","destination_prefix":"{}"}})", link, prefix);
    std::optional<http::ClientResult> answer;
    auto ask = [](http::Client& client, http::ClientRequest request,
                  std::optional<http::ClientResult>& answer) -> asio::awaitable<void> {
        answer = co_await client.send(std::move(request));
    };
    asio::co_spawn(context_, ask(client, std::move(request), answer), asio::detached);
    run_until([&answer] { return answer.has_value(); });
    if (!*answer || (*answer)->status != 200)
        throw std::runtime_error("the route to " + link + " is refused");
}

void World::raise_carrier() { carrier_.emplace(context_, clock_, carrier_port_); }

void World::start_load(Load::Options options)
{
    options.port = gateway_->port();
    loads_.push_back(std::make_unique<Load>(context_, std::move(options)));
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
