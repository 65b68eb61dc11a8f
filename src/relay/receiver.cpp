// SPDX-License-Identifier: Apache-2.0
#include "relay/receiver.hpp"

#include "base/log.hpp"

namespace tidings::relay {

namespace {

asio::awaitable<Stored> outcome_of(asio::awaitable<void> storing)
{
    try {
        co_await std::move(storing);
        co_return Stored::yes;
    } catch (const store::Unavailable& error) {
        base::log_warning("the carrier is asked to deliver again: {}", error.what());
        co_return Stored::not_now;
    }
}

}  // namespace

void Receiver::on_delivered(Delivered delivered, Acknowledge acknowledge)
{
    if (auto* receipt = std::get_if<store::Receipt>(&delivered)) {
        count_word(*receipt);
        add(receipts_, std::move(*receipt), acknowledge);
    } else {
        add(inbound_, std::move(std::get<store::Inbound>(delivered)), acknowledge);
    }
}

void Receiver::count_word(const store::Receipt& receipt)
{
    if (receipt.code != message::Code::none || !unknown_words_.count(receipt.word)) return;
    base::log_warning(
        "link {}: receipts say {}, which nobody knows; receipt_states of the link can say what it means",
        parts_.name, receipt.word.empty() ? "nothing of a status" : receipt.word);
}

template <class Item>
void Receiver::add(Pending<Item>& pending, Item item, Acknowledge acknowledge)
{
    // The store is slower than the carrier. Asked to come again, the carrier keeps what memory here would not
    // hold.
    if (pending.items.size() >= pending_max) {
        acknowledge(Stored::not_now);
        return;
    }
    pending.items.push_back(std::move(item));
    pending.acknowledges.push_back(acknowledge);
    pending.wakeup.notify();
}

asio::awaitable<void> Receiver::run_receipts()
{
    for (;;) {
        while (receipts_.items.empty()) co_await receipts_.wakeup.wait();
        auto acknowledges = std::exchange(receipts_.acknowledges, {});
        auto storing = parts_.store.add_receipts(parts_.key, std::exchange(receipts_.items, {}));
        Stored stored = co_await outcome_of(std::move(storing));
        // After the commit and never before: what is acknowledged the carrier forgets.
        for (const Acknowledge& acknowledge : acknowledges) acknowledge(stored);
        if (learnt_) co_await store_learnt_form();
    }
}

// So that receipts of messages from before a restart find them, too.
asio::awaitable<void> Receiver::store_learnt_form()
{
    message::IdForm form = *std::exchange(learnt_, {});
    auto storing = parts_.store.set_receipt_form(parts_.key, form);
    co_await outcome_of(std::move(storing));
}

// A message that is acknowledged will not be delivered again, so that its fingerprint may be forgotten: the
// same text from the same handset is another message from then on.
asio::awaitable<void> Receiver::run_inbound()
{
    for (;;) {
        while (inbound_.items.empty()) co_await inbound_.wakeup.wait();
        auto acknowledges = std::exchange(inbound_.acknowledges, {});
        auto items = std::exchange(inbound_.items, {});
        std::vector<base::Sha256> fingerprints;
        for (const store::Inbound& item : items) fingerprints.push_back(item.fingerprint);
        auto storing = parts_.store.add_inbound(parts_.key, std::move(items));
        Stored stored = co_await outcome_of(std::move(storing));
        std::vector<base::Sha256> told;
        for (std::size_t i = 0; i < acknowledges.size(); ++i)
            // Where the session was gone the response did not get out: then the carrier delivers again, and
            // the fingerprint has to stay to tell that this is the same message.
            if (acknowledges[i](stored) && stored == Stored::yes) told.push_back(fingerprints[i]);
        auto forgetting = parts_.store.inbound_answered(std::move(told));
        co_await outcome_of(std::move(forgetting));
    }
}

}  // namespace tidings::relay
