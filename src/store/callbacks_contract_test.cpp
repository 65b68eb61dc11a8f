// SPDX-License-Identifier: Apache-2.0
#include "store/endpoint.hpp"
#include "support/store_contract.hpp"

namespace tidings::test {

namespace {

using Then = store::CallbackOutcome::Then;

class CallbackStore : public StoreContract {
protected:
    store::NewMessage told(const std::string& content)
    {
        store::NewMessage message = text(content);
        message.submission.callback_url = "https://example.com/hook";
        message.submission.metadata = {{"key", content}};
        return message;
    }
    static constexpr const char* other_url = "https://other.example.com/";
    store::NewMessage elsewhere(const std::string& content)
    {
        store::NewMessage message = told(content);
        message.submission.callback_url = other_url;
        return message;
    }
    std::vector<store::Callback> take_callbacks(std::size_t count)
    {
        store->limit_callbacks(lane, 100'000);
        std::vector<store::Callback> taken;
        while (taken.size() < count)
            for (auto& callback : run(store->take_callbacks(count - taken.size())))
                taken.push_back(std::move(callback));
        return taken;
    }
    store::Callback take_callback() { return take_callbacks(1)[0]; }
    void record(const store::Callback& callback, Then then, base::Time at = {})
    {
        store::CallbackOutcome outcome = outcome_of(callback, then);
        outcome.at = at;
        run(store->record_callbacks({outcome}));
    }
    static store::CallbackOutcome outcome_of(const store::Callback& callback, Then then)
    {
        store::CallbackOutcome outcome;
        outcome.key = callback.key;
        outcome.endpoint = callback.endpoint;
        outcome.then = then;
        outcome.attempts = callback.attempts + 1;
        return outcome;
    }
    store::CallbackAttempt failed(int number) const
    {
        store::CallbackAttempt attempt;
        attempt.number = number;
        attempt.at = clock.now();
        attempt.took = 12ms;
        attempt.status = 500;
        attempt.answer = "oops";
        return attempt;
    }
    store::CallbackAttempt succeeded(int number) const
    {
        store::CallbackAttempt attempt = failed(number);
        attempt.status = 204;
        attempt.answer = "thanks";
        return attempt;
    }
    void deliver(const store::Callback& callback)
    {
        store::CallbackOutcome outcome = outcome_of(callback, Then::done);
        outcome.attempt = succeeded(outcome.attempts);
        run(store->record_callbacks({outcome}));
    }
    void fail(const store::Callback& callback, Then then, base::Time at = {})
    {
        store::CallbackOutcome outcome = outcome_of(callback, then);
        outcome.at = at;
        outcome.attempt = failed(outcome.attempts);
        run(store->record_callbacks({outcome}));
    }
    std::vector<store::CallbackEntry> listed(store::CallbackFilter filter = {})
    {
        return run(store->callbacks(filter)).entries;
    }
    std::vector<store::CallbackEntry> listed(store::CallbackState state)
    {
        store::CallbackFilter filter;
        filter.state = state;
        return listed(filter);
    }
    // The next callback to be taken is that of a message that is accepted now.
    void expect_none_waits()
    {
        accept(told("the only one"));
        EXPECT_EQ(take_callback().report.value().content, "the only one");
    }
    const store::EndpointKey endpoint = store::endpoint_of("https://example.com/hook");
    const store::CallbackLane lane{account, endpoint};
    std::uint64_t waiting() { return run(store->counts()).callbacks; }
};

TEST_P(CallbackStore, TellsReportsAndRepliesInTheirOrder)
{
    store::NewMessage message = submit(told("a"), {"1"});
    receive("1", Code::delivered);
    receive(reply("answer"));
    auto callbacks = take_callbacks(4);
    auto reports = run(store->reports(account));
    ASSERT_EQ(reports.size(), 3u);
    for (std::size_t i = 0; i < 3; ++i) {
        ASSERT_TRUE(callbacks[i].report);
        EXPECT_FALSE(callbacks[i].reply);
        EXPECT_EQ(callbacks[i].key.id, reports[i].id);
        EXPECT_EQ(callbacks[i].key.account, account);
        EXPECT_EQ(callbacks[i].key.webhook, base::Uuid());
        EXPECT_EQ(callbacks[i].endpoint, endpoint);
        EXPECT_EQ(callbacks[i].url, "https://example.com/hook");
        EXPECT_EQ(callbacks[i].attempts, 0);
        EXPECT_EQ(callbacks[i].report->id, reports[i].id);
        EXPECT_EQ(callbacks[i].report->code, reports[i].code);
        EXPECT_EQ(callbacks[i].report->message, message.id);
        EXPECT_EQ(callbacks[i].report->metadata, reports[i].metadata);
    }
    ASSERT_TRUE(callbacks[3].reply);
    EXPECT_FALSE(callbacks[3].report);
    EXPECT_EQ(callbacks[3].key.id, run(store->replies(account))[0].id);
    EXPECT_EQ(callbacks[3].reply->content, "answer");
    EXPECT_EQ(callbacks[3].reply->message, message.id);
    EXPECT_EQ(waiting(), 4u);
    expect_none_waits();
}

TEST_P(CallbackStore, AreMadeOnlyForReportsThatWereAskedFor)
{
    store::NewMessage message = told("silent");
    message.submission.delivery_report = false;
    accept(message);
    accept(text("without a URL"));
    EXPECT_EQ(waiting(), 0u);
    expect_none_waits();
}

TEST_P(CallbackStore, AreGoneWhenNobodyWantsThem)
{
    accept(told("a"));
    record(take_callback(), Then::done);
    EXPECT_EQ(waiting(), 0u);
    EXPECT_TRUE(listed().empty());
    restart();
    expect_none_waits();
}

TEST_P(CallbackStore, ThatWereDeliveredStayInTheLogForTheirLife)
{
    store::NewMessage message = told("a");
    accept(message);
    store::Callback callback = take_callback();
    deliver(callback);
    EXPECT_EQ(waiting(), 0u);
    restart();
    EXPECT_EQ(run(store->counts()).callbacks, 0u);
    auto log = listed();
    ASSERT_EQ(log.size(), 1u);
    EXPECT_EQ(log[0].key, callback.key);
    EXPECT_EQ(log[0].message, message.id);
    EXPECT_EQ(log[0].state, store::CallbackState::delivered);
    EXPECT_EQ(log[0].event, message::Event::enroute_dr);
    EXPECT_EQ(log[0].url, "https://example.com/hook");
    EXPECT_EQ(log[0].attempts, 1);
    EXPECT_EQ(log[0].at, clock.now() + 12ms);
    EXPECT_EQ(log[0].last, succeeded(1));
    auto attempts = run(store->callback_attempts(callback.key.id));
    ASSERT_EQ(attempts.size(), 1u);
    EXPECT_EQ(attempts[0].attempt, succeeded(1));
    expect_none_waits();
    clock.advance(45 * 24h);
    release();
    EXPECT_EQ(listed(store::CallbackState::delivered).size(), 1u);
    clock.advance(24h);
    release();
    EXPECT_TRUE(listed().empty());
}

TEST_P(CallbackStore, AreListedFromTheNewestOnPageByPage)
{
    std::vector<store::NewMessage> messages;
    for (int i = 0; i < 250; ++i) messages.push_back(told(std::to_string(i)));
    accept(std::move(messages));
    auto taken = take_callbacks(250);
    for (std::size_t i = 0; i < 240; ++i) deliver(taken[i]);
    for (auto [state, count] : {std::pair(std::optional<store::CallbackState>(), 250),
                                {store::CallbackState::delivered, 240},
                                {store::CallbackState::pending, 10}}) {
        store::CallbackFilter filter;
        filter.state = state;
        std::vector<base::Uuid> seen;
        store::CallbackPage page;
        do {
            page = run(store->callbacks(filter));
            for (const auto& entry : page.entries) seen.push_back(entry.key.id);
            filter.after = page.next;
        } while (page.next);
        EXPECT_EQ(seen.size(), static_cast<std::size_t>(count));
        EXPECT_TRUE(std::ranges::is_sorted(seen, std::greater<>()));
    }
}

TEST_P(CallbackStore, ComeAgainAtTheirTimeAlsoAfterARestart)
{
    accept(told("a"));
    store::Callback first = take_callback();
    record(first, Then::again, clock.now() + 30s);
    release();
    restart();
    clock.advance(30s - 1ms);
    release();
    expect_none_waits();
    clock.advance(1ms);
    release();
    store::Callback second = take_callback();
    EXPECT_EQ(second.key, first.key);
    EXPECT_EQ(second.attempts, 1);
    EXPECT_EQ(second.since, first.since);
    EXPECT_EQ(second.report.value().created_at, first.report.value().created_at);
    EXPECT_EQ(second.report.value().code, Code::processing);
    EXPECT_EQ(second.report->metadata, first.report.value().metadata);
}

TEST_P(CallbackStore, InHandSurviveARestart)
{
    store::NewMessage message = submit(told("a"), {"1"});
    receive(reply("answer"));
    auto before = take_callbacks(3);
    restart();
    auto after = take_callbacks(3);
    for (std::size_t i = 0; i < before.size(); ++i) EXPECT_EQ(after[i].key, before[i].key);
    EXPECT_EQ(after[1].report.value().code, Code::submitted);
    EXPECT_EQ(after[1].report->changed_at, before[1].report.value().changed_at);
    EXPECT_EQ(after[2].reply.value().content, "answer");
    EXPECT_EQ(after[2].reply->source, before[2].reply.value().source);
    EXPECT_EQ(after[2].reply->destination, before[2].reply->destination);
    EXPECT_EQ(after[2].reply->message, message.id);
    expect_none_waits();
}

TEST_P(CallbackStore, AreStillMadeWhenConfirmedMeanwhile)
{
    submit(told("a"), {"1"});
    receive(reply("answer"));
    for (const auto& report : run(store->reports(account))) run(store->confirm_reports(account, {report.id}));
    run(store->confirm_replies(account, {run(store->replies(account))[0].id}));
    EXPECT_TRUE(codes().empty());
    EXPECT_TRUE(reply_contents().empty());
    restart();
    auto callbacks = take_callbacks(3);
    EXPECT_EQ(callbacks[0].report.value().code, Code::processing);
    EXPECT_EQ(callbacks[1].report.value().code, Code::submitted);
    EXPECT_EQ(callbacks[2].reply.value().content, "answer");
}

TEST_P(CallbackStore, MoreThanMemoryHoldsAreTakenOnceAndInOrder)
{
    std::vector<std::string> contents, taken;
    for (int batch = 0; batch < 12; ++batch) {
        std::vector<store::NewMessage> messages;
        for (int i = 0; i < 1'000; ++i) {
            contents.push_back(std::to_string(contents.size()));
            messages.push_back(told(contents.back()));
        }
        accept(std::move(messages));
    }
    store->limit_callbacks(lane, contents.size());
    while (taken.size() < contents.size()) {
        std::vector<store::CallbackOutcome> told;
        for (const auto& callback : run(store->take_callbacks(1'000))) {
            taken.push_back(callback.report.value().content);
            told.push_back(outcome_of(callback, Then::done));
        }
        run(store->record_callbacks(told));
    }
    EXPECT_EQ(taken, contents);
    expect_none_waits();
}

TEST_P(CallbackStore, NoMoreAreOutThanTheEndpointMayHave)
{
    for (int i = 0; i < 20; ++i) accept(told(std::to_string(i)));
    std::vector<store::Callback> first;
    while (first.size() < store::callbacks_out_first)
        for (auto& callback : run(store->take_callbacks(100))) first.push_back(std::move(callback));
    EXPECT_EQ(first.size(), store::callbacks_out_first);
    accept(elsewhere("other"));
    EXPECT_EQ(run(store->take_callbacks(100)).at(0).url, other_url) << "nothing else may be taken";

    record(first[0], Then::done);
    accept(elsewhere("another"));
    auto next = run(store->take_callbacks(100));
    while (next.size() < 2)
        for (auto& callback : run(store->take_callbacks(100))) next.push_back(std::move(callback));
    ASSERT_EQ(next.size(), 2u);
    EXPECT_EQ(next[next[0].url == other_url].report.value().content, "8");
}

TEST_P(CallbackStore, NothingIsTakenForAnEndpointThatIsLeftAlone)
{
    store->limit_callbacks(lane, 0);
    for (int i = 0; i < 5; ++i) accept(told(std::to_string(i)));
    accept(elsewhere("other"));
    EXPECT_EQ(run(store->take_callbacks(100)).at(0).url, other_url);
    store->limit_callbacks(lane, 1);
    auto tried = run(store->take_callbacks(100));
    ASSERT_EQ(tried.size(), 1u);
    EXPECT_EQ(tried[0].report.value().content, "0");
    store->limit_callbacks(lane, 0);
    record(tried[0], Then::untried);
    auto rest = take_callbacks(5);
    for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(rest[i].report.value().content, std::to_string(i + 1));
    EXPECT_EQ(rest[4].key, tried[0].key) << "behind those that waited";
    expect_none_waits();
}

TEST_P(CallbackStore, ThoseThatWaitedInMemoryKeepTheirOrderWhenTheirEndpointIsLeftAlone)
{
    for (int i = 0; i < 3; ++i) accept(told(std::to_string(i)));
    store->limit_callbacks(lane, 0);
    for (int i = 3; i < 5; ++i) accept(told(std::to_string(i)));
    auto taken = take_callbacks(5);
    for (std::size_t i = 0; i < taken.size(); ++i)
        EXPECT_EQ(taken[i].report.value().content, std::to_string(i));
    expect_none_waits();
}

TEST_P(CallbackStore, ThoseThatWaitedInMemorySurviveARestartRightAfterTheirEndpointIsLeftAlone)
{
    for (int i = 0; i < 3; ++i) accept(told(std::to_string(i)));
    store->limit_callbacks(lane, 0);
    restart();
    auto taken = take_callbacks(3);
    for (std::size_t i = 0; i < taken.size(); ++i)
        EXPECT_EQ(taken[i].report.value().content, std::to_string(i));
    expect_none_waits();
}

TEST_P(CallbackStore, SurviveARestartAlsoWhenTheClockWasSetBackMeanwhile)
{
    accept(told("before"));
    clock.jump(-1h);
    accept(told("after"));
    restart();
    auto taken = take_callbacks(2);
    EXPECT_EQ(taken[0].report.value().content, "before");
    EXPECT_EQ(taken[1].report.value().content, "after");
}

TEST_P(CallbackStore, AreCountedWhateverBecomesOfThem)
{
    auto expect = [this](std::uint64_t pending, std::uint64_t dead) {
        for (auto* when : {"now", "after a restart"}) {
            EXPECT_EQ(waiting(), pending) << when;
            EXPECT_EQ(run(store->counts()).dead_letters, dead) << when;
            EXPECT_EQ(listed(store::CallbackState::pending).size(), pending) << when;
            restart();
        }
    };
    for (int i = 0; i < 5; ++i) accept(told(std::to_string(i)));
    expect(5, 0);
    auto taken = take_callbacks(5);
    deliver(taken[0]);
    fail(taken[1], Then::again, clock.now() + 1h);
    fail(taken[2], Then::dead);
    record(taken[3], Then::untried);
    record(taken[4], Then::done);
    expect(2, 1);
    accept(told("direct"));
    auto next = take_callbacks(2);
    EXPECT_EQ(next[0].key, taken[3].key);
    fail(next[1], Then::dead);
    expect(2, 2);
    run(store->replay_dead(account, {}));
    expect(4, 0);
}

TEST_P(CallbackStore, TheLogTellsWhatAPendingOneWaitsFor)
{
    accept(told("a"));
    auto pending = [this] { return listed(store::CallbackState::pending).at(0); };
    EXPECT_EQ(pending().waits_for, store::CallbackWait::turn);
    EXPECT_FALSE(pending().at);

    store::Callback callback = take_callback();
    fail(callback, Then::again, clock.now() + 1h);
    EXPECT_EQ(pending().waits_for, store::CallbackWait::retry);
    EXPECT_EQ(pending().at, clock.now() + 1h);

    clock.advance(1h);
    release();
    store->limit_callbacks(lane, 0, clock.now() + 5s);
    EXPECT_EQ(pending().waits_for, store::CallbackWait::endpoint);
    EXPECT_EQ(pending().at, clock.now() + 5s);
    store->limit_callbacks(lane, 4);
    EXPECT_EQ(pending().waits_for, store::CallbackWait::turn);
    EXPECT_FALSE(pending().at);
}

TEST_P(CallbackStore, GivenUpAreDeadLetters)
{
    store::NewMessage message = told("a");
    accept(message);
    store::Callback callback = take_callback();
    clock.advance(1s);
    fail(callback, Then::dead);
    expect_none_waits();
    restart();
    EXPECT_EQ(run(store->counts()).dead_letters, 1u);
    auto dead = listed(store::CallbackState::dead);
    ASSERT_EQ(dead.size(), 1u);
    EXPECT_EQ(dead[0].key, callback.key);
    EXPECT_EQ(dead[0].message, message.id);
    EXPECT_EQ(dead[0].event, message::Event::enroute_dr);
    EXPECT_EQ(dead[0].state, store::CallbackState::dead);
    EXPECT_EQ(dead[0].url, "https://example.com/hook");
    EXPECT_EQ(dead[0].attempts, 1);
    EXPECT_EQ(dead[0].since, callback.since);
    EXPECT_EQ(dead[0].at, clock.now());
    EXPECT_EQ(dead[0].last, failed(1));
    clock.advance(46 * 24h);
    release();
    EXPECT_TRUE(listed(store::CallbackState::dead).empty());
    EXPECT_TRUE(run(store->callback_attempts(callback.key.id)).empty());
}

TEST_P(CallbackStore, ThatNobodyCouldTryForThreeDaysAreDeadLetters)
{
    store->limit_callbacks(lane, 0);
    accept(told("a"));
    clock.advance(72h);
    release();
    EXPECT_EQ(waiting(), 1u);
    clock.advance(2h);
    release();
    EXPECT_EQ(waiting(), 0u);
    EXPECT_EQ(run(store->counts()).dead_letters, 1u);
    expect_none_waits();
}

TEST_P(CallbackStore, FailedAttemptsAreLogged)
{
    accept(told("a"));
    store::Callback callback = take_callback();
    for (int i = 0; i < 25; ++i) {
        fail(callback, Then::again, clock.now());
        release();
        callback = take_callback();
        EXPECT_EQ(callback.attempts, i + 1);
    }
    auto logged = run(store->callback_attempts(callback.key.id));
    ASSERT_EQ(logged.size(), static_cast<std::size_t>(store::attempts_kept));
    EXPECT_EQ(logged[0].key, callback.key);
    EXPECT_EQ(logged[0].attempt, failed(6));
    EXPECT_EQ(logged[19].attempt, failed(25));
    store::CallbackOutcome last = outcome_of(callback, Then::done);
    last.attempt = failed(26);
    last.attempt->status = 200;
    last.attempt->answer = std::string(1'000, 'x');
    run(store->record_callbacks({last}));
    logged = run(store->callback_attempts(callback.key.id));
    EXPECT_EQ(logged.back().attempt.status, 200u);
    EXPECT_EQ(logged.back().attempt.answer, std::string(store::answer_kept, 'x'));
}

TEST_P(CallbackStore, TheLogIsListedByAccountWebhookAndMessage)
{
    store::NewMessage message = told("a");
    accept(message);
    auto other = add_account("Other");
    run(store->accept(other, {told("b")}));
    auto all = listed(store::CallbackState::pending);
    ASSERT_EQ(all.size(), 2u);
    EXPECT_EQ(all[0].key.account, account);
    EXPECT_EQ(all[1].key.account, other);
    EXPECT_FALSE(all[0].at);
    EXPECT_FALSE(all[0].last);

    store::CallbackFilter filter;
    filter.account = other;
    EXPECT_EQ(listed(filter).at(0).key, all[1].key);
    filter = {};
    filter.message = message.id;
    EXPECT_EQ(listed(filter).size(), 1u);
    filter = {};
    filter.webhook = ids.next();
    EXPECT_TRUE(listed(filter).empty());
    filter = {};
    filter.after = all[0].key;
    ASSERT_EQ(listed(filter).size(), 1u);
    EXPECT_EQ(listed(filter)[0].key, all[1].key);

    store::Callback callback = take_callback();
    record(callback, Then::again, clock.now() + 30s);
    filter = {};
    filter.account = callback.key.account;
    EXPECT_EQ(listed(filter).at(0).at, clock.now() + 30s);
}

TEST_P(CallbackStore, ReportsAreConfirmedOnceAndByTheirOwner)
{
    for (int i = 0; i < 2; ++i) accept(std::vector<store::NewMessage>(1, text(std::to_string(i))));
    auto reports = run(store->reports(account));
    ASSERT_EQ(reports.size(), 2u);
    auto other = add_account("Other");
    run(store->confirm_reports(other, {reports[0].id}));
    run(store->confirm_reports(account, {ids.next()}));
    run(store->confirm_reports(account, {}));
    EXPECT_EQ(run(store->reports(account)).size(), 2u);
    EXPECT_TRUE(run(store->reports(other)).empty());
    for (int i = 0; i < 2; ++i) run(store->confirm_reports(account, {reports[0].id}));
    ASSERT_EQ(run(store->reports(account)).size(), 1u);
    EXPECT_EQ(run(store->reports(account))[0].id, reports[1].id);
}

TEST_P(CallbackStore, ListsTheOldestHundredReports)
{
    std::vector<store::NewMessage> messages;
    for (int i = 0; i < 120; ++i) messages.push_back(text(std::to_string(i)));
    accept(messages);
    auto reports = run(store->reports(account));
    ASSERT_EQ(reports.size(), store::list_max);
    EXPECT_EQ(reports[0].content, "0");
    EXPECT_EQ(reports[99].content, "99");
}

// A receipt of the last day makes a report that outlives its message by weeks.
TEST_P(CallbackStore, ReportsOfEndedMessagesHideNoNewerOnes)
{
    constexpr int late = 120;
    for (int i = 0; i < late; ++i) submit(text("old"), {std::to_string(i)});
    clock.advance(44 * 24h);
    for (int i = 0; i < late; ++i) receive(std::to_string(i), Code::delivered);
    wait(2 * 24h);
    submit(text("new"), {"new"});
    auto reports = run(store->reports(account));
    ASSERT_FALSE(reports.empty());
    for (const auto& report : reports) EXPECT_EQ(report.content, "new");
}

INSTANTIATE_TEST_SUITE_P(Store, CallbackStore, testing::ValuesIn(store_kinds), name_of);

}  // namespace

}  // namespace tidings::test
