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

void Receiver::on_deliver(const smpp::ShortMessage& deliver, const smpp::Ticket& ticket)
{
    Delivered delivered = from_deliver(parts_.dialect, deliver, parts_.clock.now());
    if (auto* receipt = std::get_if<store::Receipt>(&delivered)) {
        receipt->carrier_id = parts_.ids.of_receipt(receipt->carrier_id, receipt->destination);
        add(receipts_, std::move(*receipt), ticket);
    } else if (auto* inbound = std::get_if<store::Inbound>(&delivered)) {
        add(inbound_, std::move(*inbound), ticket);
    } else {
        parts_.link.answer(ticket, smpp::status::ok);
    }
}

std::string Receiver::receipted_id(const smpp::ShortMessage& deliver) const
{
    Delivered delivered = from_deliver(parts_.dialect, deliver, parts_.clock.now());
    auto* receipt = std::get_if<store::Receipt>(&delivered);
    return receipt ? parts_.ids.of_receipt(receipt->carrier_id, receipt->destination) : std::string();
}

template <class Item>
void Receiver::add(Pending<Item>& pending, Item item, const smpp::Ticket& ticket)
{
    if (pending.items.size() >= pending_max) {
        parts_.link.answer(ticket, smpp::status::temporary_failure);
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
        auto storing = parts_.store.add_receipts(parts_.key, std::exchange(receipts_.items, {}));
        std::uint32_t status = co_await outcome_of(std::move(storing));
        for (const smpp::Ticket& ticket : tickets) parts_.link.answer(ticket, status);
        if (parts_.ids.form() != stored_form_) co_await store_learnt_form();
    }
}

// So that receipts of messages from before a restart find them, too.
asio::awaitable<void> Receiver::store_learnt_form()
{
    stored_form_ = parts_.ids.form();
    base::log_info(
        "link {}: its receipts write ids as {}; receipt_id in the configuration would say otherwise",
        parts_.link.options().name, message::name(*stored_form_));
    auto storing = parts_.store.set_receipt_form(parts_.key, *stored_form_);
    co_await outcome_of(std::move(storing));
}

asio::awaitable<void> Receiver::run_inbound()
{
    for (;;) {
        while (inbound_.items.empty()) co_await inbound_.signal.wait();
        auto tickets = std::exchange(inbound_.tickets, {});
        auto items = std::exchange(inbound_.items, {});
        std::vector<base::Sha256> fingerprints;
        for (const store::Inbound& item : items) fingerprints.push_back(item.fingerprint);
        auto storing = parts_.store.add_inbound(parts_.key, std::move(items));
        std::uint32_t status = co_await outcome_of(std::move(storing));
        std::vector<base::Sha256> told;
        for (std::size_t i = 0; i < tickets.size(); ++i)
            if (parts_.link.answer(tickets[i], status) && status == smpp::status::ok)
                told.push_back(fingerprints[i]);
        auto forgetting = parts_.store.inbound_answered(std::move(told));
        co_await outcome_of(std::move(forgetting));
    }
}

}  // namespace tidings::relay
