// SPDX-License-Identifier: Apache-2.0
// What becomes of callbacks that wait. One that was taken is delivered, waits for its next try, is put behind
// the others of its lane because it could not be tried, or is given up. A delivered one stays in its row as
// the log of it, a given-up one as a dead letter, which the operator may let begin again.
#pragma once

#include "message/retry.hpp"
#include "store/rules/item.hpp"

namespace tidings::store::rules {

// A callback whose endpoint was left alone all the time, and which nobody could try; one that was tried is
// usually given up an hour before.
constexpr auto callback_overdue_after = message::give_up_after + std::chrono::hours(1);

class RecordCallbacks : public Item {
public:
    explicit RecordCallbacks(std::vector<CallbackOutcome> outcomes) : outcomes_(std::move(outcomes)) {}
    void first(const Surroundings&, Wants&) override {}
    void decide(Batch& batch) override;
    std::size_t weight() const override { return outcomes_.size(); }

private:
    std::vector<CallbackOutcome> outcomes_;
};

// Those whose pause is over.
class ReleaseCallbacks : public Item {
public:
    explicit ReleaseCallbacks(std::vector<CallbackRow> ready) : ready_(std::move(ready)) {}
    void first(const Surroundings& surroundings, Wants& wants) override;
    void decide(Batch& batch) override;
    std::size_t weight() const override { return ready_.size(); }

private:
    std::vector<CallbackRow> ready_;
};

// Whether nobody will try it any more.
bool is_overdue(const CallbackRow& row, base::Time now);

// Gives up those that are overdue.
class Bury : public Item {
public:
    explicit Bury(std::vector<CallbackRow> overdue) : overdue_(std::move(overdue)) {}
    void first(const Surroundings&, Wants&) override {}
    void decide(Batch& batch) override;
    std::size_t weight() const override { return overdue_.size(); }

private:
    std::vector<CallbackRow> overdue_;
};

}  // namespace tidings::store::rules
