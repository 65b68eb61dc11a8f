// SPDX-License-Identifier: Apache-2.0
// How a receipt finds its message, and what it does to it.
//
// It finds it by the carrier's id, if a message is known to have that. Carriers give ids again, and some give
// all messages the same. So of several the newest counts whose addresses are the receipt's; and a receipt
// that names another handset is about another message, whatever its id. Some receipts name two ids, of which
// the second counts where nobody has the first.
//
// An empty id is none. Then the numbers tell, as far as they do: if exactly one message between them waits
// for a receipt of this link. With two of them, or one that a link still has in hand, nobody knows which is
// meant, and to guess would tell one application of a delivery that may not have happened.
//
// What finds no message is parked: the response with the id may still be on its way, or lost with its
// connection. Whoever records the response takes what waits for it (record.hpp); a lost response left a doubt
// behind (doubts.hpp). After ten minutes it is kept as unmatched, and the log says so.
//
// A receipt whose word nobody knows changes no status. It finds its message as others do, whose trace shows
// the word.
//
// A message in parts has a receipt for each. What they say of the whole is a verdict (message/status.hpp),
// which waits a minute for the other parts once one has failed, and a day for something better than
// "unknown".
//
// A carrier can send any number of receipts, with any ids: each looks at a few messages, and so many of them
// wait for a message at most (LinkLimits).
#pragma once

#include "store/rules/item.hpp"

#include <string>
#include <vector>

namespace tidings::store::rules {

class Receipts : public Item {
public:
    Receipts(LinkKey link, std::vector<Receipt> receipts) : link_(link), receipts_(std::move(receipts)) {}
    void first(const Surroundings& surroundings, Wants& wants) override;
    void second(const Surroundings& surroundings, const Facts& facts, Wants& wants) override;
    void decide(Batch& batch) override;
    std::size_t weight() const override { return receipts_.size(); }

private:
    void park(Batch& batch, Receipt& receipt) const;

    LinkKey link_;
    std::vector<Receipt> receipts_;
};

// Messages whose parts were waited for long enough.
class ReachVerdicts : public Item {
public:
    explicit ReachVerdicts(std::vector<MessageKey> keys) : keys_(std::move(keys)) {}
    void first(const Surroundings& surroundings, Wants& wants) override;
    void decide(Batch& batch) override;
    std::size_t weight() const override { return keys_.size(); }

private:
    std::vector<MessageKey> keys_;
};

// For those who look for the message of a receipt: what its ids and numbers name, and what these revealed.
void want_message_of(LinkKey link, const Receipt& receipt, Wants& wants);
void want_rows_of(LinkKey link, const Receipt& receipt, const Facts& facts, Wants& wants);
void want_thread(const Thread& thread, Wants& wants);

// Whether another message between these numbers waits for a receipt of the link. They must have been wanted
// as sent_between.
bool waits_between(const Facts& facts, const LinkThread& numbers, const MessageKey& but);

// Gives a parked receipt to its message if that is known by now. For it the above must have been wanted.
bool match_again(Batch& batch, ParkedReceipt& parked);

// The message has this id now, which is not empty: what waits under it is its parts'.
void apply_parked(Batch& batch, const CarrierId& id, MessageRow& row);
// It had this id, of a submit whose response was lost: what waits under it, with the message's numbers,
// speaks of the first part; or of nothing, if the message never left.
void apply_lost(Batch& batch, const CarrierId& id, MessageRow& row);

// The message, due since `since`, was submitted just now, and a receipt without an id may have been faster.
// One that came before it was due is about another one.
void want_parked_without_id(const Facts& facts, LinkKey link, const MessageRow& row, Wants& wants);
void apply_parked_without_id(Batch& batch, LinkKey link, MessageRow& row, base::Time since);

}  // namespace tidings::store::rules
