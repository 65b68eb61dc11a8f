// SPDX-License-Identifier: Apache-2.0
#include "relay/relay.hpp"

#include "relay/until_stored.hpp"

#include <boost/asio/co_spawn.hpp>

namespace tidings::relay {

using namespace std::chrono_literals;

namespace {

constexpr auto release_period = 100ms;  // how late a scheduled message may be
constexpr auto idle_period = 10ms;      // while stopping
constexpr auto status_period = 1s;      // at which a link tells what changed

// The root of every loop. Cancellation is the ordinary end; anything else is a bug, and the store makes
// stopping safe.
void ended(std::exception_ptr error)
{
    if (!error) return;
    try {
        std::rethrow_exception(error);
    } catch (const boost::system::system_error& failure) {
        if (failure.code() == asio::error::operation_aborted) return;
        base::log_error("a loop of the relay failed: {}", failure.what());
    } catch (const std::exception& failure) {
        base::log_error("a loop of the relay failed: {}", failure.what());
    }
    std::abort();
}

}  // namespace

// One link with its two sides, all on one thread.
struct Relay::Carrier {
    Carrier(asio::io_context& context, const LinkSettings& settings, store::LinkKey key, store::Store& store,
            base::Clock& clock)
        : context(context),
          dialect(settings.dialect),
          ids(dialect.receipt_id),
          link(context.get_executor(), clock, settings.smpp, events()),
          parts{link, key, dialect, ids, store, clock},
          sender(context.get_executor(), parts, Pace(settings.rate), settings.in_doubt),
          receiver(parts)
    {
    }

    smpp::LinkEvents events()
    {
        smpp::LinkEvents events;
        events.on_bound = [this](std::size_t bound) { is_up = bound > 0; };
        events.on_room = [this] { sender.on_room(); };
        events.on_answer = [this](const smpp::Answered& answer) { sender.on_answer(answer); };
        events.on_doubt = [this](std::uint64_t token) { sender.on_doubt(token); };
        events.on_deliver = [this](const smpp::ShortMessage& deliver, const smpp::Ticket& ticket) {
            receiver.on_deliver(deliver, ticket);
        };
        return events;
    }

    asio::awaitable<void> run_link()
    {
        co_await link.run();
        unbound = true;
    }

    asio::awaitable<void> run_telling()
    {
        store::LinkStatus told;
        for (;;) {
            store::LinkStatus status = sender.status();
            if (status != told) {
                told = status;
                auto tell = [this, &status] { return parts.store.set_link_status(status); };
                co_await until_stored(parts.clock, tell);
            }
            co_await parts.clock.wait_until(parts.clock.now() + status_period);
        }
    }

    asio::io_context& context;
    const Dialect dialect;
    ReceiptIds ids;
    smpp::Link link;
    const LinkParts parts;
    Sender sender;
    Receiver receiver;
    std::atomic<bool> is_up{false};    // read by the dispatcher
    std::atomic<bool> unbound{false};  // read by whoever stops the relay
};

Relay::Relay(std::vector<asio::io_context*> contexts, store::Store& store, http::Client& client,
             base::Clock& clock, std::string vendor_id)
    : contexts_(std::move(contexts)),
      store_(store),
      clock_(clock),
      callbacks_(contexts_.front()->get_executor(), store, client, clock, std::move(vendor_id))
{
}

Relay::~Relay() = default;

void Relay::run(asio::io_context& context, asio::awaitable<void> loop)
{
    asio::co_spawn(context, std::move(loop), &ended);
}

asio::awaitable<void> Relay::start(std::vector<LinkSettings> links)
{
    std::vector<std::string> names;
    for (const LinkSettings& link : links) names.push_back(link.smpp.name);
    std::vector<store::LinkKey> keys = co_await store_.open_links(std::move(names));

    for (std::size_t i = 0; i < links.size(); ++i) {
        asio::io_context& context = *contexts_[(i + 1) % contexts_.size()];
        Carrier& carrier =
            *carriers_.emplace_back(std::make_unique<Carrier>(context, links[i], keys[i], store_, clock_));
        run(context, carrier.run_link());
        run(context, carrier.run_telling());
        run(context, carrier.sender.run_taking());
        run(context, carrier.sender.run_sending());
        run(context, carrier.sender.run_expiring());
        run(context, carrier.sender.run_recording());
        run(context, carrier.sender.run_doubts());
        run(context, carrier.receiver.run_receipts());
        run(context, carrier.receiver.run_inbound());
    }
    std::vector<NamedLink> named;
    for (std::size_t i = 0; i < links.size(); ++i)
        named.push_back({links[i].smpp.name, keys[i], &carriers_[i]->is_up, links[i].by_route_only});
    outbound_.emplace(store_, clock_, std::move(named));
    asio::io_context& first = *contexts_.front();
    run(first, outbound_->run());
    run(first, callbacks_.run_taking());
    run(first, callbacks_.run_recording());
    run(first, release());
}

asio::awaitable<void> Relay::release()
{
    while (!stopping_) {
        auto release = [this] { return store_.release(clock_.now()); };
        bool more = co_await until_stored(clock_, release);
        if (!more) co_await clock_.wait_until(clock_.now() + release_period);
    }
}

asio::awaitable<bool> Relay::idle(Carrier& carrier) { co_return carrier.sender.idle(); }

asio::awaitable<void> Relay::stop(base::Time until)
{
    stopping_ = true;
    store_.stop_waiting();
    callbacks_.stop();
    for (auto& carrier : carriers_)
        asio::post(carrier->context, [&sender = carrier->sender] { sender.stop(); });

    for (bool busy = true; busy && clock_.now() < until;) {
        busy = !callbacks_.idle();
        for (auto& carrier : carriers_) {
            bool is_idle = co_await asio::co_spawn(carrier->context, idle(*carrier), asio::use_awaitable);
            busy |= !is_idle;
        }
        if (busy) co_await clock_.wait_until(clock_.now() + idle_period);
    }
    for (auto& carrier : carriers_) asio::post(carrier->context, [&link = carrier->link] { link.stop(); });
    for (bool bound = true; bound && clock_.now() < until;) {
        bound = false;
        for (auto& carrier : carriers_) bound |= !carrier->unbound;
        if (bound) co_await clock_.wait_until(clock_.now() + idle_period);
    }
}

}  // namespace tidings::relay
