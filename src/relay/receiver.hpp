// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/wakeup.hpp"
#include "relay/link_parts.hpp"
#include "relay/unknown_words.hpp"

namespace tidings::relay {

namespace asio = boost::asio;

// The receiving side of a link's loop: stores receipts and messages from handsets, and acknowledges each only
// then. What arrives during one commit is stored together in the next. Everything happens on the link's
// thread.
class Receiver {
public:
    explicit Receiver(const LinkParts& parts) : parts_(parts) {}

    void on_delivered(Delivered delivered, Acknowledge acknowledge);
    void on_learnt(message::IdForm form) { learnt_ = form; }
    void describe(store::LinkStatus& status) const { status.unknown_words = unknown_words_.counts(); }

    // Two loops, until they are cancelled.
    asio::awaitable<void> run_receipts();
    asio::awaitable<void> run_inbound();

private:
    // Not yet stored; a carrier that sends more before the answers come is told to send them again.
    static constexpr std::size_t pending_max = 10'000;

    template <class Item>
    struct Pending {
        std::vector<Item> items;
        std::vector<Acknowledge> acknowledges;
        base::Wakeup wakeup;
    };
    template <class Item>
    void add(Pending<Item>& pending, Item item, Acknowledge acknowledge);

    void count_word(const store::Receipt& receipt);
    asio::awaitable<void> store_learnt_form();

    const LinkParts parts_;
    std::optional<message::IdForm> learnt_;  // not yet stored
    UnknownWords unknown_words_;
    Pending<store::Receipt> receipts_;
    Pending<store::Inbound> inbound_;
};

}  // namespace tidings::relay
