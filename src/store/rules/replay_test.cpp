// SPDX-License-Identifier: Apache-2.0
#include "store/rules/replay.hpp"

#include "store/endpoint.hpp"
#include "support/told.hpp"

namespace tidings::store::rules {

namespace {

using namespace tidings::test;
using message::Event;
using Kind = CallbackWrite::Kind;

constexpr base::Uuid to_url{};

class Replaying : public ToldTest {
protected:
    std::size_t replay(const EventRow& event, std::optional<base::Uuid> webhook = {})
    {
        ReplayEvent item({event.key}, webhook);
        return carry_out(item).result;
    }
    std::size_t replay_dead(std::vector<CallbackRow> dead)
    {
        ReplayDead item(std::move(dead));
        return carry_out(item).result;
    }
    ReplayBetween replay_between(FoundEvents found, std::optional<base::Uuid> webhook = {})
    {
        if (found.limit == 0) found.limit = 500;
        ReplayBetween item(std::move(found), webhook);
        return carry_out(item);
    }
};

TEST_F(Replaying, AnEventIsToldAgainToThoseWhoWereTold)
{
    base::Uuid webhook = hear(Event::delivered_dr);
    EventRow event = report(sent(), Code::delivered);
    told(event, webhook, Queue::told);
    hear(Event::delivered_dr);  // only later
    EXPECT_EQ(replay(event), 1u);
    EXPECT_EQ(told_webhooks(), std::vector{webhook});
    ASSERT_EQ(written(), std::vector{Kind::begun_again});
    EXPECT_EQ(effects.callbacks[0].row.attempts, 0);
    EXPECT_EQ(effects.callbacks[0].row.since, clock.now());
    EXPECT_EQ(effects.callbacks[0].row.created_at, event.created_at) << "it is the same event";
}

TEST_F(Replaying, AnEventThatNobodyWasToldIsToldAsNow)
{
    EventRow event = report(sent(), Code::delivered);
    base::Uuid webhook = hear(Event::delivered_dr);
    EXPECT_EQ(replay(event), 1u);
    EXPECT_EQ(told_webhooks(), std::vector{webhook});
    EXPECT_EQ(due()[0].report->id, event.key.id);
    EXPECT_EQ(written(), std::vector{Kind::made});
}

TEST_F(Replaying, APendingOneIsHastenedAndNotToldTwice)
{
    base::Uuid webhook = hear(Event::delivered_dr);
    EventRow event = report(sent(), Code::delivered);
    told(event, webhook, Queue::timed);
    EXPECT_EQ(replay(event), 1u);
    ASSERT_EQ(written(), std::vector{Kind::moved});
    EXPECT_EQ(effects.callbacks[0].row.queue, Queue::due);
    EXPECT_EQ(effects.callbacks[0].row.attempts, 7) << "its tries go on";
    EXPECT_EQ(replay(event), 1u);
    EXPECT_TRUE(effects.callbacks.empty()) << "it is its turn already";
}

TEST_F(Replaying, OneReceiverAloneMayBeAsked)
{
    change_account([](Account& it) { it.send_both = true; });
    base::Uuid webhook = hear(Event::delivered_dr);
    EventRow event = report(sent("https://example.com/url"), Code::delivered);
    EXPECT_EQ(replay(event, webhook), 1u);
    EXPECT_EQ(told_webhooks(), std::vector{webhook});
    EXPECT_EQ(due()[0].url, "") << "that of the webhook";
    EXPECT_EQ(replay(event, to_url), 1u);
    ASSERT_EQ(told_webhooks(), std::vector{to_url});
    EXPECT_EQ(due()[0].url, "https://example.com/url");
}

TEST_F(Replaying, BothHearAgainEachAtItsOwnUrl)
{
    change_account([](Account& it) { it.send_both = true; });
    base::Uuid webhook = hear(Event::delivered_dr);
    EventRow event = report(sent("https://example.com/url"), Code::delivered);
    EXPECT_EQ(replay(event), 2u);
    ASSERT_EQ(told_webhooks(), (std::vector{to_url, webhook}));
    EXPECT_EQ(due()[0].url, "https://example.com/url");
    EXPECT_EQ(due()[1].url, "");
}

TEST_F(Replaying, AnOptOutIsToldAgainAsSuch)
{
    hear(Event::received_sms);
    base::Uuid webhook = hear(Event::opt_out_sms);
    EventRow event = received(reply("STOP", message::Wish::opt_out));
    EXPECT_EQ(replay(event), 1u);
    EXPECT_EQ(told_webhooks(), std::vector{webhook});
}

TEST_F(Replaying, TheSecondReplayOfABatchFindsItPending)
{
    base::Uuid webhook = hear(Event::delivered_dr);
    EventRow event = report(sent(), Code::delivered);
    told(event, webhook, Queue::dead);
    ReplayEvent first({event.key}, {}), second({event.key}, {});
    carry_out(first);
    auto batch = this->batch();
    second.decide(batch);
    EXPECT_EQ(written(), std::vector{Kind::begun_again});
    EXPECT_EQ(second.result, 1u);
}

TEST_F(Replaying, WhatNobodyKnowsMakesNothing)
{
    EventRow unknown;
    unknown.key = {account.key, ids.next()};
    EXPECT_EQ(replay(unknown), 0u);
}

TEST_F(Replaying, DeadLettersGoToWhereTheirWebhookIsNow)
{
    base::Uuid webhook = hear(Event::delivered_dr);
    CallbackRow dead = told(report(sent(), Code::delivered), webhook, Queue::dead);
    change_webhook(webhook, [](Webhook& it) {
        it.call.url = "https://elsewhere.example.com/";
        it.disabled = true;
    });
    EXPECT_EQ(replay_dead({dead}), 1u) << "the operator asked for it, disabled or not";
    EXPECT_EQ(effects.callbacks[0].row.endpoint, endpoint_of("https://elsewhere.example.com/"));
    EXPECT_EQ(due()[0].endpoint, effects.callbacks[0].row.endpoint);
}

TEST_F(Replaying, ADeadLetterOfARemovedWebhookBeginsAgain)
{
    base::Uuid webhook = hear(Event::delivered_dr);
    CallbackRow dead = told(report(sent(), Code::delivered), webhook, Queue::dead);
    settings.webhooks.erase(account.key);
    EXPECT_EQ(replay_dead({dead}), 1u) << "whoever delivers it finds that nobody wants it any more";
}

TEST_F(Replaying, ADeadLetterWhoseMessageIsGoneIsForgotten)
{
    EventRow event = report(text(), Code::delivered);  // of a message that is not in the store
    CallbackRow dead = told(event, hear(Event::delivered_dr), Queue::dead);
    EXPECT_EQ(replay_dead({dead}), 0u);
    EXPECT_EQ(written(), std::vector{Kind::forgotten});
    EXPECT_TRUE(due().empty());
}

TEST_F(Replaying, ARangeIsToldOnceForEachEvent)
{
    base::Uuid first = hear(Event::delivered_dr), second = hear(Event::delivered_dr);
    EventRow event = report(sent(), Code::delivered);
    FoundEvents found;
    found.callbacks = {told(event, first, Queue::told), told(event, second, Queue::dead)};
    found.unconfirmed = {event};
    ReplayBetween replayed = replay_between(found);
    EXPECT_EQ(replayed.result, 2u);
    EXPECT_EQ(told_webhooks(), (std::vector{first, second}));
    EXPECT_FALSE(replayed.next);
}

TEST_F(Replaying, ARangeLeavesOutWhatIsPendingAndTests)
{
    base::Uuid webhook = hear(Event::delivered_dr);
    EventRow pending = report(sent(), Code::delivered), test = report(sent(), Code::delivered);
    test.code = test_report;
    FoundEvents found;
    found.callbacks = {told(pending, webhook, Queue::timed), told(test, webhook, Queue::told)};
    EXPECT_EQ(replay_between(found).result, 0u);
    found.unconfirmed = {pending};
    EXPECT_EQ(replay_between(found).result, 0u) << "also when it is not confirmed";
}

TEST_F(Replaying, ARangeSkipsWebhooksThatAreDisabledOrRemoved)
{
    base::Uuid disabled = hear(Event::delivered_dr), there = hear(Event::delivered_dr);
    change_webhook(disabled, [](Webhook& it) { it.disabled = true; });
    EventRow event = report(sent(), Code::delivered);
    FoundEvents found;
    found.callbacks = {told(event, disabled, Queue::told), told(event, ids.next(), Queue::told)};
    EXPECT_EQ(replay_between(found).result, 1u);
    EXPECT_EQ(told_webhooks(), std::vector{there}) << "which was not told before";
    EXPECT_EQ(written(), std::vector{Kind::made});
}

TEST_F(Replaying, ARangeIsCutBetweenEventsAndGoesOnThere)
{
    base::Uuid first = hear(Event::delivered_dr), second = hear(Event::delivered_dr);
    EventRow whole = report(sent(), Code::delivered), cut = report(sent(), Code::delivered);
    FoundEvents found;
    found.limit = 3;
    found.callbacks = {told(whole, first, Queue::told), told(whole, second, Queue::told),
                       told(cut, first, Queue::due)};
    told(cut, second, Queue::told);  // behind the limit
    ReplayBetween replayed = replay_between(found);
    EXPECT_EQ(replayed.result, 2u);
    EXPECT_EQ(replayed.next, cut.key.id) << "of which only the pending one was seen";
}

TEST_F(Replaying, ABatchThatOneEventFillsGoesOnBehindIt)
{
    base::Uuid webhook = hear(Event::delivered_dr);
    EventRow event = report(sent(), Code::delivered);
    FoundEvents found;
    found.limit = 2;
    found.callbacks = {told(event, webhook, Queue::told), told(event, ids.next(), Queue::told)};
    ReplayBetween replayed = replay_between(found);
    EXPECT_EQ(replayed.result, 1u);
    ASSERT_TRUE(replayed.next);
    EXPECT_GT(*replayed.next, event.key.id);
}

TEST_F(Replaying, ABatchEndsAtAThousandCallbacks)
{
    for (std::size_t i = 0; i < webhooks_max; ++i) hear(Event::delivered_dr);
    FoundEvents found;
    for (int i = 0; i < 12; ++i) found.unconfirmed.push_back(report(sent(), Code::delivered));
    ReplayBetween replayed = replay_between(found);
    EXPECT_EQ(replayed.result, batch_weight_max);
    ASSERT_TRUE(replayed.next);
    EXPECT_GT(*replayed.next, found.unconfirmed[9].key.id);
    EXPECT_LE(*replayed.next, found.unconfirmed[10].key.id);
}

TEST_F(Replaying, AWebhookIsTestedWithTheEventsThatItHears)
{
    for (Event event : {Event::received_sms, Event::failed_dr}) {
        TestWebhook item(account.key, hear(event));
        carry_out(item);
        ASSERT_TRUE(item.result);
        ASSERT_EQ(due().size(), 1u);
        EXPECT_TRUE(due()[0].is_test);
        EXPECT_EQ(due()[0].report.has_value(), event == Event::failed_dr);
        EXPECT_EQ(due()[0].key.id, *item.result);
    }
    TestWebhook removed(account.key, ids.next());
    EXPECT_EQ(carry_out(removed).result.error(), base::errc::not_found);
}

}  // namespace

}  // namespace tidings::store::rules
