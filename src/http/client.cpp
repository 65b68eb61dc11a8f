// SPDX-License-Identifier: Apache-2.0
// The door of the client. What happens behind it happens on one thread, so that nothing is locked and nothing
// is posted: a request is written by whoever sends it, and its answer wakes nobody else. Names alone are
// looked up elsewhere (resolver.hpp).
//
// One sweep looks after the deadlines of all requests and after connections that wait for the next one. A
// timer for each would be set and taken back with every request, and nearly none would ever expire. It runs
// only as long as there is something to look after.
#include "http/client.hpp"

#include "base/spawn.hpp"
#include "http/exchange.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

namespace tidings::http {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

constexpr auto sweep_step = 100ms;  // how late a timeout may be
constexpr auto idle_step = 1s;      // how long a connection is kept that the other side has closed

asio::awaitable<void> sweep(std::shared_ptr<ClientState> state)
{
    base::Moment look_again = state->clock.steady() + idle_step;
    while (!state->exchanges.empty() || state->pool.has_idle()) {
        co_await state->clock.wait_until(state->clock.steady() + sweep_step);
        base::Moment now = state->clock.steady();
        for (Exchange* exchange : state->exchanges)
            if (exchange->until() <= now) exchange->stop(Exchange::Stop::late);
        if (now < look_again) continue;
        state->pool.look_after(now);
        look_again = now + idle_step;
    }
    state->is_swept = false;
}

void look_after(const std::shared_ptr<ClientState>& state)
{
    if (state->is_swept) return;
    state->is_swept = true;
    base::spawn(state->executor, sweep(state));
}

// A request that may be sent, or why it may not.
base::Result<Destination*, ClientFailure> destination_of(ClientState& state, const ClientRequest& request)
{
    if (auto failure = check(request)) return *failure;
    auto to = state.pool.destination_of(request.url);
    if (!to) return ClientFailure{to.error(), "not an http or https URL with a host and a port"};
    return *to;
}

}  // namespace

void throw_exception_from_error(const ClientFailure& failure, const boost::source_location&)
{
    throw boost::system::system_error(failure.code, failure.text);
}

Client::Client(asio::any_io_executor executor, base::Clock& clock, ClientOptions options)
    : state_(std::make_shared<ClientState>(std::move(executor), clock, std::move(options)))
{
}

Client::~Client()
{
    state_->resolver.close();
    for (Exchange* exchange : state_->exchanges) exchange->stop(Exchange::Stop::aborted);
    state_->pool.clear();
}

asio::awaitable<ClientResult> Client::send(ClientRequest request)
{
    std::shared_ptr<ClientState> state = state_;
    auto to = destination_of(*state, request);
    ClientResult result;
    if (to) {
        Exchange exchange(*state, request, **to);
        look_after(state);
        result = co_await exchange.run();
    } else {
        result = to.error();
    }
    // What fails at once must not go on within the call of whoever began it.
    if (!result) co_await asio::post(asio::use_awaitable);
    co_return result;
}

}  // namespace tidings::http
