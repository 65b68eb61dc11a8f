// SPDX-License-Identifier: Apache-2.0
// Who is told of what: callback_url, webhooks or both, and the same once more on demand.
#include "store/endpoint.hpp"
#include "support/store_contract.hpp"

namespace tidings::test {

namespace {

using message::Event;
using Then = store::CallbackOutcome::Then;

class ToldWebhooks : public StoreContract {
protected:
    base::Uuid add_webhook(message::Events events, const std::string& url = "https://example.com/hook")
    {
        store::Webhook webhook;
        webhook.id = ids.next();
        webhook.account = account;
        webhook.call.url = url;
        webhook.events = events;
        EXPECT_TRUE(run(store->add_webhook(webhook)));
        return webhook.id;
    }
    void change(base::Uuid id, std::function<void(store::Webhook&)> edit)
    {
        EXPECT_TRUE(run(store->change_webhook(account, id, std::move(edit))));
    }
    std::vector<store::Callback> take(std::size_t count)
    {
        std::vector<store::Callback> taken;
        while (taken.size() < count)
            for (auto& callback : run(store->take_callbacks(count - taken.size())))
                taken.push_back(std::move(callback));
        std::ranges::sort(taken, {}, &store::Callback::key);
        return taken;
    }
    void record(const store::Callback& callback, Then then)
    {
        store::CallbackOutcome outcome;
        outcome.key = callback.key;
        outcome.endpoint = callback.endpoint;
        outcome.then = then;
        outcome.attempts = callback.attempts + 1;
        run(store->record_callbacks({outcome}));
    }
    void deliver(const store::Callback& callback)
    {
        store::CallbackOutcome outcome;
        outcome.key = callback.key;
        outcome.endpoint = callback.endpoint;
        outcome.attempts = callback.attempts + 1;
        outcome.attempt.emplace().number = outcome.attempts;
        outcome.attempt->at = clock.now();
        outcome.attempt->status = 200;
        outcome.attempt->url = "https://example.com/hook?x=1";
        run(store->record_callbacks({outcome}));
    }
    std::uint64_t waiting() { return run(store->counts()).callbacks; }
    store::NewMessage with_url(const std::string& content)
    {
        store::NewMessage message = text(content);
        message.submission.callback_url = "https://url.example.com/";
        return message;
    }
};

TEST_P(ToldWebhooks, HearOfTheEventsTheyAskedFor)
{
    base::Uuid enroute = add_webhook({Event::enroute_dr});
    base::Uuid delivered = add_webhook({Event::delivered_dr, Event::received_sms}, "https://b.example.com/");
    store::NewMessage message = submit(text("a"), {"1"});
    receive("1", Code::delivered);
    receive(reply("answer"));
    auto told = take(3);
    EXPECT_EQ(told[0].key.webhook, enroute);
    EXPECT_EQ(told[0].report.value().code, Code::processing);
    EXPECT_EQ(told[0].report->message, message.id);
    EXPECT_EQ(told[0].endpoint, store::endpoint_of("https://example.com/hook"));
    EXPECT_EQ(told[0].url, "");
    EXPECT_EQ(told[1].key.webhook, delivered);
    EXPECT_EQ(told[1].report.value().code, Code::delivered);
    EXPECT_EQ(told[2].key.webhook, delivered);
    EXPECT_EQ(told[2].reply.value().content, "answer");
    EXPECT_EQ(told[2].original, "a");
    EXPECT_EQ(told[2].key.id, run(store->replies(account)).at(0).id);
    EXPECT_EQ(waiting(), 3u);
    restart();
    auto again = take(3);
    for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(again[i].key, told[i].key);
    EXPECT_EQ(again[2].original, "a");
}

TEST_P(ToldWebhooks, HearWhichNumberAHandsetWroteToAlsoWhereItsMessageNamedNone)
{
    EXPECT_TRUE(run(store->change_account(account, [](store::Account& it) { it.send_both = true; })));
    base::Uuid webhook = add_webhook({Event::received_sms});
    store::NewMessage message = with_url("a");
    message.submission.source.clear();
    message.submission.delivery_report = false;
    submit(message, {"1"});
    receive(reply("answer"));
    EXPECT_EQ(run(store->replies(account)).at(0).destination, "") << "the reference leaves it out";
    for (int start = 0; start < 2; ++start) {
        auto told = take(2);
        EXPECT_EQ(told[0].key.webhook, base::Uuid());
        EXPECT_EQ(told[0].reply.value().destination, "");
        EXPECT_EQ(told[1].key.webhook, webhook);
        EXPECT_EQ(told[1].reply.value().destination, "+61491570110");
        restart();
    }
    EXPECT_EQ(run(store->replay_event(take(2)[0].key.id, webhook)).value(), 1u);
}

TEST_P(ToldWebhooks, HearOfReportsOnlyWhereTheyWereAskedFor)
{
    add_webhook({Event::enroute_dr});
    store::NewMessage silent = text("silent");
    silent.submission.delivery_report = false;
    accept(silent);
    EXPECT_EQ(waiting(), 0u);
}

TEST_P(ToldWebhooks, AreSilentWhereTheMessageHasACallbackUrl)
{
    base::Uuid webhook = add_webhook({Event::enroute_dr});
    accept(with_url("a"));
    auto told = take(1);
    EXPECT_EQ(told[0].key.webhook, base::Uuid());
    record(told[0], Then::done);

    EXPECT_TRUE(run(store->change_account(account, [](store::Account& it) { it.send_both = true; })));
    accept(with_url("b"));
    auto both = take(2);
    EXPECT_EQ(both[0].key.webhook, base::Uuid());
    EXPECT_EQ(both[0].url, "https://url.example.com/");
    EXPECT_EQ(both[1].key.webhook, webhook);
    EXPECT_EQ(both[1].key.id, both[0].key.id) << "the same event";
}

TEST_P(ToldWebhooks, AreSilentWhileDisabledAndWhenRemoved)
{
    base::Uuid webhook = add_webhook({Event::enroute_dr});
    change(webhook, [](store::Webhook& it) { it.disabled = true; });
    accept(text("a"));
    EXPECT_EQ(waiting(), 0u);
    change(webhook, [](store::Webhook& it) { it.disabled = false; });
    accept(text("b"));
    EXPECT_EQ(waiting(), 1u);
    ASSERT_TRUE(run(store->remove_webhook(account, webhook)));
    accept(text("c"));
    EXPECT_EQ(waiting(), 1u);
}

TEST_P(ToldWebhooks, HearOfRepliesThatAnswerNothing)
{
    base::Uuid webhook = add_webhook({Event::received_sms});
    store::Number number{.number = "61491570110", .account = account};
    ASSERT_TRUE(run(store->add_number(number)));
    receive(reply("unsolicited"));
    auto told = take(1);
    EXPECT_EQ(told[0].key.webhook, webhook);
    EXPECT_EQ(told[0].reply.value().content, "unsolicited");
    EXPECT_FALSE(told[0].reply->message);
    restart();
    EXPECT_EQ(take(1)[0].reply.value().content, "unsolicited");
}

TEST_P(ToldWebhooks, HearOfOptOutsInPlaceOfReplies)
{
    add_webhook({Event::received_sms});
    base::Uuid of_opt_outs = add_webhook({Event::opt_out_sms}, "https://example.com/b");
    store::Number number{.number = "61491570110", .account = account};
    ASSERT_TRUE(run(store->add_number(number)));
    receive(reply("Stop"));
    auto told = take(1);
    EXPECT_EQ(told[0].key.webhook, of_opt_outs);
    EXPECT_EQ(waiting(), 1u);
    EXPECT_EQ(run(store->replies(account)).size(), 1u) << "it is an ordinary reply there";
    restart();
    EXPECT_EQ(take(1)[0].reply.value().wish, message::Wish::opt_out);
}

TEST_P(ToldWebhooks, HearOfDeadLettersAgain)
{
    base::Uuid webhook = add_webhook({Event::enroute_dr});
    accept(text("a"));
    accept(text("b"));
    auto told = take(2);
    for (const auto& callback : told) record(callback, Then::dead);
    EXPECT_EQ(waiting(), 0u);
    EXPECT_EQ(run(store->replay_dead(account, ids.next())), 0u);
    clock.advance(73h);
    EXPECT_EQ(run(store->replay_dead(account, webhook)), 2u);
    EXPECT_EQ(run(store->counts()).dead_letters, 0u);
    auto again = take(2);
    for (std::size_t i = 0; i < 2; ++i) {
        EXPECT_EQ(again[i].key, told[i].key);
        EXPECT_EQ(again[i].attempts, 0);
        EXPECT_EQ(again[i].since, clock.now());
        EXPECT_EQ(again[i].report.value().created_at, told[i].report.value().created_at);
    }
    release();
    EXPECT_EQ(waiting(), 2u) << "the tries began anew";
}

TEST_P(ToldWebhooks, HearOfOneEventAgain)
{
    add_webhook({Event::enroute_dr, Event::received_sms});
    submit(text("a"), {"1"});
    receive(reply("answer"));
    auto told = take(2);
    for (const auto& callback : told) record(callback, Then::done);
    for (const auto& callback : told) {
        EXPECT_EQ(run(store->replay_event(callback.key.id, {})).value(), 1u);
        auto again = take(1);
        EXPECT_EQ(again[0].key, callback.key);
        record(again[0], Then::dead);
        EXPECT_EQ(run(store->replay_event(callback.key.id, {})).value(), 1u);
        again = take(1);
        EXPECT_EQ(again[0].key, callback.key);
        record(again[0], Then::done);
    }
    EXPECT_EQ(run(store->replay_event(ids.next(), {})).error(), base::errc::not_found);
}

TEST_P(ToldWebhooks, HearAgainOfWhatWasDeliveredAlsoAfterItWasConfirmed)
{
    base::Uuid webhook = add_webhook({Event::enroute_dr, Event::received_sms});
    base::Time from = clock.now();
    submit(text("a"), {"1"});
    receive(reply("answer"));
    auto told = take(2);
    for (const auto& callback : told) deliver(callback);
    for (const auto& report : run(store->reports(account))) run(store->confirm_reports(account, {report.id}));
    run(store->confirm_replies(account, {told[1].key.id}));
    clock.advance(1s);
    store::ReplayRange range{account, base::Uuid::first_at(from), base::Uuid::first_at(clock.now()), {}};
    EXPECT_EQ(run(store->replay_between(range)), 2u);
    auto again = take(2);
    for (std::size_t i = 0; i < 2; ++i) {
        EXPECT_EQ(again[i].key, told[i].key);
        EXPECT_EQ(again[i].attempts, 0);
        deliver(again[i]);
    }
    EXPECT_EQ(run(store->replay_event(told[0].key.id, webhook)).value(), 1u);
    EXPECT_EQ(take(1)[0].report.value().code, Code::processing);
    EXPECT_EQ(waiting(), 1u);
}

TEST_P(ToldWebhooks, TriesBeginAnewWithAReplayAndTheLogGoesOn)
{
    add_webhook({Event::enroute_dr});
    accept(text("a"));
    store::CallbackOutcome failed;
    store::Callback callback = take(1)[0];
    failed.key = callback.key;
    failed.endpoint = callback.endpoint;
    failed.then = Then::dead;
    failed.attempts = 1;
    failed.attempt.emplace().number = 1;
    failed.attempt->status = 500;
    failed.attempt->url = "https://example.com/hook?x=1";
    run(store->record_callbacks({failed}));
    EXPECT_EQ(run(store->callback_attempts(callback.key.id)).size(), 1u);
    EXPECT_EQ(run(store->replay_dead(account, {})), 1u);
    EXPECT_EQ(run(store->callback_attempts(callback.key.id)).size(), 1u) << "they stay";
    auto expect_log = [&](std::vector<unsigned> statuses) {
        auto log = run(store->callback_attempts(callback.key.id));
        ASSERT_EQ(log.size(), statuses.size());
        for (std::size_t i = 0; i < log.size(); ++i) {
            EXPECT_EQ(log[i].attempt.number, static_cast<int>(i + 1));
            EXPECT_EQ(log[i].attempt.status, statuses[i]) << i;
            EXPECT_EQ(log[i].attempt.url, "https://example.com/hook?x=1") << i;
        }
        auto entry = run(store->callbacks({})).entries.at(0);
        EXPECT_EQ(entry.attempts, static_cast<int>(statuses.size()));
        EXPECT_EQ(entry.last, log.back().attempt);
    };
    for (std::vector<unsigned> statuses : {std::vector{500u, 200u}, {500u, 200u, 200u}}) {
        store::Callback again = take(1)[0];
        EXPECT_EQ(again.attempts, 0);
        deliver(again);
        expect_log(statuses);
        EXPECT_EQ(run(store->replay_event(callback.key.id, {})).value(), 1u);
        expect_log(statuses);
        restart();
    }
    failed.key = take(1)[0].key;
    run(store->record_callbacks({failed}));
    expect_log({500, 200, 200, 500});
}

TEST_P(ToldWebhooks, HearOfMmsWhereTheAccountGetsThem)
{
    store::Number number{.number = "61491570110", .account = account};
    ASSERT_TRUE(run(store->add_number(number)));
    base::Uuid of_mms = add_webhook({Event::received_mms});
    base::Uuid of_sms = add_webhook({Event::received_sms}, "https://example.com/b");
    const std::vector<message::Attachment> files = {{"image/png", std::string("a\0b", 3), "a.png"},
                                                    {"image/gif", "GIF", "b.gif"}};
    store::Inbound mms = reply("Look!");
    mms.format = message::Format::mms;
    mms.attachments = files;
    receive(mms);
    auto without = take(1);
    EXPECT_EQ(without[0].key.webhook, of_sms) << "it is a text like others there";
    EXPECT_TRUE(run(store->attachments(account, without[0].key.id)).empty());
    record(without[0], Then::done);

    auto get = [](store::Account& it) { it.features.set(store::Feature::inbound_mms); };
    ASSERT_TRUE(run(store->change_account(account, get)));
    mms.fingerprint = base::sha256("another");
    receive(mms);
    restart();
    auto told = take(1);
    EXPECT_EQ(told[0].key.webhook, of_mms);
    EXPECT_EQ(told[0].format, message::Format::mms);
    EXPECT_EQ(told[0].reply.value().content, "Look!");
    EXPECT_TRUE(told[0].reply->attachments.empty()) << "they stay on disk until they are asked for";
    EXPECT_EQ(run(store->attachments(account, told[0].key.id)), files);
    EXPECT_TRUE(run(store->attachments(add_account("Other"), told[0].key.id)).empty());
    store::CallbackFilter filter;
    filter.webhook = of_mms;
    EXPECT_EQ(run(store->callbacks(filter)).entries.at(0).event, Event::received_mms);
    EXPECT_EQ(reply_contents(), (std::vector<std::string>{"Look!", "Look!"}));
    clock.advance(46 * 24h);
    release();
    EXPECT_TRUE(run(store->attachments(account, told[0].key.id)).empty());
}

TEST_P(ToldWebhooks, TheLogNamesOptOuts)
{
    add_webhook({Event::opt_out_sms});
    store::Number number{.number = "61491570110", .account = account};
    ASSERT_TRUE(run(store->add_number(number)));
    receive(reply("Stop"));
    EXPECT_EQ(run(store->callbacks({})).entries.at(0).event, Event::opt_out_sms);
}

TEST_P(ToldWebhooks, PendingOnesComeAtOnceWhenReplayed)
{
    add_webhook({Event::enroute_dr});
    accept(text("a"));
    store::Callback callback = take(1)[0];
    store::CallbackOutcome later;
    later.key = callback.key;
    later.endpoint = callback.endpoint;
    later.then = Then::again;
    later.at = clock.now() + 1h;
    later.attempts = 1;
    run(store->record_callbacks({later}));
    EXPECT_EQ(run(store->replay_event(callback.key.id, {})).value(), 1u);
    EXPECT_EQ(take(1)[0].key, callback.key);
    EXPECT_EQ(waiting(), 1u);
}

TEST_P(ToldWebhooks, HearAgainOfAllThatHappenedBetweenTwoTimes)
{
    store->limit_callbacks({account, store::endpoint_of("https://example.com/hook")}, 10'000);
    add_webhook({Event::enroute_dr, Event::received_sms});
    accept(text("before"));
    clock.advance(1s);
    base::Time from = clock.now();
    for (int batch = 0; batch < 3; ++batch)
        accept(std::vector<store::NewMessage>(1, text(std::to_string(batch))));
    EXPECT_FALSE(run(store->take_due(10)).empty());
    for (int i = 0; i < 600; ++i) receive(reply(std::to_string(i)));
    clock.advance(1s);
    base::Time to = clock.now();
    accept(text("after"));
    for (const auto& callback : take(605)) record(callback, Then::done);

    store::ReplayRange range{account, base::Uuid::first_at(from), base::Uuid::first_at(to), {}};
    EXPECT_EQ(run(store->replay_between(range)), 603u);
    EXPECT_EQ(run(store->replay_between(range)), 0u) << "they are pending";
    EXPECT_EQ(take(603).size(), 603u);
}

TEST_P(ToldWebhooks, CanBeTested)
{
    base::Uuid of_reports = add_webhook({Event::delivered_dr}),
               of_replies = add_webhook({Event::received_sms}, "https://example.com/b");
    auto first = run(store->test_webhook(account, of_reports)),
         second = run(store->test_webhook(account, of_replies));
    EXPECT_EQ(run(store->test_webhook(account, ids.next())).error(), base::errc::not_found);
    restart();
    auto told = take(2);
    EXPECT_EQ(told[0].key.id, first.value());
    EXPECT_TRUE(told[0].is_test);
    EXPECT_EQ(told[0].report.value().code, Code::delivered);
    EXPECT_EQ(told[1].key.id, second.value());
    EXPECT_TRUE(told[1].is_test);
    EXPECT_EQ(told[1].reply.value().account, "MyAccount");
    EXPECT_TRUE(run(store->callbacks({})).entries.at(0).is_test);
}

INSTANTIATE_TEST_SUITE_P(Store, ToldWebhooks, testing::ValuesIn(store_kinds), name_of);

}  // namespace

}  // namespace tidings::test
