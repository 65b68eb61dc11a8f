// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/signal.hpp"
#include "relay/link_parts.hpp"
#include "relay/translate.hpp"

namespace tidings::relay {

namespace asio = boost::asio;

// The receiving side of one link: stores receipts and messages from handsets, and answers each only then.
// What arrives during one commit is stored together in the next. Everything happens on the link's thread.
class Receiver {
public:
    explicit Receiver(const LinkParts& parts) : parts_(parts), stored_form_(parts.ids.form()) {}

    void on_deliver(const smpp::ShortMessage& deliver, const smpp::Ticket& ticket);

    // The id in a receipt, as the store writes it; empty: it is none.
    std::string receipted_id(const smpp::ShortMessage& deliver) const;

    asio::awaitable<void> run_receipts();
    asio::awaitable<void> run_inbound();

private:
    // Not yet stored; a carrier that sends more before the answers come is told to send them again.
    static constexpr std::size_t pending_max = 10'000;

    template <class Item>
    struct Pending {
        std::vector<Item> items;
        std::vector<smpp::Ticket> tickets;
        base::Signal signal;
    };
    template <class Item>
    void add(Pending<Item>& pending, Item item, const smpp::Ticket& ticket);

    asio::awaitable<void> store_learnt_form();

    const LinkParts parts_;
    std::optional<message::IdForm> stored_form_;  // or configured
    Pending<store::Receipt> receipts_;
    Pending<store::Inbound> inbound_;
};

}  // namespace tidings::relay
