// SPDX-License-Identifier: Apache-2.0
// What a lost response leaves behind: a doubt whether the carrier has the message. Then a receipt that names
// an unknown id may be the message's, by its numbers and link. It is given to the message that is in doubt
// with these, if that is the only one, and if they have no more ids than it was in doubt: each time the
// carrier may have given it another one. That ends the doubt: the message is submitted under that id.
//
// It is looked for twice: before a message in doubt is sent again (OpenDoubts), and when a parked
// receipt has waited for its id long enough (GiveUpReceipts).
#pragma once

#include "store/rules/item.hpp"

#include <vector>

namespace tidings::store::rules {

constexpr auto match_window = std::chrono::minutes(10);  // for a parked receipt to find its id

// These may have reached the carrier.
class AddDoubts : public Item {
public:
    AddDoubts(LinkKey link, std::vector<Doubt> doubts) : link_(link), doubts_(std::move(doubts)) {}
    void first(const Surroundings& surroundings, Wants& wants) override;
    void decide(Batch& batch) override;
    std::size_t weight() const override { return doubts_.size(); }

private:
    LinkKey link_;
    std::vector<Doubt> doubts_;
};

class OpenDoubts : public Item {
public:
    OpenDoubts(LinkKey link, const std::vector<MessageKey>& keys);
    void first(const Surroundings& surroundings, Wants& wants) override;
    void second(const Surroundings& surroundings, const Facts& facts, Wants& wants) override;
    void decide(Batch& batch) override;
    std::size_t weight() const override { return messages_.size(); }

    std::vector<MessageKey> result;  // of the messages those that are to be sent again

private:
    struct InDoubt {
        MessageKey key;
        std::optional<LinkThread> numbers{};  // with which it is, if it is
    };
    bool has_ended(Batch& batch, const InDoubt& it) const;

    LinkKey link_;
    std::vector<InDoubt> messages_;
};

// Parked receipts that waited for their id long enough, oldest first. What fits no message in doubt either is
// kept as unmatched, for the operator.
class GiveUpReceipts : public Item {
public:
    explicit GiveUpReceipts(std::vector<ParkedReceipt> receipts) : receipts_(std::move(receipts)) {}
    void first(const Surroundings& surroundings, Wants& wants) override;
    void second(const Surroundings& surroundings, const Facts& facts, Wants& wants) override;
    void decide(Batch& batch) override;
    std::size_t weight() const override { return receipts_.size(); }

private:
    std::vector<ParkedReceipt> receipts_;
};

// For other verbs that leave a message in doubt.
void add_doubt(Batch& batch, LinkKey link, const Doubt& doubt);

}  // namespace tidings::store::rules
