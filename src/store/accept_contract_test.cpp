// SPDX-License-Identifier: Apache-2.0
// What is decided when messages are accepted or released: sender, credits, idempotency; and their expiry.
#include "support/store_contract.hpp"

namespace tidings::test {

namespace {

using message::UnregisteredSource;

class AcceptingStore : public StoreContract {
protected:
    void set_policy(UnregisteredSource policy)
    {
        auto edit = [policy](store::Account& it) { it.unregistered_source = policy; };
        ASSERT_TRUE(run(store->change_account(account, edit)));
    }
    void set_credits(std::int64_t credits) { run(store->set_credits(account, credits)); }
    store::Credits credits() { return run(store->credits(account)); }

    store::NewMessage from(const std::string& source)
    {
        store::NewMessage message = text("from " + source);
        message.submission.source = source;
        return message;
    }
    store::NewMessage costing(std::int64_t cost)
    {
        store::NewMessage message = text("for " + std::to_string(cost));
        message.cost = cost;
        return message;
    }
    store::NewMessage later(store::NewMessage message, std::chrono::minutes by = 5min)
    {
        message.submission.scheduled = clock.now() + by;
        return message;
    }
    store::NewMessage expiring(std::chrono::minutes in)
    {
        store::NewMessage message = text("expires");
        message.submission.expiry = clock.now() + in;
        return message;
    }
    std::string sender_of_next() { return run(store->take_due(1)).at(0).sender; }

    base::Result<std::vector<base::Uuid>> accept_once(const std::string& idempotency_key,
                                                      const std::string& body,
                                                      std::vector<store::NewMessage> messages)
    {
        store::IdempotencyKey key{idempotency_key, base::sha256(body)};
        return run(store->accept_once(account, std::move(messages), key));
    }
};

TEST_P(AcceptingStore, AnUnregisteredSourceIsRejectedWithoutEverBeingOnItsWay)
{
    set_policy(UnregisteredSource::reject);
    set_credits(5);
    store::NewMessage message = from("Bakery");
    message.cost = 2;
    accept(message);
    EXPECT_EQ(status(message), Status::rejected);
    EXPECT_EQ(codes(), std::vector<Code>{Code::source_blocked});
    EXPECT_EQ(credits(), 5);
    accept(from("+61491570110"));  // the account's default
    EXPECT_EQ(sender_of_next(), "61491570110");
}

TEST_P(AcceptingStore, ARegisteredSourceIsUsed)
{
    set_policy(UnregisteredSource::reject);
    ASSERT_TRUE(run(store->add_number({.number = "Bakery", .account = account})));
    ASSERT_TRUE(run(store->add_number({.number = "61491570999", .account = {}})));
    accept(from("Bakery"));
    EXPECT_EQ(sender_of_next(), "Bakery");
    accept(from("+61491570999"));
    EXPECT_EQ(sender_of_next(), "61491570999");
}

TEST_P(AcceptingStore, AnUnregisteredSourceMayBeSubstituted)
{
    set_policy(UnregisteredSource::substitute);
    store::NewMessage message = from("Bakery");
    accept(message);
    EXPECT_EQ(sender_of_next(), "61491570110");
    EXPECT_EQ(run(store->find(account, message.id))->submission.source, "Bakery") << "is shown as submitted";
}

TEST_P(AcceptingStore, TheSenderOfAScheduledMessageIsChosenAtItsRelease)
{
    store::NewMessage kept = later(from("Bakery")), refused = later(from("Butcher"));
    accept({kept, refused});
    set_policy(UnregisteredSource::reject);
    ASSERT_TRUE(run(store->add_number({.number = "Bakery", .account = account})));
    EXPECT_EQ(status(refused), Status::scheduled);
    clock.advance(5min);
    release();
    restart();
    EXPECT_EQ(sender_of_next(), "Bakery");
    EXPECT_EQ(status(refused), Status::rejected);
}

TEST_P(AcceptingStore, APrepaidAccountPaysInTheOrderOfTheMessages)
{
    set_credits(5);
    std::vector<store::NewMessage> batch{costing(2), costing(2), costing(2), costing(1)};
    accept(batch);
    EXPECT_EQ(credits(), 0);
    EXPECT_EQ(status(batch[0]), Status::enroute);
    EXPECT_EQ(status(batch[1]), Status::enroute);
    EXPECT_EQ(status(batch[2]), Status::rejected);
    EXPECT_EQ(status(batch[3]), Status::enroute);
    EXPECT_EQ(codes(),
              (std::vector{Code::processing, Code::processing, Code::usage_threshold, Code::processing}));
}

TEST_P(AcceptingStore, AScheduledMessageIsPaidWhenItIsAccepted)
{
    set_credits(3);
    store::NewMessage message = later(costing(3)), refused = later(costing(1));
    accept({message, refused});
    EXPECT_EQ(credits(), 0);
    EXPECT_EQ(status(message), Status::scheduled);
    EXPECT_EQ(status(refused), Status::rejected);
    EXPECT_EQ(codes(), std::vector{Code::usage_threshold});
}

TEST_P(AcceptingStore, CreditsComeBackWhenAMessageIsCancelledOnce)
{
    set_credits(3);
    store::NewMessage message = later(costing(3));
    accept(message);
    for (int time = 0; time < 2; ++time) EXPECT_TRUE(run(store->cancel(account, message.id)));
    EXPECT_EQ(credits(), 3);
}

TEST_P(AcceptingStore, CreditsComeBackForWhatNeverReachedACarrier)
{
    for (Code code : {Code::no_route, Code::discarded, Code::gateway_failure, Code::source_unsupported,
                      Code::expired_before_submission}) {
        set_credits(3);
        store::NewMessage message = costing(3);
        accept(message);
        EXPECT_EQ(credits(), 0);
        record(message, code);
        record(message, code);
        EXPECT_EQ(credits(), 3) << static_cast<int>(code);
    }
    for (Code code : {Code::rejected_by_carrier, Code::undeliverable, Code::invalid_destination,
                      Code::expired_at_carrier}) {
        set_credits(3);
        store::NewMessage message = costing(3);
        accept(message);
        record(message, code);
        EXPECT_EQ(credits(), 0) << static_cast<int>(code);
    }
}

TEST_P(AcceptingStore, CreditsComeBackWhenAReleaseIsRefused)
{
    set_credits(3);
    store::NewMessage message = later(costing(3));
    message.submission.source = "Bakery";
    accept(message);
    set_policy(UnregisteredSource::reject);
    clock.advance(5min);
    release();
    EXPECT_EQ(status(message), Status::rejected);
    EXPECT_EQ(credits(), 3);
}

TEST_P(AcceptingStore, AnAccountThatWasNotPrepaidGetsNothingBack)
{
    store::NewMessage message = later(costing(3));
    accept(message);
    set_credits(1);
    EXPECT_TRUE(run(store->cancel(account, message.id)));
    EXPECT_EQ(credits(), 1);
}

TEST_P(AcceptingStore, TheSameIdempotencyKeyAcceptsOnce)
{
    std::vector<store::NewMessage> first{text("1"), text("2")}, second{text("1"), text("2")};
    auto ids = accept_once("key", "body", first).value();
    EXPECT_EQ(ids, (std::vector{first[0].id, first[1].id}));
    restart();
    EXPECT_EQ(accept_once("key", "body", second).value(), ids);
    EXPECT_FALSE(run(store->find(account, second[0].id)));
    EXPECT_EQ(take_due(2), (std::vector<std::string>{"1", "2"}));
    expect_nothing_due();
}

TEST_P(AcceptingStore, AnIdempotencyKeyIsGoodForOneBody)
{
    ASSERT_TRUE(accept_once("key", "body", {text("1")}));
    store::NewMessage other = text("2");
    EXPECT_EQ(accept_once("key", "other body", {other}).error(), base::errc::reused_key);
    EXPECT_FALSE(run(store->find(account, other.id)));
    EXPECT_TRUE(accept_once("another key", "other body", {other}));
}

TEST_P(AcceptingStore, AnIdempotencyKeyBelongsToItsAccount)
{
    ASSERT_TRUE(accept_once("key", "body", {text("1")}));
    account = add_account("Other");
    store::NewMessage other = text("2");
    EXPECT_EQ(accept_once("key", "other body", {other}).value(), std::vector{other.id});
}

TEST_P(AcceptingStore, AnIdempotencyKeyIsForgottenAfterADay)
{
    ASSERT_TRUE(accept_once("key", "body", {text("1")}));
    clock.advance(24h - 1ms);
    release();
    EXPECT_EQ(accept_once("key", "other body", {text("2")}).error(), base::errc::reused_key);
    clock.advance(1ms);
    store::NewMessage third = text("3");
    EXPECT_EQ(accept_once("key", "other body", {third}).value(), std::vector{third.id}) << "swept or not";
    release();
    EXPECT_EQ(accept_once("key", "other body", {text("4")}).value(), std::vector{third.id});
}

TEST_P(AcceptingStore, WhatWaitsForALinkExpires)
{
    std::vector<store::NewMessage> messages{expiring(5min), expiring(5min), expiring(5min), expiring(5min)};
    accept(messages);
    for (int taken = 0; taken < 4;) {
        auto due = run(store->take_due(1));
        taken += static_cast<int>(due.size());
        run(store->hand_over(link, due));
    }
    clock.advance(5min - 1ms);
    release();
    for (const auto& message : messages) EXPECT_EQ(status(message), Status::enroute);
    clock.advance(1ms);
    release();
    for (const auto& message : messages) EXPECT_EQ(status(message), Status::expired);
    EXPECT_EQ(codes(), (std::vector{Code::processing, Code::processing, Code::processing, Code::processing,
                                    Code::expired_before_submission, Code::expired_before_submission,
                                    Code::expired_before_submission, Code::expired_before_submission}));
}

TEST_P(AcceptingStore, WhatALinkHasInItsHandsIsLeftToIt)
{
    store::NewMessage message = expiring(5min);
    accept(message);
    run(store->hand_over(link, run(store->take_due(1))));
    ASSERT_EQ(run(store->take_for(link, 1)).size(), 1u);
    clock.advance(1h);
    release();
    EXPECT_EQ(status(message), Status::enroute);
    submitted(message, {"1"});
    EXPECT_EQ(status(message), Status::submitted);
}

TEST_P(AcceptingStore, WhatALinkHasInItsHandsHidesNothingThatWaits)
{
    constexpr std::size_t batch = 100, in_hands = 11 * batch;  // more than any store looks at at once
    std::vector<store::NewMessage> messages(batch);
    for (std::size_t accepted = 0; accepted < in_hands; accepted += batch) {
        for (store::NewMessage& message : messages) message = expiring(5min);
        accept(messages);
    }
    for (std::size_t taken = 0; taken < in_hands;) {
        auto due = run(store->take_due(in_hands));
        run(store->hand_over(link, due));
        taken += run(store->take_for(link, due.size())).size();
    }
    store::NewMessage waits = expiring(5min);
    accept(waits);
    clock.advance(5min);
    release();
    EXPECT_EQ(status(waits), Status::expired);
    EXPECT_EQ(status(messages.front()), Status::enroute);
}

TEST_P(AcceptingStore, AMessageThatExpiresBeforeItsTimeIsNeverReleased)
{
    store::NewMessage message = later(expiring(4min));
    accept(message);
    clock.advance(4min);
    release();
    EXPECT_EQ(status(message), Status::expired);
    clock.advance(1min);
    release();
    expect_nothing_due();
}

TEST_P(AcceptingStore, WhatWaitsForAnotherTryExpires)
{
    store::NewMessage message = expiring(5min);
    accept(message);
    EXPECT_EQ(run(store->take_due(1)).size(), 1u);
    run(store->put_back({key(message)}, clock.now() + 1h));
    clock.advance(5min);
    release();
    EXPECT_EQ(status(message), Status::expired);
}

TEST_P(AcceptingStore, AMessageWithoutAReceiptExpiresTwelveHoursAfterItsExpiry)
{
    store::NewMessage silent = submit(expiring(5min), {"1"}), told = submit(expiring(5min), {"2"});
    receive("2", Code::delivered);
    clock.advance(12h + 5min - 1ms);
    release();
    EXPECT_EQ(status(silent), Status::submitted);
    clock.advance(1ms);
    release();
    EXPECT_EQ(status(silent), Status::expired);
    EXPECT_EQ(codes().back(), Code::expired_at_carrier);
    EXPECT_EQ(status(told), Status::delivered);
}

TEST_P(AcceptingStore, AReplyToASharedNumberFindsItsMessageForAWeek)
{
    ASSERT_TRUE(run(store->add_number({.number = "61491570999", .account = {}})));
    store::NewMessage message = submit(from("+61491570999"), {"1"});
    store::Inbound answer = reply("in time");
    answer.destination = "61491570999";
    clock.advance(7 * 24h);
    answer.received_at = clock.now();
    receive(answer);
    ASSERT_EQ(run(store->replies(account)).size(), 1u);
    answer.fingerprint = base::sha256("late");
    answer.received_at += 1ms;
    receive(answer);
    EXPECT_EQ(run(store->replies(account)).size(), 1u);
    EXPECT_EQ(run(store->counts()).unmatched_replies, 1u);
}

TEST_P(AcceptingStore, TracesWhatHappenedToAMessage)
{
    store::NewMessage message = from("");
    submit(message, {"A1", "A2"});
    clock.advance(1s);
    receive("A2", Code::delivered);
    receive("A1", Code::delivered);
    restart();
    auto trace = run(store->trace(message.id));
    ASSERT_TRUE(trace);
    EXPECT_EQ(trace->account, account);
    EXPECT_EQ(trace->sender, "61491570110");
    EXPECT_EQ(trace->code, Code::delivered);
    EXPECT_EQ(trace->message.status, Status::delivered);
    base::Time end = clock.now(), begin = end - 1s;
    EXPECT_EQ(trace->steps, (std::vector<store::Step>{
                                {begin, Code::processing, "from 61491570110"},
                                {begin, Code::submitted, "on carrier as A1, A2"},
                                {end, Code::none, "receipt for A2: 220"},
                                {end, Code::delivered, "receipt for A1"},
                            }));
    EXPECT_FALSE(run(store->trace(ids.next())));
}

TEST_P(AcceptingStore, AConvertedTextGoesOutAndTheOriginalIsKept)
{
    store::NewMessage message = text("“Hi”"), scheduled = later(text("“Later”"));
    message.converted = "\"Hi\"";
    scheduled.converted = "\"Later\"";
    accept({message, scheduled});
    restart();
    EXPECT_EQ(take_due(1), std::vector<std::string>{"\"Hi\""});
    clock.advance(5min);
    release();
    EXPECT_EQ(take_due(1), std::vector<std::string>{"\"Later\""});
    EXPECT_EQ(run(store->find(account, message.id))->submission.content, "“Hi”");
    EXPECT_EQ(run(store->reports(account)).at(0).content, "“Hi”");
    EXPECT_EQ(run(store->trace(message.id))->steps.front().what, "its text was converted");
}

TEST_P(AcceptingStore, TracesWhyAMessageWasNotSent)
{
    set_policy(UnregisteredSource::reject);
    store::NewMessage refused = from("Bakery"), cancelled = later(text("later"));
    accept({refused, cancelled});
    EXPECT_TRUE(run(store->cancel(account, cancelled.id)));
    EXPECT_EQ(run(store->trace(refused.id))->steps,
              (std::vector<store::Step>{
                  {clock.now(), Code::source_blocked, "its source is not registered for the account"}}));
    EXPECT_EQ(run(store->trace(cancelled.id))->steps,
              (std::vector<store::Step>{{clock.now(), Code::none, "waits for its time"},
                                        {clock.now(), Code::none, "cancelled"}}));
}

INSTANTIATE_TEST_SUITE_P(Store, AcceptingStore, testing::ValuesIn(store_kinds), name_of);

}  // namespace

}  // namespace tidings::test
