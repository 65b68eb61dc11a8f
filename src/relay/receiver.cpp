// SPDX-License-Identifier: Apache-2.0
#include "relay/receiver.hpp"

#include "base/log.hpp"

namespace tidings::relay {

namespace {

// The status for deliver_sm_resp: OK once `storing` has gone well, else what makes the carrier send it again.
asio::awaitable<std::uint32_t> outcome_of(asio::awaitable<void> storing)
{
    try {
        co_await std::move(storing);
        co_return smpp::status::ok;
    } catch (const store::Unavailable& error) {
        base::log_warning("the carrier is asked to deliver again: {}", error.what());
        co_return smpp::status::temporary_failure;
    }
}

}  // namespace

Receiver::Receiver(smpp::Link& link, store::LinkKey key, store::Store& store, base::Clock& clock)
    : link_(link), key_(key), store_(store), clock_(clock)
{
}

void Receiver::on_deliver(const smpp::ShortMessage& deliver, const smpp::Ticket& ticket)
{
    Delivered delivered = from_deliver(deliver, clock_.now());
    if (auto* receipt = std::get_if<store::Receipt>(&delivered)) {
        add(receipts_, std::move(*receipt), ticket);
    } else if (auto* inbound = std::get_if<store::Inbound>(&delivered)) {
        add(inbound_, std::move(*inbound), ticket);
    } else {
        link_.answer(ticket, smpp::status::ok);
    }
}

template <class Item>
void Receiver::add(Pending<Item>& pending, Item item, const smpp::Ticket& ticket)
{
    if (pending.items.size() >= pending_max) {
        link_.answer(ticket, smpp::status::temporary_failure);
        return;
    }
    pending.items.push_back(std::move(item));
    pending.tickets.push_back(ticket);
    pending.signal.notify();
}

asio::awaitable<void> Receiver::run_receipts()
{
    for (;;) {
        while (receipts_.items.empty()) co_await receipts_.signal.wait();
        auto tickets = std::exchange(receipts_.tickets, {});
        auto storing = store_.add_receipts(key_, std::exchange(receipts_.items, {}));
        std::uint32_t status = co_await outcome_of(std::move(storing));
        for (const smpp::Ticket& ticket : tickets) link_.answer(ticket, status);
    }
}

asio::awaitable<void> Receiver::run_inbound()
{
    for (;;) {
        while (inbound_.items.empty()) co_await inbound_.signal.wait();
        auto tickets = std::exchange(inbound_.tickets, {});
        auto items = std::exchange(inbound_.items, {});
        std::vector<base::Sha256> fingerprints;
        for (const store::Inbound& item : items) fingerprints.push_back(item.fingerprint);
        auto storing = store_.add_inbound(key_, std::move(items));
        std::uint32_t status = co_await outcome_of(std::move(storing));
        std::vector<base::Sha256> told;
        for (std::size_t i = 0; i < tickets.size(); ++i)
            if (link_.answer(tickets[i], status) && status == smpp::status::ok)
                told.push_back(fingerprints[i]);
        auto forgetting = store_.inbound_answered(std::move(told));
        co_await outcome_of(std::move(forgetting));
    }
}

}  // namespace tidings::relay
