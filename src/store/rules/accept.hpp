// SPDX-License-Identifier: Apache-2.0
// What applications do to messages: accept, accept_once, cancel and preview. Store describes each.
#pragma once

#include "store/rules/item.hpp"
#include "store/rules/prepared.hpp"

namespace tidings::store::rules {

class Accept : public Item {
public:
    Accept(AccountKey account, std::vector<Prepared> messages);
    void first(const Surroundings& surroundings, Wants& wants) override;
    void decide(Batch& batch) override;
    std::size_t weight() const override { return messages_.size(); }

    std::vector<base::Uuid> ids() const;

private:
    void accept(Batch& batch, Prepared& prepared) const;

    AccountKey account_;
    std::vector<Prepared> messages_;
};

class AcceptOnce : public Item {
public:
    AcceptOnce(Accept accept, AccountKey account, IdempotencyKey key);
    void first(const Surroundings& surroundings, Wants& wants) override;
    void decide(Batch& batch) override;
    std::size_t weight() const override { return accept_.weight(); }

    base::Result<std::vector<base::Uuid>> result;

private:
    Accept accept_;
    AccountName name_;
    base::Sha256 body_;
};

class Cancel : public Item {
public:
    explicit Cancel(const MessageKey& key) : key_(key) {}
    void first(const Surroundings& surroundings, Wants& wants) override;
    void decide(Batch& batch) override;

    base::Result<StoredMessage> result = base::errc::not_found;

private:
    MessageKey key_;
};

// Each message as if it were accepted alone. It asks the rules for the time at which the message would leave,
// and changes nothing: neither rows nor what is counted.
class Previews : public Item {
public:
    Previews(AccountKey account, std::vector<NewMessage> messages);
    void first(const Surroundings& surroundings, Wants& wants) override;
    void decide(Batch& batch) override;
    std::size_t weight() const override { return messages_.size(); }

    std::vector<Preview> result;

private:
    Preview preview(const Surroundings& surroundings, const Facts& facts, Prepared& prepared) const;

    AccountKey account_;
    std::vector<Prepared> messages_;
};

}  // namespace tidings::store::rules
