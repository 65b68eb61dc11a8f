// SPDX-License-Identifier: Apache-2.0
// Telling again what was told, or could not be told, before: always with the id that it had, so that whoever
// hears it twice knows.
//
// One event is told again to those whom it was to be told. So are dead letters. A range of time is told as it
// would be told now, to whichever webhooks there are today, once for each event: what was told stands in the
// log of callbacks, and what nobody was told in the reports and replies that are not confirmed yet; many
// stand in both. What is pending anyway is not told twice; for a single event it is hastened.
#pragma once

#include "store/rules/item.hpp"

namespace tidings::store::rules {

// The events with one id, which account it may be of.
class ReplayEvent : public Item {
public:
    ReplayEvent(std::vector<EventKey> events, std::optional<base::Uuid> webhook)
        : events_(std::move(events)), webhook_(webhook)
    {
    }
    void first(const Surroundings& surroundings, Wants& wants) override;
    void second(const Surroundings& surroundings, const Facts& facts, Wants& wants) override;
    void decide(Batch& batch) override;
    std::size_t weight() const override { return events_.size(); }

    std::size_t result = 0;  // callbacks that are made again

private:
    std::vector<const CallbackRow*> receivers(const Facts& facts, const EventKey& event) const;
    std::size_t replay(Batch& batch, const EventKey& event) const;

    std::vector<EventKey> events_;
    std::optional<base::Uuid> webhook_;  // the one receiver; nil: the callback_url
};

// Some dead letters of an account, as the store found them in this transaction.
class ReplayDead : public Item {
public:
    explicit ReplayDead(std::vector<CallbackRow> dead) : dead_(std::move(dead)) {}
    void first(const Surroundings& surroundings, Wants& wants) override;
    void decide(Batch& batch) override;
    std::size_t weight() const override { return dead_.size(); }

    std::size_t result = 0;

private:
    std::vector<CallbackRow> dead_;
};

// What a store found between two ids, each kind in the order of ids and up to `limit` rows of it.
struct FoundEvents {
    std::vector<CallbackRow> callbacks;
    std::vector<EventRow> unconfirmed;  // reports, then replies
    std::size_t limit = 0;
};

class ReplayBetween : public Item {
public:
    ReplayBetween(FoundEvents found, std::optional<base::Uuid> webhook);
    void first(const Surroundings& surroundings, Wants& wants) override;
    void decide(Batch& batch) override;
    std::size_t weight() const override { return events_.size(); }

    std::size_t result = 0;
    std::optional<base::Uuid> next;  // from which to go on; nothing: that was all

private:
    std::vector<EventRow> events_;  // in the order of ids
    std::optional<base::Uuid> webhook_;
};

// Tells a webhook of an event that did not happen.
class TestWebhook : public Item {
public:
    TestWebhook(AccountKey account, const base::Uuid& webhook) : account_(account), webhook_(webhook) {}
    void first(const Surroundings&, Wants&) override {}
    void decide(Batch& batch) override;

    base::Result<base::Uuid> result = base::errc::not_found;  // the id of the event

private:
    AccountKey account_;
    base::Uuid webhook_;
};

}  // namespace tidings::store::rules
