// SPDX-License-Identifier: Apache-2.0
#include "relay/relay.hpp"

#include "base/spawn.hpp"
#include "relay/until_stored.hpp"

namespace tidings::relay {

using namespace std::chrono_literals;

namespace {

constexpr auto release_period = 100ms;  // how late a scheduled message may be
constexpr auto idle_period = 10ms;      // while stopping

}  // namespace

Relay::Relay(std::vector<asio::io_context*> contexts, store::Store& store, http::Client& client,
             base::Clock& clock, DefaultBodies bodies)
    : context_(*contexts.front()),
      store_(store),
      clock_(clock),
      ways_(store, fleet_, clock),
      dispatcher_(store, clock, ways_),
      links_(std::move(contexts), fleet_, {fleet_, ways_, store, clock}, dispatcher_, &make_link),
      callbacks_(context_.get_executor(), store, client, clock, std::move(bodies))
{
}

Relay::~Relay() = default;

asio::awaitable<void> Relay::start(std::vector<LinkSettings> links)
{
    // Links first: what is dispatched goes to the links of the fleet, and would end without a way if there
    // were none yet.
    co_await links_.start(std::move(links));
    base::spawn(context_.get_executor(), dispatcher_.run(), &loop_ended);
    base::spawn(context_.get_executor(), callbacks_.run_taking(), &loop_ended);
    base::spawn(context_.get_executor(), callbacks_.run_recording(), &loop_ended);
    base::spawn(context_.get_executor(), callbacks_.run_trying_again(), &loop_ended);
    base::spawn(context_.get_executor(), release(), &loop_ended);
}

asio::awaitable<void> Relay::release()
{
    while (!stopping_) {
        auto release = [this] { return store_.release(clock_.now()); };
        bool more = co_await until_stored(clock_, release);
        if (!more) co_await clock_.wait_until(clock_.steady() + release_period);
    }
}

asio::awaitable<void> Relay::stop(base::Moment until)
{
    stopping_ = true;
    // Lets the loops go that wait in take_…, which otherwise would take what becomes due while everything
    // ends.
    store_.stop_waiting();
    callbacks_.stop();
    links_.stop_sending();
    for (bool is_busy = true; is_busy && clock_.steady() < until;) {
        bool links_are_idle = co_await links_.is_idle();
        // With a store that does not write there is nothing to wait for: what is not recorded is due at the
        // next start.
        is_busy = !links_are_idle || (!callbacks_.idle() && store_.writable());
        if (is_busy) co_await clock_.wait_until(clock_.steady() + idle_period);
    }
    links_.close();
    while (!links_.are_closed() && clock_.steady() < until)
        co_await clock_.wait_until(clock_.steady() + idle_period);
}

}  // namespace tidings::relay
