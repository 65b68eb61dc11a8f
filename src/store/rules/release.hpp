// SPDX-License-Identifier: Apache-2.0
// What becomes of messages that had to wait, when their waiting is over. The store finds their keys, a few
// hundred at a time, and makes an item of them.
#pragma once

#include "store/rules/admission.hpp"
#include "store/rules/item.hpp"

namespace tidings::store::rules {

// Those whose time has come. The rules and hours of their account are those of today, not of their
// acceptance.
class ReleaseScheduled : public Item {
public:
    explicit ReleaseScheduled(const std::vector<MessageKey>& keys);
    void first(const Surroundings& surroundings, Wants& wants) override;
    void second(const Surroundings& surroundings, const Facts& facts, Wants& wants) override;
    void decide(Batch& batch) override;
    std::size_t weight() const override { return messages_.size(); }

private:
    std::vector<Waiting> messages_;
};

// Those that were put back, when the pause before their next try is over.
class ReleaseRetries : public Item {
public:
    explicit ReleaseRetries(std::vector<MessageKey> keys) : keys_(std::move(keys)) {}
    void first(const Surroundings& surroundings, Wants& wants) override;
    void decide(Batch& batch) override;
    std::size_t weight() const override { return keys_.size(); }

private:
    std::vector<MessageKey> keys_;
};

// Messages that were taken, and cannot leave before `at`. What is no longer under way stays as it is.
class PutBack : public Item {
public:
    PutBack(std::vector<MessageKey> keys, base::Time at) : keys_(std::move(keys)), at_(at) {}
    void first(const Surroundings& surroundings, Wants& wants) override;
    void decide(Batch& batch) override;
    std::size_t weight() const override { return keys_.size(); }

private:
    std::vector<MessageKey> keys_;
    base::Time at_;
};

}  // namespace tidings::store::rules
