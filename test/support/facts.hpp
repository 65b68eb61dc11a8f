// SPDX-License-Identifier: Apache-2.0
// A world for tests of rules, without any store: Facts that are made by hand and last as long as the test, so
// that days of an account's life are a few lines. What an item wants and nobody has put there is not there.
#pragma once

#include "base/uuid.hpp"
#include "store/rules/accept.hpp"
#include "support/virtual_clock.hpp"

#include <gtest/gtest.h>

namespace tidings::test {

using namespace std::chrono_literals;
using message::Code;
using message::Status;

class RulesTest : public testing::Test {
protected:
    RulesTest()
    {
        account.key = store::AccountKey{1};
        account.id = "MyAccount";
        account.default_source = our_number;
        account.unregistered_source = message::UnregisteredSource::allow;
        settings.put(account);
    }

    // Rules know an account by the settings: to be called after a change of `account`.
    void save_account() { settings.put(account); }
    template <class Change>
    void change_account(Change change)
    {
        change(account);
        save_account();
    }

    // ---- what items are carried out in
    store::rules::Surroundings surroundings() const
    {
        return {.settings = settings,
                .now = clock.now(),
                .pause_shift = pause_shift,
                .link_names = link_names,
                .limits = limits};
    }
    // For a rule that is called by itself.
    store::rules::Batch batch() { return {surroundings(), facts, effects, ids, last_seq}; }

    // Takes an item through its three steps. `effects` are its own, and those of nobody before it.
    template <class Item>
    Item& carry_out(Item& item)
    {
        carry_out_together({&item});
        return item;
    }
    // Several, as one batch.
    void carry_out_together(const std::vector<store::rules::Item*>& items)
    {
        effects.clear();
        begin_batch();
        store::rules::Wants wants;
        store::rules::Surroundings around = surroundings();
        for (store::rules::Item* item : items) item->first(around, wants);
        learn(wants);
        wants.begin_second();
        for (store::rules::Item* item : items) item->second(around, facts, wants);
        learn(wants);
        store::rules::Batch batch{around, facts, effects, ids, last_seq};
        for (store::rules::Item* item : items) item->decide(batch);
        end_batch();
    }

    // ---- messages
    store::NewMessage text(const std::string& content = "content")
    {
        store::NewMessage message;
        message.id = ids.next();
        message.submission.content = content;
        message.submission.destination = "+" + std::string(handset);
        message.submission.delivery_report = true;
        message.cost = 1;
        return message;
    }
    store::NewMessage scheduled(std::chrono::milliseconds in)
    {
        store::NewMessage message = text();
        message.submission.scheduled = clock.now() + in;
        return message;
    }

    // Accepts it and says with which code it is now.
    Code accept(const store::NewMessage& message)
    {
        accept(std::vector{message});
        return code(message);
    }
    // All in one batch.
    void accept(std::vector<store::NewMessage> messages)
    {
        store::rules::Accept item(account.key, store::rules::prepare(account, std::move(messages)));
        carry_out(item);
    }
    store::Preview preview(const store::NewMessage& message)
    {
        store::rules::Previews item(account.key, {message});
        return carry_out(item).result.at(0);
    }

    store::MessageKey key(const store::NewMessage& message) const { return {account.key, message.id}; }
    store::rules::MessageRow& row(const store::NewMessage& message)
    {
        return *facts.messages.find(key(message));
    }
    Code code(const store::NewMessage& message) { return row(message).progress.code; }
    Status status(const store::NewMessage& message) { return row(message).progress.status; }
    std::string last_step(const store::NewMessage& message)
    {
        auto steps = store::rules::steps_of(row(message));
        return steps.empty() ? std::string() : steps.back().what;
    }
    std::vector<Code> reported() const
    {
        std::vector<Code> codes;
        for (const auto& report : effects.reports) codes.push_back(report.code);
        return codes;
    }

    static constexpr const char* our_number = "61491570110";
    static constexpr const char* handset = "61491570156";
    static constexpr store::LinkKey link{1};

    VirtualClock clock;
    base::UuidSource ids{clock};
    store::Account account;
    store::Settings settings;
    store::rules::Facts facts;
    store::rules::Effects effects;  // of the last item
    store::rules::LinkNames link_names{{link, "carrier"}};
    store::rules::LinkLimits limits;
    std::chrono::milliseconds pause_shift{0};
    std::int64_t last_seq = 0;

protected:
    // What a store would do with what facts.messages and the like do not hold.
    virtual void begin_batch() {}
    virtual void end_batch() {}
    virtual void learn(const store::rules::Wants& wants)
    {
        learn_absent(wants.messages, facts.messages);
        for (const auto& name : wants.sent) facts.sent.learn(name.key, std::nullopt);
        learn_absent(wants.familiar, facts.familiar);
        learn_absent(wants.listings, facts.listings);
        learn_absent(wants.requests, facts.requests);
        learn_absent(wants.usage, facts.usage);
        learn_absent(wants.balances, facts.balances);
        learn_absent(wants.unconfirmed, facts.unconfirmed);
        learn_absent(wants.replies, facts.replies);
        learn_absent(wants.receivers, facts.receivers);
        for (const auto& [handset, count] : wants.pool_uses)
            for (const std::string& number : settings.pool_for(handset))
                facts.pool_uses.learn({number, handset}, std::nullopt);
    }
    template <class Keys, class Known>
    static void learn_absent(const Keys& keys, Known& known)
    {
        for (const auto& key : keys) known.learn(key, std::nullopt);
    }
};

}  // namespace tidings::test
